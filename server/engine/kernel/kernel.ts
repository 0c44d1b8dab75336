/**
 * The attention kernel: keeps Q and K of analysed windows and computes weights
 * from them when they are asked for, weight = exp(score − lse) with the score
 * scale·q·k or scale·Σ v·tanh(q + k), bent by a soft cap, plus what distance adds.
 * The bookkeeping is FlashAttention's (Dao et al. 2022): one log-sum-exp per
 * query stands for a whole row, so any rectangle can be had without its row.
 */

/** How a layer's scores come about, and how large it is. */
export interface LayerShape {
  heads: number;
  /** Divides `heads`; several heads share one key head. */
  keyValueHeads: number;
  /** Queries; and keys, unless those are another text's. */
  tokens: number;
  /** Keys of another text (cross-attention): no mask and no distance counts between two texts. */
  keys?: number;
  headSize: number;
  /** Multiplies the similarity. */
  scale: number;
  /** v [headSize]: the similarity is Σ v·tanh(q + k) (Bahdanau et al. 2015) instead of q·k. */
  additive?: Float32Array;
  /** The scaled similarity s becomes cap·tanh(s / cap) (Gemma Team 2024, "Gemma 2"). */
  cap?: number;
  distance?: Distance;
  /** A query sees the keys up to itself only. */
  causal: boolean;
  /** A query sees the keys at most so many tokens away only. */
  window?: number;
  /** [head]: a score beside those of the keys, which takes its share of each row's softmax. */
  sinks?: Float32Array;
}

/** What the distance of two tokens does to their score. */
export interface Distance {
  /** [token]: where each stands. */
  positions: Float32Array;
  /** [head]: what each position apart takes off (Press et al. 2021). */
  slopes?: Float32Array;
  /** [head, 2 · reach + 1]: what is added where the key stands −reach … reach behind the query, further counting as that far. */
  added?: Float32Array;
}

/**
 * How queries and keys are kept. In `float16` they take half the memory, where the kernel
 * can do that; their numbers must be within its range, ±65504.
 */
export type Precision = 'float32' | 'float16';

/** One layer of one window, kept by the kernel until it is released. */
export interface StoredLayer {
  readonly shape: LayerShape;
  /** One query of a head as it is kept: float32 [headSize]. */
  queryVector(head: number, token: number): Float32Array;
  /** One key that a head reads as it is kept: float32 [headSize]. */
  keyVector(head: number, token: number): Float32Array;
  /** Idempotent. */
  release(): void;
}

/** One head together with what its rows sum to. */
export interface HeadView {
  layer: StoredLayer;
  head: number;
  /** float32 [key], added to every score of the head: a reading that weighs keys. */
  keyBias?: Float32Array;
  /** Rows are scaled over the keys alone, as if the head had no sink among {@link LayerShape.sinks}. */
  keysOnly?: boolean;
  /** float64 [query], as {@link Kernel.logSumExp} returned it for the same bias and excluded keys. */
  logSumExp: Float64Array;
}

/** One head without what its rows sum to. */
export type Head = Omit<HeadView, 'logSumExp'>;

/** [start, end) */
export type Span = readonly [start: number, end: number];

/** Numbers that are told of each row (moments.ts). */
export const MOMENTS = 3;

export interface DescribedRows {
  /** float32 [query, key] */
  rows: Float32Array;
  /** float32 [query, {@link MOMENTS}] */
  moments: Float32Array;
}

export interface PooledMap {
  /** float32 [row, column] */
  cells: Float32Array;
  /** float64 [query] */
  logSumExp: Float64Array;
}

/** The first tokens of a text can be sinks without being special (Xiao et al. 2023). */
export const FIRST_TOKENS = 4;

/** Half-open ranges of queries and keys. */
export interface Rectangle {
  queries: Span;
  keys: Span;
}

/**
 * Keys listed as `excluded` count as masked: their weight is 0 and the rest of
 * the row is normalised without them. Callers pass indices in range.
 */
export interface Kernel {
  readonly name: 'simd' | 'plain';
  /**
   * Copies float32 query [head, token, headSize] and key [keyValueHead, token, headSize]
   * in; in float32 unless said otherwise. Throws RangeError where memory ends.
   */
  store(
    shape: LayerShape,
    query: Float32Array,
    key: Float32Array,
    precision?: Precision,
  ): StoredLayer;
  /**
   * float64 [query], of all queries unless some are named; +Infinity where every key is
   * masked, so that its weights come out as 0. Sums of float32 powers, within 1e-6 of them.
   */
  logSumExp(head: Head, excluded: readonly number[], queries?: Span): Float64Array;
  /** Sum over heads of the softmaxes of queries: float32 [query, key]. */
  sumRows(heads: readonly Head[], queries: Span, excluded: readonly number[]): Float32Array;
  /** The softmaxes of queries of one head, with what each row sums to in other ways. */
  describeRows(head: Head, queries: Span): DescribedRows;
  /**
   * What each of the first tokens receives on average over all queries is below these
   * numbers: float32 [min({@link FIRST_TOKENS}, keys)]. Costs next to nothing, but
   * says 1 where the rule for scores leaves no cheap bound ({@link hasCheapBound}).
   */
  receivedAtMost(head: Head): Float32Array;
  /** Sum over heads of one key's column: float32 [query]. */
  sumColumns(heads: readonly HeadView[], key: number): Float32Array;
  /** Sum over heads of a rectangle: float32 [row, column], as many as the rectangle has. */
  sumBlocks(
    heads: readonly HeadView[],
    rectangle: Rectangle,
    excluded: readonly number[],
  ): Float32Array;
  /** As {@link maxPool} of the whole map, with the log-sum-exps that it comes by. */
  poolMap(head: Head, excluded: readonly number[], rows: number, columns: number): PooledMap;
  /**
   * Largest weight in each of rows × columns cells of a rectangle: float32 [row, column].
   * There are at most as many cells a side as the rectangle has queries or keys.
   */
  maxPool(
    head: HeadView,
    rectangle: Rectangle,
    excluded: readonly number[],
    rows: number,
    columns: number,
  ): Float32Array;
}

/** Whether scores are scale·q·k alone, and every query sees every key. */
export function hasCheapBound({ additive, cap, distance, causal, window }: LayerShape): boolean {
  return !additive && cap === undefined && !distance && !causal && window === undefined;
}

/** How many keys a row has. */
export function keyCount({ tokens, keys = tokens }: Pick<LayerShape, 'tokens' | 'keys'>): number {
  return keys;
}

/** The head whose keys and values a head reads. */
export function keyHeadOf({ heads, keyValueHeads }: LayerShape, head: number): number {
  return Math.floor((head * keyValueHeads) / heads);
}

/** Where cell `index` of `count` begins when `length` items are divided as evenly as can be. */
export function cellStart(index: number, count: number, length: number): number {
  return Math.floor((index * length) / count);
}
