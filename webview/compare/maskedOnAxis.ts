import type { MaskedCells } from '../map/maskedCells';
import type { Span } from '../map/viewport';
import type { MergedAxis, SideIndex } from './mergedAxis';

/** The keys of the axis that each of its queries sees. */
export type SeenKeys = Pick<MaskedCells, 'seen'>;

/** What a side's model hides, on the common axis; null: nothing. Where the side has no such query, all counts as seen. */
export function maskedOnAxis(
  { size, places, onAxis }: MergedAxis,
  side: SideIndex,
  masked: SeenKeys | null,
): SeenKeys | null {
  if (!masked) return null;
  return {
    seen: (query) => {
      const place = places[side][query] ?? -1;
      if (place < 0) return [0, size];
      const [start, end] = masked.seen(place);
      const first = start === 0 ? 0 : onAxis[side][start]!;
      return [first, end === onAxis[side].length ? size : (onAxis[side][end - 1] ?? -1) + 1];
    },
  };
}

/** What either hides. */
export function maskedOnEither(first: SeenKeys | null, second: SeenKeys | null): SeenKeys | null {
  if (!first || !second) return first ?? second;
  return {
    seen: (query): Span => {
      const [start, end] = first.seen(query);
      const [otherStart, otherEnd] = second.seen(query);
      return [Math.max(start, otherStart), Math.min(end, otherEnd)];
    },
  };
}
