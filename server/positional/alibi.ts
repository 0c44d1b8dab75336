/** Attention with linear biases, Press et al. 2021, "Train Short, Test Long" (ICLR 2022), §3. */
import { requireHeads } from './limits';

/**
 * One slope per head, [head], all above 0. For H a power of two it is 2^(−8h/H),
 * h from 1; other counts take the slopes of the power below and fill up with every
 * second slope of the power above, as the authors' reference code does.
 */
export function alibiSlopes(heads: number): Float64Array {
  requireHeads(heads);
  const below = 2 ** Math.floor(Math.log2(heads));
  const slopes = new Float64Array(heads);
  slopes.set(geometricSlopes(below));
  geometricSlopes(2 * below)
    .filter((_, index) => index % 2 === 0)
    .subarray(0, heads - below)
    .forEach((slope, index) => (slopes[below + index] = slope));
  return slopes;
}

/**
 * What is added to a score: −slope · |query − key|, at most 0. Positions count
 * tokens; both directions fall off alike, and a causal mask hides one of them.
 */
export function alibiBias(slope: number, query: number, key: number): number {
  return slope === 0 || query === key ? 0 : -slope * Math.abs(query - key);
}

function geometricSlopes(heads: number): Float64Array {
  return Float64Array.from({ length: heads }, (_, head) => 2 ** ((-8 * (head + 1)) / heads));
}
