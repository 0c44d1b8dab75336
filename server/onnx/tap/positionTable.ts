/** The numbers of a learned position table that a graph adds to the tokens' vectors. */
import { ElementType } from '../schema';
import type { LookedUp } from './facts';
import { countOf, numbersOf, type ReadExternal } from './tensor';

export interface PositionTable {
  /** Positions that a token can have. */
  rows: number;
  width: number;
  /** float32 [position, width] */
  values: Float32Array;
}

/** Quantised tables hold whole numbers, which are nothing without their scales. */
const FLOATS: ReadonlySet<number> = new Set([
  ElementType.float32,
  ElementType.float16,
  ElementType.bfloat16,
  ElementType.float64,
]);

/** 128 MiB; a context of 8,192 positions in 4,096 dimensions. */
const MOST = 2 ** 25;

/** From the first token's row on; null where the numbers are not stored as such, are too many, or are not to be had. */
export function readPositionTable(
  { table, first }: LookedUp,
  read: ReadExternal,
): PositionTable | null {
  const [, width = 0] = table.dims;
  if (!FLOATS.has(table.type) || countOf(table.dims) > MOST) return null;
  const numbers = numbersOf(table, MOST, read);
  if (!numbers) return null;
  const values = Float32Array.from(numbers.subarray(first * width));
  return { rows: values.length / width, width, values };
}

/** Of a row's squared length, what float16 leaves. */
const ROUNDING = 2e-3;

/**
 * Whether the rows are sines and cosines in pairs (Vaswani et al. 2017, §3.5), however these are arranged:
 * each pair of squares sums to 1, so that every row's squared length is half its width. Nothing learned
 * has rows of one length.
 */
export function holdsSines({ rows, width, values }: PositionTable): boolean {
  if (rows < 2 || width % 2 !== 0) return false;
  for (let row = 0; row < rows; row++) {
    const squared = values
      .subarray(row * width, (row + 1) * width)
      .reduce((sum, value) => sum + value * value, 0);
    if (Math.abs(squared / (width / 2) - 1) > ROUNDING) return false;
  }
  return true;
}
