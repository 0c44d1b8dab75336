/** Step 3 of attention: values are added up, each by its weight. */

/**
 * Σ over keys of weight · value, row-major [query, width]; with rows of weights that
 * sum to 1 each column lies between the smallest and the largest value of it.
 * @param weights [query, key]
 * @param values [key, width]
 */
export function weightedSum(
  weights: ArrayLike<number>,
  values: ArrayLike<number>,
  width: number,
): Float64Array {
  const keys = values.length / width;
  const queries = weights.length / keys;
  const sums = new Float64Array(queries * width);
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < keys; key++) {
      const weight = weights[query * keys + key]!;
      for (let column = 0; column < width; column++) {
        sums[query * width + column]! += weight * values[key * width + column]!;
      }
    }
  }
  return sums;
}

/** What each key brings to one query's sum: weight · value, row-major [key, width]. */
export function contributions(
  weights: ArrayLike<number>,
  values: ArrayLike<number>,
  width: number,
): Float64Array {
  return Float64Array.from(
    { length: values.length },
    (_, cell) => weights[Math.floor(cell / width)]! * values[cell]!,
  );
}
