import { isWhiteSpace } from '../unicode/classes';
import type { Piece } from '../tracedText';
import { CharacterSplitter } from './characterSplitter';
import type { PreTokenizer } from './preTokenizer';

/** Whatever stands between whitespace. */
export class WhitespaceSplitPreTokenizer implements PreTokenizer {
  readonly cut = 'behindWhitespace';
  private readonly splitter = new CharacterSplitter((character) =>
    isWhiteSpace(character) ? 'dropped' : 'word',
  );

  split(piece: Piece): Piece[] {
    return this.splitter.split(piece);
  }
}
