/** One head as the kernel reads it; the caller lays it out in memory. */

/** Ten words of four bytes in this order; server/engine/kernel/simdHead.ts writes them. */
@unmanaged
export class Head {
  query: usize;
  keys: usize;
  size: i32;
  /** Multiplies the similarity. */
  scale: f32;
  bias: usize;
  /** Blocks of eight keys. */
  blocks: i32;
  /** 1 where a query sees keys up to itself only. */
  causal: i32;
  /** [size] where the similarity is Σ v·tanh(q + k); 0 where it is q·k. */
  v: usize;
  /** What a distance of 1 takes off a score. */
  slope: f32;
  /** [key], padded to eight: where each token stands; 0 where distance does not count. */
  places: usize;
}
