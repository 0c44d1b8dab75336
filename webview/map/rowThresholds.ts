import { ChannelError } from '../../channel/channel';
import type { AskRegion, Picture } from './picture';
import { massThreshold } from './threshold';
import { TILE_SIDE } from './tiles';
import type { Span } from './viewport';

/** Values that fit into one answer. */
const BAND_VALUES = TILE_SIDE * TILE_SIDE;
/** Rows whose threshold is found in one frame. */
const ROWS_A_FRAME = 512;

/**
 * For each row of a map the least weight within the keys that hold a share of its mass, for rows
 * in sight. They need whole rows: from the map's own exact tiles where those cover them, else
 * asked for in bands.
 */
export class RowThresholds {
  readonly picture: Picture;
  readonly share: number;
  readonly #count: number;
  readonly #ask: AskRegion;
  readonly #changed: () => void;
  #values: Float32Array;
  #running: AbortController | null = null;
  #refused = false;

  constructor(picture: Picture, count: number, share: number, ask: AskRegion, changed: () => void) {
    this.picture = picture;
    this.share = share;
    this.#count = count;
    this.#ask = ask;
    this.#changed = changed;
    this.#values = new Float32Array(count).fill(NaN);
  }

  /** By query; NaN where it is not known yet. A new array whenever one is. */
  get values(): Float32Array {
    return this.#values;
  }

  /** `covered`: the map's tiles in sight hold these rows whole, or will. */
  want(rows: Span, covered: boolean): void {
    const found = this.#fromTiles(rows);
    if (found) {
      this.#values = found;
      this.#changed();
    }
    const next = this.#unknown(this.#values, rows);
    if (next !== null && !covered && !this.#running && !this.#refused)
      void this.#fetch([next, Math.min(rows[1], next + this.#bandRows)]);
  }

  stop(): void {
    this.#running?.abort();
  }

  get #bandRows(): number {
    return Math.max(1, Math.floor(BAND_VALUES / this.#count));
  }

  #unknown(values: Float32Array, [start, end]: Span): number | null {
    for (let query = start; query < end; query++) if (Number.isNaN(values[query])) return query;
    return null;
  }

  #fromTiles([start, end]: Span): Float32Array | null {
    let left = ROWS_A_FRAME;
    let values: Float32Array | null = null;
    for (let query = start; query < end && left > 0; query++) {
      if (!Number.isNaN(this.#values[query])) continue;
      const row = this.picture.exactRow(query, this.#count);
      if (!row) continue;
      values ??= this.#values.slice();
      values[query] = massThreshold(row, this.share);
      left--;
    }
    return values;
  }

  async #fetch(queries: Span): Promise<void> {
    const abort = (this.#running = new AbortController());
    const columns = this.#count;
    const keys = [0, columns] as const;
    const rows = queries[1] - queries[0];
    try {
      const region = await this.#ask({ pool: 1, queries, keys, rows, columns }, abort.signal);
      const values = this.#values.slice();
      for (let row = 0; row < rows; row++) {
        const weights = region.values.subarray(row * columns, (row + 1) * columns);
        values[queries[0] + row] = massThreshold(weights, this.share);
      }
      this.#values = values;
    } catch (error) {
      // Without it nothing is faded; the map itself says what is wrong.
      if (!(error instanceof ChannelError)) throw error;
      this.#refused = error.reason !== 'cancelled';
    } finally {
      this.#running = null;
      this.#changed();
    }
  }
}
