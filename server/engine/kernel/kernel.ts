/**
 * The attention kernel: keeps Q and K of analysed windows and computes weights
 * from them when they are asked for, weight = exp(score − lse) with the score
 * scale·q·k or scale·Σ v·tanh(q + k), minus ALiBi's distance penalty.
 * The bookkeeping is FlashAttention's (Dao et al. 2022): one log-sum-exp per
 * query stands for a whole row, so any rectangle can be had without its row.
 */

/** How a layer's scores come about, and how large it is. */
export interface LayerShape {
  heads: number;
  /** Divides `heads`; several heads share one key head. */
  keyValueHeads: number;
  tokens: number;
  headSize: number;
  /** Multiplies the similarity. */
  scale: number;
  /** v [headSize]: the similarity is Σ v·tanh(q + k) (Bahdanau et al. 2015) instead of q·k. */
  additive?: Float32Array;
  /** What distance takes off a score (Press et al. 2021): slopes [head] times |positions [token] apart|. */
  distance?: { slopes: Float32Array; positions: Float32Array };
  /** A query sees the keys up to itself only. */
  causal: boolean;
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
  /** float32 [query], as {@link Kernel.logSumExp} returned it for the same bias and excluded keys. */
  logSumExp: Float32Array;
}

/** One head without what its rows sum to. */
export type Head = Omit<HeadView, 'logSumExp'>;

/** Half-open ranges of queries and keys. */
export interface Rectangle {
  queries: readonly [start: number, end: number];
  keys: readonly [start: number, end: number];
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
   * float32 [query], of all queries unless some are named; +Infinity where every key is
   * masked, so that its weights come out as 0.
   */
  logSumExp(
    head: Head,
    excluded: readonly number[],
    queries?: readonly [start: number, end: number],
  ): Float32Array;
  /** Sum over heads of the softmax of one query: float32 [key]. */
  sumRows(heads: readonly Head[], query: number, excluded: readonly number[]): Float32Array;
  /** Sum over heads of one key's column: float32 [query]. */
  sumColumns(heads: readonly HeadView[], key: number): Float32Array;
  /** Sum over heads of a rectangle: float32 [row, column], as many as the rectangle has. */
  sumBlocks(
    heads: readonly HeadView[],
    rectangle: Rectangle,
    excluded: readonly number[],
  ): Float32Array;
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

/** The head whose keys and values a head reads. */
export function keyHeadOf({ heads, keyValueHeads }: LayerShape, head: number): number {
  return Math.floor((head * keyValueHeads) / heads);
}

/** Where cell `index` of `count` begins when `length` items are divided as evenly as can be. */
export function cellStart(index: number, count: number, length: number): number {
  return Math.floor((index * length) / count);
}
