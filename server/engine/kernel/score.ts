/** How one score comes about, in float64: what the plain kernel computes with, and what explains a weight. */
import type { LayerShape } from './kernel';

/**
 * What one dimension adds to the similarity of a query and a key: q·k, or v·tanh(q + k)
 * where the layer is additive.
 */
export function similarityTerm(
  { additive: v }: LayerShape,
  dimension: number,
  q: number,
  k: number,
): number {
  return v ? v[dimension]! * Math.tanh(q + k) : q * k;
}

/** What distance adds to a score: −slope·|positions apart|, 0 where nothing does. */
export function distanceBias(
  { distance }: LayerShape,
  head: number,
  query: number,
  key: number,
): number {
  if (!distance) return 0;
  const { slopes, positions } = distance;
  return -slopes[head]! * Math.abs(positions[query]! - positions[key]!);
}

/** Whether the mask hides the key from the query. */
export function isMasked({ causal }: LayerShape, query: number, key: number): boolean {
  return causal && key > query;
}

/** ln Σ exp; +Infinity where all scores are −Infinity, so that their weights come out as 0. */
export function logSumExpOf(scores: Float64Array): number {
  let largest = -Infinity;
  for (const score of scores) largest = Math.max(largest, score);
  if (largest === -Infinity) return Infinity;
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - largest);
  return largest + Math.log(sum);
}
