import type { Alignment } from '../../server/analysis/alignment';

/** One of the two that are compared. */
export type SideIndex = 0 | 1;

/**
 * The places of both sides on one axis: pairs have one place together, what is on one side alone
 * has a place of its own, in the order of the texts and the first side's before the second's.
 */
export interface MergedAxis {
  readonly size: number;
  /** [side][place of the axis] → place on that side, −1 where it has none. */
  readonly places: readonly [Int32Array, Int32Array];
  /** [side][place on that side] → place of the axis. */
  readonly onAxis: readonly [Int32Array, Int32Array];
}

/** `counts`: how many places each side has. */
export function mergeAxis(
  { tokens, others }: Alignment,
  counts: readonly [number, number],
): MergedAxis {
  const size = counts[0] + counts[1] - tokens.length;
  const places = [new Int32Array(size).fill(-1), new Int32Array(size).fill(-1)] as const;
  const onAxis = [new Int32Array(counts[0]), new Int32Array(counts[1])] as const;
  const next = [0, 0];
  let at = 0;
  const put = (side: SideIndex, place: number): void => {
    places[side][at] = place;
    onAxis[side][place] = at;
    next[side] = place + 1;
  };
  const putUntil = (side: SideIndex, end: number): void => {
    for (let place = next[side]!; place < end; place++) {
      put(side, place);
      at++;
    }
  };
  for (let pair = 0; pair <= tokens.length; pair++) {
    putUntil(0, tokens[pair] ?? counts[0]);
    putUntil(1, others[pair] ?? counts[1]);
    if (pair === tokens.length) break;
    put(0, tokens[pair]!);
    put(1, others[pair]!);
    at++;
  }
  return { size, places, onAxis };
}

/** Places of the axis that a side does not have. */
export function absentOn({ places }: MergedAxis, side: SideIndex): Set<number> {
  const absent = new Set<number>();
  places[side].forEach((place, at) => {
    if (place < 0) absent.add(at);
  });
  return absent;
}

/** Places of the axis that only one side has. */
export function unpaired(axis: MergedAxis): Set<number> {
  return new Set([...absentOn(axis, 0), ...absentOn(axis, 1)]);
}
