import { isWhiteSpace, isWordCharacter } from '../unicode/classes';
import type { Piece } from '../tracedText';
import type { PreTokenizer } from './preTokenizer';

type Kind = 'space' | 'word' | 'other';

/** Runs of word characters and runs of anything else but whitespace: `\w+|[^\w\s]+`. */
export class WhitespacePreTokenizer implements PreTokenizer {
  readonly cut = 'behindWhitespace';

  split({ of, from, to }: Piece): Piece[] {
    const pieces: Piece[] = [];
    let start = from;
    let kind: Kind = 'space';
    for (let at = from; at < to;) {
      const character = String.fromCodePoint(of.text.codePointAt(at)!);
      const here = kindOf(character);
      if (here !== kind) {
        if (kind !== 'space') pieces.push({ of, from: start, to: at });
        start = at;
        kind = here;
      }
      at += character.length;
    }
    if (kind !== 'space') pieces.push({ of, from: start, to });
    return pieces;
  }
}

function kindOf(character: string): Kind {
  if (isWordCharacter(character)) return 'word';
  return isWhiteSpace(character) ? 'space' : 'other';
}
