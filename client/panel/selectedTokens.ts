import type { Range } from '../../server/protocol';
import { compare } from '../overlay/visible';

/**
 * The tokens that share a character with what is selected, half-open; null for fewer than two: of
 * one the cursor tells. `ranges`: [token], null for the template's.
 */
export function selectedTokens(
  ranges: readonly (Range | null)[],
  selected: Range | null,
): [start: number, end: number] | null {
  if (!selected) return null;
  const isIn = (range: Range | null): boolean =>
    range !== null &&
    compare(range.start, selected.end) < 0 &&
    compare(selected.start, range.end) < 0;
  const start = ranges.findIndex(isIn);
  const last = ranges.findLastIndex(isIn);
  return start >= 0 && last > start ? [start, last + 1] : null;
}
