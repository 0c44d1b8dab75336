/** How the SIMD kernel lays floats out; assembly/index.ts relies on the same numbers. */

/** Keys are packed in blocks of as many. */
export const BLOCK = 8;
/** Queries that are computed at once. */
export const LANES = 4;
export const FLOAT_BYTES = 4;
export const HALF_BYTES = 2;
export const DOUBLE_BYTES = 8;
/** float16 numbers are read and written as many at once. */
export const HALVES = 8;

/** The next multiple of a block: tokens as the kernel counts them. */
export function padded(count: number): number {
  return Math.ceil(count / BLOCK) * BLOCK;
}
