import { CharacterSplitter } from './characterSplitter';
import type { PreTokenizer } from './preTokenizer';
import { isPunctuation, isWhiteSpace } from '../unicode/classes';
import type { Piece } from '../tracedText';

/** Drops whitespace and makes every punctuation character a word of its own. */
export class BertPreTokenizer implements PreTokenizer {
  readonly cut = 'behindWhitespace';
  private readonly splitter = new CharacterSplitter((character) => {
    if (isWhiteSpace(character)) return 'dropped';
    return isPunctuation(character) ? 'alone' : 'word';
  });

  split(piece: Piece): Piece[] {
    return this.splitter.split(piece);
  }
}
