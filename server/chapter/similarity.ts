/** Step 1 of attention: how alike a query and each key are. */
import type { Similarity } from './controls';

/**
 * What the additive score's v holds in every place, for vectors of a width: its
 * length is 1, so that the score stays comparable when the width changes.
 */
export function additiveWeight(width: number): number {
  return 1 / Math.sqrt(width);
}

/**
 * Similarity of every query with every key, row-major [query, key], before any scaling.
 * `dot` and `scaledDot`: q·k (Vaswani et al. 2017, §3.2.1). `additive`: v·tanh(q + k),
 * with v = 1/√width in every place and W_q = W_k = identity (Bahdanau et al. 2015,
 * §3.1 and A.1.2).
 * @param queries [query, width]
 * @param keys [key, width]
 */
export function similarities(
  kind: Similarity,
  queries: ArrayLike<number>,
  keys: ArrayLike<number>,
  width: number,
): Float64Array {
  const pair = kind === 'additive' ? additiveScore : dotScore;
  const columns = keys.length / width;
  const scores = new Float64Array((queries.length / width) * columns);
  for (let cell = 0; cell < scores.length; cell++) {
    const query = Math.floor(cell / columns);
    scores[cell] = pair(queries, query * width, keys, (cell % columns) * width, width);
  }
  return scores;
}

/** What similarities are divided by: √d_k for the scaled dot, else 1. */
export function scoreDivisor(kind: Similarity, keyWidth: number): number {
  return kind === 'scaledDot' ? Math.sqrt(keyWidth) : 1;
}

function dotScore(
  queries: ArrayLike<number>,
  queryStart: number,
  keys: ArrayLike<number>,
  keyStart: number,
  width: number,
): number {
  let sum = 0;
  for (let column = 0; column < width; column++) {
    sum += queries[queryStart + column]! * keys[keyStart + column]!;
  }
  return sum;
}

function additiveScore(
  queries: ArrayLike<number>,
  queryStart: number,
  keys: ArrayLike<number>,
  keyStart: number,
  width: number,
): number {
  let sum = 0;
  for (let column = 0; column < width; column++) {
    sum += Math.tanh(queries[queryStart + column]! + keys[keyStart + column]!);
  }
  return sum * additiveWeight(width);
}
