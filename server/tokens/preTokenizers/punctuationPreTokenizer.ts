import { isPunctuation } from '../unicode/classes';
import type { Piece } from '../tracedText';
import { characterMatches } from './characterMatches';
import { splitAtMatches, type Behavior } from './delimiterSplit';
import type { PreTokenizer } from './preTokenizer';

/** Splits at punctuation characters. */
export class PunctuationPreTokenizer implements PreTokenizer {
  readonly cut = 'none';

  constructor(private readonly behavior: Behavior) {}

  split(piece: Piece): Piece[] {
    return splitAtMatches(piece.of, characterMatches(piece, isPunctuation), this.behavior);
  }
}
