/** softmax(q·k·scale) in double precision, as plainly as can be written. */

export interface HeadShape {
  tokens: number;
  headSize: number;
  scale: number;
}

/** Weights [key] of one query; `query` and `key` are flat [head, token, headSize]. */
export function attentionRow(
  query: Float32Array,
  key: Float32Array,
  head: number,
  index: number,
  { tokens, headSize, scale }: HeadShape,
): Float64Array {
  const at = (token: number): number => (head * tokens + token) * headSize;
  const scores = new Float64Array(tokens);
  for (let token = 0; token < tokens; token++) {
    let dot = 0;
    for (let d = 0; d < headSize; d++) {
      dot += (query[at(index) + d] ?? NaN) * (key[at(token) + d] ?? NaN);
    }
    scores[token] = dot * scale;
  }
  const top = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = scores.map((score) => Math.exp(score - top));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}

/** Largest absolute difference of two rows. */
export function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let index = 0; index < a.length; index++) {
    // NaN must not slip through a comparison.
    const difference = Math.abs((a[index] ?? NaN) - (b[index] ?? NaN));
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}

/** Half the L1 distance of two rows: the share of attention that would have to move. */
export function totalVariation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    sum += Math.abs((a[index] ?? NaN) - (b[index] ?? NaN));
  }
  return sum / 2;
}
