import { LRUCache } from 'lru-cache';
import { ChannelError } from '../../channel/channel';
import type { Selection } from '../../server/protocol';
import type { PanelRegion } from '../protocol';
import { tileKey, type TilePlan } from './tiles';
import type { Cell } from './viewport';

/** A part of the map that is here: `values × unit` are weights. */
export interface Tile extends TilePlan {
  values: Float32Array | Uint8Array;
  unit: number;
}

/** Screens need up to 16 at once; 14 MB at the largest tile size. */
const KEPT_TILES = 24;
/** Requests under way at once: the engine answers one at a time, and the next view may need others. */
const AT_ONCE = 3;

export type AskRegion = (plan: TilePlan, signal: AbortSignal) => Promise<PanelRegion>;

/** All that is known of one map (one subject): a coarse whole and finer tiles. */
export class Picture {
  #base: Tile | null = null;
  #layers: readonly Tile[] = [];
  #max = 0;
  readonly #tiles = new LRUCache<string, Tile>({ max: KEPT_TILES });
  readonly #running = new Map<string, AbortController>();
  #wanted: TilePlan[] = [];
  #whole = '';
  /** Asking again at once would only fail again; a new picture is made when it is worth trying. */
  readonly #refused = new Set<string>();

  constructor(
    readonly subject: string,
    readonly selection: Selection,
    /** Asks for any part of this map. */
    readonly ask: AskRegion,
    private readonly changed: () => void,
    private readonly failed: (error: ChannelError) => void,
  ) {}

  /** The whole map, pooled: what is drawn where nothing finer is here yet. */
  get base(): Tile | null {
    return this.#base;
  }

  /** The largest weight of the whole map, known with the base (pooling takes maxima). */
  get max(): number {
    return this.#max;
  }

  setBase(tile: Tile): void {
    let max = 0;
    for (const value of tile.values) if (value > max) max = value;
    this.#base = tile;
    this.#max = max * tile.unit;
    this.#stack();
  }

  /** All that is here, coarse first, so that finer tiles are drawn over it; a new array when it changes. */
  get layers(): readonly Tile[] {
    return this.#layers;
  }

  /** The value drawn at a cell: exact when `pool` is 1, else the largest of pool × pool cells. */
  valueAt({ query, key }: Cell): { weight: number; pool: number } | null {
    for (const tile of this.#layers.toReversed()) {
      const row = Math.floor((query - tile.queries[0]) / tile.pool);
      const column = Math.floor((key - tile.keys[0]) / tile.pool);
      if (query < tile.queries[0] || query >= tile.queries[1]) continue;
      if (key < tile.keys[0] || key >= tile.keys[1]) continue;
      const value = tile.values[row * tile.columns + column];
      if (value !== undefined) return { weight: value * tile.unit, pool: tile.pool };
    }
    return null;
  }

  /** All weights of a query, if its exact tiles are here; the keys are 0 … count. */
  exactRow(query: number, count: number): Float32Array | null {
    const row = new Float32Array(count);
    let known = 0;
    for (const { pool, unit, queries, keys, columns, values } of this.#layers) {
      if (pool !== 1 || query < queries[0] || query >= queries[1]) continue;
      const start = (query - queries[0]) * columns;
      for (let key = keys[0]; key < keys[1]; key++)
        row[key] = values[start + key - keys[0]]! * unit;
      known += keys[1] - keys[0];
    }
    return known === count ? row : null;
  }

  /**
   * Asks for these tiles, in this order, and stops asking for others. Without a base the
   * whole map comes before them.
   */
  want(whole: TilePlan, plans: readonly TilePlan[]): void {
    const all = this.#base ? plans : [whole, ...plans];
    const keys = new Set(all.map(tileKey));
    for (const [key, abort] of this.#running) if (!keys.has(key)) abort.abort();
    this.#wanted = all.filter((plan) => {
      const key = tileKey(plan);
      return !this.#tiles.has(key) && !this.#refused.has(key);
    });
    this.#whole = tileKey(whole);
    this.#next();
  }

  stop(): void {
    this.#wanted = [];
    for (const abort of this.#running.values()) abort.abort();
  }

  #stack(): void {
    const tiles = [...this.#tiles.values()].filter((tile) => tile !== this.#base);
    tiles.sort((a, b) => b.pool - a.pool);
    this.#layers = this.#base ? [this.#base, ...tiles] : tiles;
  }

  #next(): void {
    while (this.#running.size < AT_ONCE) {
      const plan = this.#wanted.shift();
      if (!plan) return;
      // It may have been asked for, or have come, since it was wanted.
      const key = tileKey(plan);
      if (!this.#running.has(key) && !this.#tiles.has(key)) void this.#fetch(plan);
    }
  }

  async #fetch(plan: TilePlan): Promise<void> {
    const key = tileKey(plan);
    const abort = new AbortController();
    this.#running.set(key, abort);
    try {
      const region = await this.ask(plan, abort.signal);
      const { rows, columns, values } = region;
      const tile = { ...plan, rows, columns, values, unit: 1 };
      this.#tiles.set(key, tile);
      if (!this.#base && key === this.#whole) this.setBase(tile);
      else this.#stack();
      this.changed();
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      if (error.reason === 'cancelled') return;
      this.#refused.add(key);
      this.failed(error);
    } finally {
      this.#running.delete(key);
      this.#next();
    }
  }
}

/** A thumbnail as the coarse whole of its map: it is on the page already. */
export function thumbnailTile(
  { size, values, unit }: { size: number; values: Float32Array | Uint8Array; unit: number },
  tokens: number,
): Tile {
  const all = [0, tokens] as const;
  return { pool: tokens / size, queries: all, keys: all, rows: size, columns: size, values, unit };
}
