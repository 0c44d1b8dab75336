/** A head in the memory of the SIMD kernel, as assembly/head.ts reads it. */
import { BLOCK, FLOAT_BYTES, padded } from './packing';
import type { Arena } from './arena';
import { reachOf } from './score';
import { keyCount, type LayerShape } from './kernel';

/** Sixteen words and one of eight bytes. */
export const HEAD_BYTES = 72;

/** Stands for any number of tokens, and leaves room to add some. */
const UNLIMITED = 2 ** 30;

/** What stays in the kernel's memory as long as a layer: addresses, 0 where there is nothing. */
export interface RuleAddresses {
  /** float32 [headSize] */
  v: number;
  /** float32 [padded token] */
  places: number;
  /** float32 [head, 2 · reach + 1] */
  added: number;
}

/** Addresses of one head's queries and packed keys, and of the masks of the operation, and its sink. */
export interface HeadAddresses {
  query: number;
  keys: number;
  bias: number;
  /** What takes its share of each row beside the keys; −Infinity where nothing does. */
  sink: number;
  /** float32 [padded token] of zeros; 0 where the layer has no cap. */
  zeros: number;
}

/** Writes a head's words to `at`. */
export function writeHead(
  arena: Arena,
  at: number,
  shape: LayerShape,
  head: number,
  { query, keys, bias, sink, zeros }: HeadAddresses,
  { v, places, added }: RuleAddresses,
): void {
  const words = new DataView(arena.memory.buffer, at, HEAD_BYTES);
  const { causal, window = UNLIMITED, distance } = shape;
  const distances = (distance?.added?.length ?? 0) / shape.heads;
  const integers = [
    [0, query],
    [1, keys],
    [2, shape.headSize],
    [4, bias],
    [5, padded(keyCount(shape)) / BLOCK],
    [6, causal ? 0 : window],
    [7, v],
    [9, places],
    [10, window],
    [12, zeros],
    [13, added && added + head * distances * FLOAT_BYTES],
    [14, added && reachOf(distances)],
  ] as const;
  for (const [word, value] of integers) words.setUint32(word * FLOAT_BYTES, value, true);
  words.setFloat32(3 * FLOAT_BYTES, shape.scale, true);
  words.setFloat32(8 * FLOAT_BYTES, distance?.slopes?.[head] ?? 0, true);
  words.setFloat32(11 * FLOAT_BYTES, shape.cap ?? 0, true);
  words.setFloat32(15 * FLOAT_BYTES, sink, true);
  words.setFloat64(16 * FLOAT_BYTES, shape.scale, true);
}
