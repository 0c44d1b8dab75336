import { isPunctuation } from '../unicode/classes';
import type { Piece } from '../tracedText';
import { characterMatches } from './characterMatches';
import { splitAtMatches, type Behavior } from './delimiterSplit';
import type { Cut, PreTokenizer } from './preTokenizer';

/** Splits at punctuation characters. */
export class PunctuationPreTokenizer implements PreTokenizer {
  readonly cut: Cut;

  constructor(private readonly behavior: Behavior) {
    this.cut = behavior.startsWith('Merged') ? 'none' : 'throughSpace';
  }

  split(piece: Piece): Piece[] {
    return splitAtMatches(piece.of, characterMatches(piece, isPunctuation), this.behavior);
  }
}
