/**
 * Answers about a bundle's window from its stored maps, as the engine's readers answer from queries
 * and keys: heads are brought into the reading, their tokens into groups, and then together.
 */
import { Groups } from '../../server/engine/groups';
import { Combined, headSet, partsOf, type HeadSet } from '../../server/engine/headSet';
import { FIRST_TOKENS } from '../../server/engine/kernel/kernel';
import { visibleKeys, visibleQueries, type Mask } from '../../server/engine/kernel/score';
import { Pool, type PoolParams } from '../../server/engine/pool';
import { SINK_THRESHOLD, type HeadIndex } from '../../server/engine/sink';
import type { Selection } from '../../server/protocol';
import { pause } from '../../archive/pause';
import type { Bundle } from './bundle';
import type { StoredMaps } from './storedMaps';

/** Queries that are brought together at once. */
const BAND = 64;

/** float16 steps by 2⁻²⁴ at the least: of what is less than this, a weight would be off by more than 5e-4. */
const LEAST_LEFT = 2 ** -14;

/** What is asked for is not in the bundle, or not precisely enough. */
export class NotStored extends Error {
  constructor(readonly what: 'reading' | 'heads') {
    super(`The bundle does not hold these ${what}.`);
    this.name = 'NotStored';
  }
}

export type Asked = Pick<Selection, 'layer' | 'head' | 'heads' | 'aggregate' | 'reading' | 'merge'>;

/** What a query reads in one part of what is shown: float32 [key]. */
type ReadRow = (query: number) => Float32Array;

/** Rows whose values are added up, part by part, and how parts become one. */
interface Source {
  set: HeadSet;
  parts: readonly (readonly ReadRow[])[];
}

type Span = readonly [start: number, end: number];

export interface StoredRow {
  weights: Float32Array;
  sink: { tokens: number[]; share: number } | null;
}

export class StoredReaders {
  readonly #bundle: Bundle;
  readonly #slots: ReadonlyMap<string, number>;
  readonly #words: Int32Array;
  readonly #received = new Map<string, Float32Array>();

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
    const { layers, heads } = bundle.manifest.model;
    const listed =
      bundle.manifest.heads ??
      Array.from({ length: layers * heads }, (_, at) => [Math.floor(at / heads), at % heads]);
    this.#slots = new Map(listed.map((index, slot) => [index.join('/'), slot]));
    this.#words = Int32Array.from(bundle.words);
  }

  /**
   * float32 [row, column]: the largest or mean weight of each cell; spans count tokens, or words
   * where they are merged. Rejects with {@link NotStored}.
   */
  async region(
    asked: Asked,
    { queries, keys, rows, columns, pool }: PoolParams,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const source = this.#source(asked);
    const groups = this.#groups(asked);
    const pooled = new Pool({ queries, keys, rows, columns, pool });
    for (const band of groups.parts(queries, BAND)) {
      const combined = new Combined(source.set, (band[1] - band[0]) * (keys[1] - keys[0]));
      for (const part of source.parts) combined.add(blockOf(part, { queries: band, keys }, groups));
      pooled.add(band, combined.values);
      await pause();
      signal?.throwIfAborted();
    }
    return pooled.finish();
  }

  /** What a token reads, or who reads it. Throws {@link NotStored}. */
  row(asked: Asked, token: number, direction: 'reads' | 'readBy'): StoredRow {
    const source = this.#source(asked);
    const groups = this.#groups(asked);
    const group = asked.merge === 'words' ? this.#words[token]! : token;
    const span = groups.tokens([group, group + 1]);
    if (direction === 'readBy') return { weights: columnOf(source, span, groups), sink: null };
    const weights = rowOf(source, span, groups);
    return { weights, sink: this.#bundle.manifest.numbers ? null : this.#sink(asked, span) };
  }

  /** Thumbnails of all heads as an overview has them. Rejects with {@link NotStored}. */
  async overview(
    reading: Selection['reading'],
    wanted: number,
    signal?: AbortSignal,
  ): Promise<{ size: number; thumbnails: Uint8Array; scales: Float32Array }> {
    const { manifest, maps } = this.#bundle;
    const { layers, heads } = manifest.model;
    if (maps.thumbnails) return this.#storedThumbnails(reading, maps.thumbnails);
    const { tokens } = manifest.window;
    const size = Math.min(wanted, tokens);
    const all = { queries: [0, tokens], keys: [0, tokens], rows: size, columns: size } as const;
    const thumbnails = new Uint8Array(layers * heads * size * size);
    const scales = new Float32Array(layers * heads);
    for (let at = 0; at < layers * heads; at++) {
      const head = { ...ONE_HEAD, layer: Math.floor(at / heads), head: at % heads, reading };
      const pooled = await this.region(head, { ...LARGEST, ...mutable(all) }, signal);
      const scale = pooled.reduce((most, value) => Math.max(most, value), 0);
      scales[at] = scale;
      if (scale > 0)
        pooled.forEach(
          (value, cell) =>
            (thumbnails[at * size * size + cell] = Math.round((255 * value) / scale)),
        );
    }
    return { size, thumbnails, scales };
  }

  /** What of a selection is missing, as far as that is known without looking at rows; null: nothing. */
  lacks(asked: Asked): NotStored['what'] | null {
    try {
      this.#source(asked);
      return null;
    } catch (error) {
      if (error instanceof NotStored) return error.what;
      throw error;
    }
  }

  #storedThumbnails(
    reading: Selection['reading'],
    { size, bytes, scales }: NonNullable<Bundle['maps']['thumbnails']>,
  ): { size: number; thumbnails: Uint8Array; scales: Float32Array } {
    if (reading !== this.#bundle.manifest.selection.reading) throw new NotStored('reading');
    return { size, thumbnails: bytes, scales };
  }

  #groups({ merge }: Asked): Groups {
    const { tokens } = this.#bundle.manifest.window;
    return Groups.of(tokens, merge === 'words' ? this.#words : undefined);
  }

  #source(asked: Asked): Source {
    const { maps } = this.#bundle;
    if (asked.reading === 'rollout') return this.#rolled(asked.layer);
    const set = this.#heads(asked);
    const isHere = this.#holds(set.heads);
    if (isHere && this.#canRead(asked.reading)) {
      const read = this.#reader(asked.reading, set.heads);
      return { set, parts: partsOf(set).map((part) => part.map(read)) };
    }
    if (maps.shown && this.#isShown(asked, set)) return single(maps.shown, 0);
    throw new NotStored(isHere ? 'reading' : 'heads');
  }

  /** One map of each layer, rolled up to it. */
  #rolled(layer: number | null): Source {
    const { rollout } = this.#bundle.maps;
    if (!rollout) throw new NotStored('reading');
    return single(rollout, layer ?? rollout.count - 1);
  }

  #heads({ layer, head, heads, aggregate }: Asked): HeadSet {
    const { model } = this.#bundle.manifest;
    const from = { layers: { length: model.layers }, heads: model.heads };
    return headSet(from, { layer, head, heads, aggregate, reading: 'raw' });
  }

  #holds(heads: readonly HeadIndex[]): boolean {
    return (
      this.#bundle.maps.weights !== null &&
      heads.every(({ layer, head }) => this.#slots.has(`${layer}/${head}`))
    );
  }

  /** Whether what is asked for is what was selected; the largest of heads cannot be merged afterwards. */
  #isShown(asked: Asked, { heads }: HeadSet): boolean {
    const { selection } = this.#bundle.manifest;
    const parts = ['layer', 'head', 'heads', 'aggregate', 'reading'] as const;
    const isSame = parts.every(
      (part) => JSON.stringify(asked[part]) === JSON.stringify(selection[part]),
    );
    const merges = asked.merge === 'tokens' || asked.aggregate === 'mean' || heads.length === 1;
    return isSame && merges;
  }

  #canRead(reading: Selection['reading']): boolean {
    return reading !== 'valueWeighted' || this.#bundle.maps.valueWeighted !== null;
  }

  #reader(
    reading: Selection['reading'],
    heads: readonly HeadIndex[],
  ): (head: HeadIndex) => ReadRow {
    const { weights, valueWeighted } = this.#bundle.maps;
    const slot = ({ layer, head }: HeadIndex): number => this.#slots.get(`${layer}/${head}`)!;
    const maps = (reading === 'valueWeighted' ? valueWeighted : weights)!;
    if (reading !== 'withoutSink') return (head) => (query) => maps.row(slot(head), query);
    const sinks = this.#sinkTokens(heads);
    const least = maps.precision === 'float16' ? LEAST_LEFT : 0;
    return (head) => (query) => {
      const row = maps.row(slot(head), query);
      const [first, end] = visibleKeys(this.#mask(head.layer), query);
      const seesOthers = end - first > sinks.filter((key) => key >= first && key < end).length;
      return seesOthers ? withoutSink(row, sinks, least) : row.fill(0);
    };
  }

  /** The share of the raw row that goes to the sink; null where its heads are not here. */
  #sink(asked: Asked, [start, end]: Span): StoredRow['sink'] {
    // Of a rollout, the sink is that of the last layer's heads.
    const { layers } = this.#bundle.manifest.model;
    const raw = { ...asked, reading: 'raw' } as const;
    const top = asked.reading === 'rollout' ? { ...raw, layer: asked.layer ?? layers - 1 } : raw;
    const set = this.#heads(top);
    if (!this.#holds(set.heads)) return null;
    const tokens = this.#sinkTokens(set.heads);
    const read = this.#reader('raw', set.heads);
    const stored = this.#bundle.maps.weights!;
    const share = new Combined(set, 1);
    for (const part of partsOf(set)) {
      let sum = 0;
      for (const row of part.map(read))
        for (let query = start; query < end; query++) {
          const weights = row(query);
          const taken = tokens.reduce((total, key) => total + weights[key]!, stored.rest(weights));
          sum += taken / (end - start);
        }
      share.add(Float32Array.of(sum));
    }
    const words = asked.merge === 'words';
    const units = words ? [...new Set(tokens.map((token) => this.#words[token]!))] : tokens;
    return { tokens: units, share: share.values[0]! };
  }

  /** As the engine finds them: the template's, and first tokens that receive more than the threshold. */
  #sinkTokens(heads: readonly HeadIndex[]): number[] {
    const { tokens } = this.#bundle;
    const sinks = new Set(tokens.flatMap(({ range }, at) => (range === null ? [at] : [])));
    for (let token = 0; token < Math.min(FIRST_TOKENS, tokens.length); token++) {
      const sum = heads.reduce((total, head) => total + this.#receivedBy(head)[token]!, 0);
      if (sum / heads.length > SINK_THRESHOLD) sinks.add(token);
    }
    return [...sinks].sort((a, b) => a - b);
  }

  #mask(layer: number): Mask {
    const { model, window } = this.#bundle.manifest;
    const reach = model.windows?.[layer] ?? undefined;
    return { causal: model.causal, window: reach, tokens: window.tokens };
  }

  /** What the first tokens receive from a head, on average over the queries that see them. */
  #receivedBy({ layer, head }: HeadIndex): Float32Array {
    const name = `${layer}/${head}`;
    const known = this.#received.get(name);
    if (known) return known;
    const { weights } = this.#bundle.maps;
    const { window } = this.#bundle.manifest;
    const mask = this.#mask(layer);
    const received = new Float32Array(Math.min(FIRST_TOKENS, window.tokens));
    const sums = new Float64Array(received.length);
    for (let query = 0; query < window.tokens; query++) {
      const row = weights!.row(this.#slots.get(name)!, query);
      sums.forEach((_, key) => (sums[key]! += row[key]!));
    }
    received.forEach((_, key) => {
      const [start, end] = visibleQueries(mask, key);
      received[key] = sums[key]! / (end - start);
    });
    this.#received.set(name, received);
    return received;
  }
}

const ONE_HEAD = { heads: null, aggregate: 'mean', merge: 'tokens' } as const;
const LARGEST = { pool: 'max' } as const;

function mutable<T extends { queries: Span; keys: Span }>({
  queries,
  keys,
  ...rest
}: T): Omit<T, 'queries' | 'keys'> & Pick<PoolParams, 'queries' | 'keys'> {
  return { ...rest, queries: [queries[0], queries[1]], keys: [keys[0], keys[1]] };
}

/** A single map as what is shown. */
function single(maps: StoredMaps, at: number): Source {
  const set: HeadSet = { heads: [{ layer: 0, head: 0 }], aggregate: 'mean' };
  return { set, parts: [[(query) => maps.row(at, query)]] };
}

/**
 * The row without those keys, scaled to sum to 1 over the others. Throws {@link NotStored} where less than `least` is
 * left of it.
 */
function withoutSink(row: Float32Array, sinks: readonly number[], least: number): Float32Array {
  for (const key of sinks) row[key] = 0;
  const rest = row.reduce((sum, weight) => sum + weight, 0);
  if (rest < least) throw new NotStored('reading');
  return rest > 0 ? row.map((weight) => weight / rest) : row;
}

/** Sum over rows of a rectangle of groups: float32 [query group, key group]. */
function blockOf(
  part: readonly ReadRow[],
  { queries, keys }: { queries: Span; keys: Span },
  groups: Groups,
): Float32Array {
  const [start, end] = groups.tokens(queries);
  const [first, last] = groups.tokens(keys);
  const width = last - first;
  const sum = new Float32Array((end - start) * width);
  for (const read of part)
    for (let query = start; query < end; query++) {
      const row = read(query);
      const at = (query - start) * width - first;
      for (let key = first; key < last; key++) sum[at + key]! += row[key]!;
    }
  if (groups.trivial) return sum;
  const merged = new Float32Array((queries[1] - queries[0]) * (keys[1] - keys[0]));
  groups.addBlock(merged, { queries, keys }, sum, [start, end]);
  return merged;
}

/** What the tokens of a span read on average: float32 [group]. */
function rowOf({ set, parts }: Source, [start, end]: Span, groups: Groups): Float32Array {
  const combined = new Combined(set, groups.count);
  for (const part of parts) {
    const sum = new Float32Array(part[0]!(start).length);
    for (const read of part)
      for (let query = start; query < end; query++)
        read(query).forEach((weight, key) => (sum[key]! += weight / (end - start)));
    combined.add(groups.sumKeys(sum));
  }
  return combined.values;
}

/** What goes to the keys of a span together: float32 [group]. */
function columnOf({ set, parts }: Source, [start, end]: Span, groups: Groups): Float32Array {
  const combined = new Combined(set, groups.count);
  for (const part of parts) {
    const column = new Float32Array(part[0]!(start).length);
    for (const read of part)
      for (let query = 0; query < column.length; query++) {
        const row = read(query);
        for (let key = start; key < end; key++) column[query]! += row[key]!;
      }
    combined.add(groups.meanQueries(column));
  }
  return combined.values;
}
