import type { Piece } from '../tracedText';
import { CharacterSplitter } from './characterSplitter';
import type { PreTokenizer } from './preTokenizer';

/** Whatever stands between a certain character. */
export class CharDelimiterSplitPreTokenizer implements PreTokenizer {
  readonly cut = 'throughSpace';
  private readonly splitter: CharacterSplitter;

  constructor(delimiter: string) {
    this.splitter = new CharacterSplitter((character) =>
      character === delimiter ? 'dropped' : 'word',
    );
  }

  split(piece: Piece): Piece[] {
    return this.splitter.split(piece);
  }
}
