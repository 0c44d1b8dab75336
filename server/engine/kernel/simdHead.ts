/** A head in the memory of the SIMD kernel, as assembly/head.ts reads it. */
import { BLOCK, FLOAT_BYTES, padded } from './packing';
import type { Arena } from './arena';
import type { LayerShape } from './kernel';

/** Ten words, rounded up to the arena's alignment. */
export const HEAD_BYTES = 48;

/** What stays in the kernel's memory as long as a layer: addresses, 0 where there is nothing. */
export interface RuleAddresses {
  /** float32 [headSize] */
  v: number;
  /** float32 [padded token] */
  places: number;
}

/** Addresses of one head's queries and packed keys, and of the masks of the operation. */
export interface HeadAddresses {
  query: number;
  keys: number;
  bias: number;
}

/** Writes a head's ten words to `at`. */
export function writeHead(
  arena: Arena,
  at: number,
  shape: LayerShape,
  head: number,
  { query, keys, bias }: HeadAddresses,
  { v, places }: RuleAddresses,
): void {
  const words = new DataView(arena.memory.buffer, at, HEAD_BYTES);
  const integers = [
    [0, query],
    [1, keys],
    [2, shape.headSize],
    [4, bias],
    [5, padded(shape.tokens) / BLOCK],
    [6, Number(shape.causal)],
    [7, v],
    [9, places],
  ] as const;
  for (const [word, value] of integers) words.setUint32(word * FLOAT_BYTES, value, true);
  words.setFloat32(3 * FLOAT_BYTES, shape.scale, true);
  words.setFloat32(8 * FLOAT_BYTES, shape.distance?.slopes[head] ?? 0, true);
}
