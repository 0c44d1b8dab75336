import type { Piece } from '../tracedText';
import type { Cut, PreTokenizer } from './preTokenizer';

/** Each splits the pieces of the one before; none at all leaves the text in one piece. */
export class PreTokenizerSequence implements PreTokenizer {
  readonly cut: Cut;
  readonly positional: boolean;

  constructor(private readonly members: readonly PreTokenizer[]) {
    this.positional = members.some((member) => member.positional);
    this.cut = cutOf(members);
  }

  split(piece: Piece): Piece[] {
    return this.members.reduce<readonly Piece[]>(
      (pieces, member) => member.splitAll?.(pieces) ?? pieces.flatMap((part) => member.split(part)),
      piece.from < piece.to ? [piece] : [],
    ) as Piece[];
  }
}

/**
 * The first that keeps both sides of a cut apart decides, if those before it let a cut
 * through: what it keeps apart, the others cannot join.
 */
function cutOf(members: readonly PreTokenizer[]): Cut {
  const first = members.findIndex(({ cut }) => cut !== 'throughSpace');
  if (first < 0) return members.some(({ positional }) => positional) ? 'none' : 'throughSpace';
  // What looks at places tells the second part of a text from the first.
  if (members.some(({ positional }, index) => positional && index !== first)) return 'none';
  const { cut } = members[first]!;
  return cut === 'behindWhitespace' && first > 0 ? 'beforeSpace' : cut;
}
