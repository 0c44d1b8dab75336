/** Step 2 of attention: scores become weights. */

/**
 * exp(score) ÷ Σ exp(score), each row of [row, column] by itself; the largest score is
 * taken off first, which changes nothing but the size of the powers. Rows sum to 1;
 * −∞ gets weight 0, and a row of nothing else is all zeros.
 */
export function softmaxRows(scores: ArrayLike<number>, columns: number): Float64Array {
  const weights = new Float64Array(scores.length);
  for (let start = 0; start < scores.length; start += columns) {
    let largest = -Infinity;
    for (let key = 0; key < columns; key++) largest = Math.max(largest, scores[start + key]!);
    if (largest === -Infinity) continue;
    let sum = 0;
    for (let key = 0; key < columns; key++) {
      const power = Math.exp(scores[start + key]! - largest);
      weights[start + key] = power;
      sum += power;
    }
    for (let key = 0; key < columns; key++) weights[start + key]! /= sum;
  }
  return weights;
}
