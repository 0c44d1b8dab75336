/** Which number of a learned table a distance gets (Raffel et al. 2020, "T5", §2.1). */

/**
 * The bucket of distances −reach … reach, reach = `maxDistance`: half of them for keys
 * after the query; of each half the first half one by one, the others logarithmically.
 * `buckets` is a multiple of 4.
 */
export function relativeBuckets(buckets: number, maxDistance: number): number[] {
  const half = buckets / 2;
  const exact = half / 2;
  const bucketOf = (distance: number): number => {
    if (distance < exact) return distance;
    const step = Math.log(distance / exact) / Math.log(maxDistance / exact);
    return Math.min(half - 1, exact + Math.floor(step * (half - exact)));
  };
  return Array.from({ length: 2 * maxDistance + 1 }, (_, at) => {
    const distance = at - maxDistance;
    return bucketOf(Math.abs(distance)) + (distance > 0 ? half : 0);
  });
}
