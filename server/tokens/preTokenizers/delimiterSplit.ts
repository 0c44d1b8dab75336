import type { Piece } from '../tracedText';

/** What becomes of the matches that a text is split at; named as in tokenizer.json. */
export const BEHAVIORS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;
export type Behavior = (typeof BEHAVIORS)[number];

/** A match, or the text between two matches; stretches tile a piece. Matches may be empty. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly matches: boolean;
}

/** The pieces that remain of `of` when its stretches are split in this way. */
export function splitAtMatches(
  of: Piece['of'],
  stretches: readonly Stretch[],
  behavior: Behavior,
): Piece[] {
  const pieces: { of: Piece['of']; from: number; to: number }[] = [];
  stretches.forEach(({ from, to, matches }, index) => {
    if (behavior === 'Removed' && matches) return;
    const last = pieces.at(-1);
    if (last && joinsPrevious(stretches, index, behavior)) last.to = to;
    else pieces.push({ of, from, to });
  });
  return pieces.filter(({ from, to }) => from < to);
}

function joinsPrevious(stretches: readonly Stretch[], index: number, behavior: Behavior): boolean {
  const before = stretches[index - 1]!.matches;
  const here = stretches[index]!.matches;
  if (behavior === 'Contiguous') return before === here;
  // Of several matches in a row only the one beside the text joins it.
  if (behavior === 'MergedWithPrevious') return here && !before;
  if (behavior === 'MergedWithNext') return before && !here;
  return false;
}
