import type { Piece } from '../tracedText';
import type { Stretch } from './delimiterSplit';

/** Stretches of a piece where every character that fits is a match of its own. */
export function characterMatches(
  { of, from, to }: Piece,
  fits: (character: string) => boolean,
): Stretch[] {
  const stretches: Stretch[] = [];
  let start = from;
  for (let at = from; at < to;) {
    const character = String.fromCodePoint(of.text.codePointAt(at)!);
    const next = at + character.length;
    if (fits(character)) {
      if (start < at) stretches.push({ from: start, to: at, matches: false });
      stretches.push({ from: at, to: next, matches: true });
      start = next;
    }
    at = next;
  }
  if (start < to) stretches.push({ from: start, to, matches: false });
  return stretches;
}
