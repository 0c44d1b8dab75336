import type { Piece } from '../tracedText';
import type { PreTokenizer } from './preTokenizer';

/** Each splits the pieces of the one before; none at all leaves the text in one piece. */
export class PreTokenizerSequence implements PreTokenizer {
  readonly cut: PreTokenizer['cut'];

  constructor(private readonly members: readonly PreTokenizer[]) {
    // The first sees the text itself; what it keeps apart, the others cannot join.
    this.cut = members[0]?.cut ?? 'none';
  }

  split(piece: Piece): Piece[] {
    return this.members.reduce(
      (pieces, member) => pieces.flatMap((part) => member.split(part)),
      piece.from < piece.to ? [piece] : [],
    );
  }
}
