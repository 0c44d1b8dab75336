/**
 * A set of code points as the boundaries of its ranges, ascending: a code point is
 * inside when an odd number of boundaries is at or below it.
 */
export type CodePointRanges = readonly number[];

export const LAST_CODE_POINT = 0x10ffff;

/** From `low` to `high`, both included. */
export function range(low: number, high = low): CodePointRanges {
  return [low, high + 1];
}

export function contains(ranges: CodePointRanges, codePoint: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]! <= codePoint) low = middle + 1;
    else high = middle;
  }
  return (low & 1) === 1;
}

/** All code points that are in one of the sets at least. */
export function union(...sets: readonly CodePointRanges[]): CodePointRanges {
  const pairs = sets.flatMap(pairsOf).sort((a, b) => a[0] - b[0]);
  const joined: number[] = [];
  for (const [start, end] of pairs) {
    const last = joined.length - 1;
    if (last > 0 && start <= joined[last]!) joined[last] = Math.max(joined[last]!, end);
    else joined.push(start, end);
  }
  return joined;
}

/** All code points that are not in the set. */
export function complement(ranges: CodePointRanges): CodePointRanges {
  const start = ranges[0] === 0 ? ranges.slice(1) : [0, ...ranges];
  return start.at(-1) === LAST_CODE_POINT + 1
    ? start.slice(0, -1)
    : [...start, LAST_CODE_POINT + 1];
}

export function intersection(a: CodePointRanges, b: CodePointRanges): CodePointRanges {
  return complement(union(complement(a), complement(b)));
}

/** [start, end) of each range in order. */
export function pairsOf(ranges: CodePointRanges): [start: number, end: number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at < ranges.length; at += 2) pairs.push([ranges[at]!, ranges[at + 1]!]);
  return pairs;
}
