/** How far two pictures of attention are apart. */

/** Half the sum of absolute differences of two rows of weights: 0 for equal rows, 1 for disjoint ones. */
export function totalVariation(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let key = 0; key < left.length; key++) sum += Math.abs(left[key]! - right[key]!);
  return sum / 2;
}

/**
 * Total variation of the rows of two maps, averaged over rows; in [0, 1].
 * @param left row-major [query, key]
 * @param right row-major [query, key]
 */
export function meanTotalVariation(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  queries: number,
): number {
  return queries === 0 ? 0 : totalVariation(left, right) / queries;
}
