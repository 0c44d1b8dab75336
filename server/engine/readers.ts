/**
 * Answers about one window: rows, columns, regions and the overview, each in the
 * raw reading, without the sink, or with each weight times the length of what it
 * brings (Kobayashi et al. 2020). A learned sink takes its share in the raw reading; in the
 * others, rows are scaled over the keys alone. Several heads become one by their mean or their largest
 * weight; each is first brought into the reading, and its tokens into groups.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { groupsOf, type Groups } from './groups';
import { Combined, headSet, partsOf, type HeadSet } from './headSet';
import { Pool } from './pool';
import { askedTokens, checkRegion, checkSize } from './questions';
import { sinkTokens, type HeadIndex } from './sink';
import type {
  HeadSelection,
  OverviewAnswer,
  OverviewParams,
  RegionParams,
  RowAnswer,
  RowParams,
} from './protocol';
import type { Head, HeadView, Kernel, Rectangle, Span } from './kernel/kernel';
import type { Reading } from '../protocol';
import type { LogValueNorms } from './valueNorms';
import type { AnalysedWindow } from './window';

/** Queries that are in memory at once while a region is summed over heads and pooled. */
const BAND = 64;

/** Called between heads of a long computation; lets messages in and throws when it is to stop. */
export type Breathe = () => Promise<void>;

/** Breathes, and fails with `unknownWindow` if the window was forgotten meanwhile. */
export function breatheWith(window: AnalysedWindow, breathe: Breathe): Breathe {
  return async () => {
    await breathe();
    window.assertKept();
  };
}

/** A selection resolved against a window: which heads in which reading, which keys are left out. */
interface Scope extends HeadSet {
  reading: Reading;
  excluded: readonly number[];
}

export class Readers {
  readonly #kernel: Kernel;
  readonly #logValueNorms: LogValueNorms;

  constructor(kernel: Kernel, logValueNorms: LogValueNorms) {
    this.#kernel = kernel;
    this.#logValueNorms = logValueNorms;
  }

  row(window: AnalysedWindow, params: Omit<RowParams, 'window'>): RowAnswer {
    const queries = askedTokens(params, window.tokens);
    const { keys: groups } = groupsOf(window, params);
    const set = this.#heads(window, params);
    const tokens = sinkTokens(window, set.heads);
    const { reading } = params;
    const raw = this.#row(
      window,
      { ...set, reading: 'raw', excluded: [] },
      queries,
      groups,
      tokens,
    );
    const sink = { tokens, share: raw.at(-1)! };
    const excluded = reading === 'withoutSink' ? tokens : [];
    const read =
      reading === 'raw'
        ? raw
        : this.#row(window, { ...set, reading, excluded }, queries, groups, tokens);
    return { weights: read.slice(0, -1), sink };
  }

  column(window: AnalysedWindow, params: Omit<RowParams, 'window'>): RowAnswer {
    const [start, end] = askedTokens(params, window.keys);
    const { queries: groups } = groupsOf(window, params);
    const scope = this.#scope(window, params);
    const combined = new Combined(scope, groups.count);
    for (const part of partsOf(scope)) {
      const views = part.map((head) => this.#view(window, head, scope));
      const column = new Float32Array(window.tokens);
      for (let key = start; key < end; key++) {
        if (!scope.excluded.includes(key)) addTo(column, this.#kernel.sumColumns(views, key));
      }
      combined.add(groups.meanQueries(column));
    }
    return { weights: combined.values, sink: null };
  }

  /** float32 [row, column]: the largest or mean weight of each cell. */
  async region(
    window: AnalysedWindow,
    params: Omit<RegionParams, 'window'>,
    breathe: Breathe,
  ): Promise<Float32Array> {
    const groups = groupsOf(window, params);
    checkRegion(params, groups.queries, groups.keys);
    const scope = this.#scope(window, params);
    const [head, ...others] = scope.heads;
    if (isTrivial(groups) && params.pool === 'max' && head && others.length === 0) {
      if (isWhole(params.queries, window.tokens) && isWhole(params.keys, window.keys))
        return this.#map(window, head, scope, params);
      const view = this.#view(window, head, scope);
      return this.#kernel.maxPool(view, params, scope.excluded, params.rows, params.columns);
    }
    return this.#pooled(window, scope, params, groups, breatheWith(window, breathe));
  }

  async overview(
    window: AnalysedWindow,
    { reading, size }: Omit<OverviewParams, 'window'>,
    breathe: Breathe,
  ): Promise<OverviewAnswer> {
    const { heads } = window;
    const layers = window.layers.length;
    checkSize('size', size, Math.min(window.tokens, window.keys));
    const pause = breatheWith(window, breathe);
    const thumbnails = new Uint8Array(layers * heads * size * size);
    const scales = new Float32Array(layers * heads);
    for (let layer = 0; layer < layers; layer++) {
      for (let head = 0; head < heads; head++) {
        await pause();
        const at = layer * heads + head;
        if (window.layers[layer] === null) {
          scales[at] = Number.NaN;
          continue;
        }
        const scope = this.#scope(window, { layer, head, reading });
        const pooled = this.#map(window, { layer, head }, scope, { rows: size, columns: size });
        scales[at] = toBytes(pooled, thumbnails.subarray(at * size * size));
      }
    }
    return { thumbnails, scales };
  }

  /** Brings bands of queries together over the heads, pools each band, and never holds the whole map. */
  async #pooled(
    window: AnalysedWindow,
    scope: Scope,
    params: Omit<RegionParams, 'window'>,
    groups: BothGroups,
    breathe: Breathe,
  ): Promise<Float32Array> {
    const { keys } = params;
    const pool = new Pool(params);
    const parts = partsOf(scope);
    for (const queries of groups.queries.parts(params.queries, BAND)) {
      const combined = new Combined(scope, (queries[1] - queries[0]) * (keys[1] - keys[0]));
      for (const part of parts) {
        await breathe();
        combined.add(this.#block(window, part, scope, { queries, keys }, groups));
      }
      pool.add(queries, combined.values);
    }
    return pool.finish();
  }

  /** Sum over heads of a rectangle of groups: float32 [query group, key group]. */
  #block(
    window: AnalysedWindow,
    part: readonly HeadIndex[],
    scope: Scope,
    rectangle: Rectangle,
    groups: BothGroups,
  ): Float32Array {
    const [start, end] = groups.queries.tokens(rectangle.queries);
    const keys = groups.keys.tokens(rectangle.keys);
    if (isTrivial(groups))
      return this.#weights(window, part, scope, { queries: [start, end], keys });
    const [height, width] = [rectangle.queries, rectangle.keys].map(([from, to]) => to - from);
    const sum = new Float32Array(height! * width!);
    for (let from = start; from < end; from += BAND) {
      const queries = [from, Math.min(from + BAND, end)] as const;
      const block = this.#weights(window, part, scope, { queries, keys });
      groups.queries.addBlock(sum, rectangle, block, queries, groups.keys);
    }
    return sum;
  }

  /** Sum over heads of a rectangle of tokens: float32 [query, key]. Whole rows need no log-sum-exps. */
  #weights(
    window: AnalysedWindow,
    part: readonly HeadIndex[],
    scope: Scope,
    rectangle: Rectangle,
  ): Float32Array {
    const { excluded } = scope;
    if (isWhole(rectangle.keys, window.keys)) {
      const stored = part.map((head) => this.#stored(window, head, scope));
      return this.#kernel.sumRows(stored, rectangle.queries, excluded);
    }
    const views = part.map((head) => this.#view(window, head, scope));
    return this.#kernel.sumBlocks(views, rectangle, excluded);
  }

  /** What queries read on average, float32 [key group], and behind that what of it goes to the given sinks. */
  #row(
    window: AnalysedWindow,
    scope: Scope,
    [start, end]: readonly [number, number],
    groups: Groups,
    sinks: readonly number[],
  ): Float32Array {
    const combined = new Combined(scope, groups.count + 1);
    for (const part of partsOf(scope)) {
      const stored = part.map((head) => this.#stored(window, head, scope));
      const row = meanRow(this.#kernel.sumRows(stored, [start, end], scope.excluded), window.keys);
      const share = sinks.reduce((total, key) => total + row[key]!, drained(window, part, row));
      const merged = new Float32Array(groups.count + 1);
      merged.set(groups.sumKeys(row));
      merged[groups.count] = share;
      combined.add(merged);
    }
    return combined.values;
  }

  #scope(window: AnalysedWindow, selection: HeadSelection): Scope {
    const set = this.#heads(window, selection);
    const { reading } = selection;
    const excluded = reading === 'withoutSink' ? sinkTokens(window, set.heads) : [];
    return { ...set, reading, excluded };
  }

  #map(
    window: AnalysedWindow,
    { layer, head }: HeadIndex,
    { reading, excluded }: Scope,
    { rows, columns }: { rows: number; columns: number },
  ): Float32Array {
    const keyBias = this.#keyBias(window, { layer, head }, reading);
    const keysOnly = reading !== 'raw';
    return window.pooledMap(layer, head, { excluded, keyBias, keysOnly, rows, columns });
  }

  /** A head without what its rows sum to. */
  #stored(window: AnalysedWindow, { layer, head }: HeadIndex, { reading }: Scope): Head {
    const keyBias = this.#keyBias(window, { layer, head }, reading);
    return { layer: window.layer(layer), head, keyBias, keysOnly: reading !== 'raw' };
  }

  #view(
    window: AnalysedWindow,
    { layer, head }: HeadIndex,
    { reading, excluded }: Scope,
  ): HeadView {
    const keyBias = this.#keyBias(window, { layer, head }, reading);
    return window.view(layer, head, excluded, keyBias, reading !== 'raw');
  }

  /** weight · ‖f(x)‖, renormalised, is the softmax of score + ln‖f(x)‖. */
  #keyBias(
    window: AnalysedWindow,
    { layer, head }: HeadIndex,
    reading: Reading,
  ): Float32Array | undefined {
    return reading === 'valueWeighted' ? this.#logValueNorms(window, layer, head) : undefined;
  }

  #heads(window: AnalysedWindow, selection: HeadSelection): HeadSet {
    if (selection.reading === 'rollout') {
      throw new ChannelError(
        'badRequest',
        l10n.t('Rollout mixes the heads of a layer, so there is none of a single head.'),
      );
    }
    return headSet(window, selection);
  }
}

/** What learned sinks take of the mean of a part's rows: all that the keys leave. */
function drained(window: AnalysedWindow, part: readonly HeadIndex[], row: Float32Array): number {
  const learned = part.some(({ layer }) => window.layer(layer).shape.sinks !== undefined);
  if (!learned) return 0;
  return Math.max(
    0,
    row.reduce((left, weight) => left - weight, part.length),
  );
}

/** Writes bytes of which 255 stands for the largest value, and returns that value. */
function toBytes(values: Float32Array, bytes: Uint8Array): number {
  let scale = 0;
  for (const value of values) scale = Math.max(scale, value);
  if (scale > 0) values.forEach((value, at) => (bytes[at] = Math.round((255 * value) / scale)));
  return scale;
}

function addTo(sum: Float32Array, values: Float32Array): void {
  values.forEach((value, at) => (sum[at]! += value));
}

function isWhole([start, end]: Span, count: number): boolean {
  return start === 0 && end === count;
}

/** Those of the queries, and those of the keys. */
interface BothGroups {
  queries: Groups;
  keys: Groups;
}

function isTrivial({ queries, keys }: BothGroups): boolean {
  return queries.trivial && keys.trivial;
}

/** The mean of float32 [row, key] over its rows. */
function meanRow(rows: Float32Array, width: number): Float32Array {
  const count = rows.length / width;
  if (count === 1) return rows;
  const sum = new Float32Array(width);
  for (let from = 0; from < rows.length; from += width)
    addTo(sum, rows.subarray(from, from + width));
  return sum.map((weight) => weight / count);
}
