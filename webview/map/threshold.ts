/** Shares of a row's mass that can be asked for; 1 is all of it. */
export const SHARES = [1, 0.95, 0.9, 0.7, 0.5] as const;

/**
 * The least weight of the smallest set of keys that holds at least `share` of a row's mass; keys
 * that weigh the same as the least of them belong to the set. 0 for a row without mass.
 *
 * @param weights of one row, none negative
 * @param share 0 … 1
 */
export function massThreshold(weights: ArrayLike<number>, share: number): number {
  let mass = 0;
  for (let key = 0; key < weights.length; key++) mass += weights[key]!;
  if (!(mass > 0)) return 0;
  const needed = share * mass;
  // All that weigh less together hold less than what may be left out.
  const least = ((1 - share) * mass) / weights.length;
  const largest = Array.from(weights)
    .filter((weight) => weight > least)
    .sort((a, b) => b - a);
  let held = 0;
  for (const weight of largest) {
    held += weight;
    if (held >= needed) return weight;
  }
  // Rounding kept the sum just below: the set is all of them.
  return largest.at(-1) ?? 0;
}
