/** What a row of weights sums to in other ways. */

/** Of one row [key]: −Σ w·log₂ w, Σ w·|query − key| and Σ w·(query − key)². */
export function momentsOf(
  query: number,
  row: Float32Array,
): [entropy: number, distance: number, squaredDistance: number] {
  let [entropy, distance, squaredDistance] = [0, 0, 0];
  for (let key = 0; key < row.length; key++) {
    const weight = row[key]!;
    if (weight === 0) continue;
    const apart = Math.abs(query - key);
    entropy -= weight * Math.log2(weight);
    distance += weight * apart;
    squaredDistance += weight * apart * apart;
  }
  return [entropy, distance, squaredDistance];
}
