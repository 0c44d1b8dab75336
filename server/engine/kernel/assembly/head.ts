/** One head as the kernel reads it; the caller lays it out in memory. */

/** Sixteen words of four bytes in this order and one of eight; server/engine/kernel/simdHead.ts writes them. */
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
  /** Keys more than so many tokens after the query are masked. */
  ahead: i32;
  /** [size] where the similarity is Σ v·tanh(q + k); 0 where it is q·k. */
  v: usize;
  /** What a distance of 1 takes off a score. */
  slope: f32;
  /** [key], padded to eight: where each token stands; 0 where distance does not count. */
  places: usize;
  /** Keys more than so many tokens before the query are masked. */
  behind: i32;
  /** A score s becomes cap·tanh(s / cap); 0 where it stays as it is. */
  cap: f32;
  /** [key] of zeros, where there is a cap. */
  zeros: usize;
  /** [2 · reach + 1]: what a key adds that stands −reach … reach behind the query; 0 where none does. */
  added: usize;
  reach: i32;
  /** A score beside those of the keys; −∞ where there is none. */
  sink: f32;
  /** As `scale`, not rounded. */
  exactScale: f64;
}
