/** Which number of a learned table a distance gets (Raffel et al. 2020, "T5", §2.1). */

/**
 * The bucket of distances −reach … reach, reach = `maxDistance`: half of them for keys
 * after the query; of each half the first half one by one, the others logarithmically.
 * `buckets` is a multiple of 4.
 */
export function relativeBuckets(buckets: number, maxDistance: number): number[] {
  const half = buckets / 2;
  const bucketOf = bucketsOneWay(half, maxDistance);
  return Array.from({ length: 2 * maxDistance + 1 }, (_, at) => {
    const distance = at - maxDistance;
    return bucketOf(Math.abs(distance)) + (distance > 0 ? half : 0);
  });
}

/** As {@link relativeBuckets} where keys after the query are masked: all `buckets`, an even number, are for those before it. */
export function earlierBuckets(buckets: number, maxDistance: number): number[] {
  const bucketOf = bucketsOneWay(buckets, maxDistance);
  return Array.from({ length: 2 * maxDistance + 1 }, (_, at) =>
    bucketOf(Math.max(0, maxDistance - at)),
  );
}

/** Of the distances to one side. */
function bucketsOneWay(buckets: number, maxDistance: number): (distance: number) => number {
  const exact = buckets / 2;
  return (distance) => {
    if (distance < exact) return distance;
    const step = Math.log(distance / exact) / Math.log(maxDistance / exact);
    return Math.min(buckets - 1, exact + Math.floor(step * (buckets - exact)));
  };
}
