import type { Regex } from '../regex/regex';
import type { Piece } from '../tracedText';
import { splitAtMatches, type Behavior, type Stretch } from './delimiterSplit';
import type { Cut, PreTokenizer } from './preTokenizer';

/** Splits at the matches of a pattern. */
export class SplitPreTokenizer implements PreTokenizer {
  readonly cut: Cut;

  /** @param invert whether what lies between the matches counts as the matches */
  constructor(
    private readonly pattern: Regex,
    private readonly behavior: Behavior,
    private readonly invert: boolean,
  ) {
    this.cut = cutOf(pattern, behavior, invert);
  }

  split(piece: Piece): Piece[] {
    return splitAtMatches(piece.of, stretchesOf(piece, this.pattern, this.invert), this.behavior);
  }
}

function cutOf(pattern: Regex, behavior: Behavior, invert: boolean): Cut {
  if (!pattern.cutBeforeSpace || behavior.startsWith('Merged')) return 'none';
  const apart = pattern.matchesAnySpace && behavior !== 'Contiguous' && !invert;
  return apart ? 'beforeSpace' : 'throughSpace';
}

/** The matches of a pattern in a piece, and what lies between them. */
export function stretchesOf({ of, from, to }: Piece, pattern: Regex, invert: boolean): Stretch[] {
  const stretches: Stretch[] = [];
  let done = from;
  for (const { start, end } of pattern.matches(of.text, from, to)) {
    if (done < start) stretches.push({ from: done, to: start, matches: invert });
    stretches.push({ from: start, to: end, matches: !invert });
    done = end;
  }
  if (done < to) stretches.push({ from: done, to, matches: invert });
  return stretches;
}
