import type { Piece } from '../tracedText';
import type { PreTokenizer } from './preTokenizer';

/** Pieces of so many characters each; the last may be shorter. */
export class FixedLengthPreTokenizer implements PreTokenizer {
  readonly cut = 'none';

  constructor(private readonly length: number) {}

  split({ of, from, to }: Piece): Piece[] {
    const pieces: Piece[] = [];
    let start = from;
    let count = 0;
    for (let at = from; at < to;) {
      at += of.text.codePointAt(at)! > 0xffff ? 2 : 1;
      if (++count < this.length && at < to) continue;
      pieces.push({ of, from: start, to: at });
      start = at;
      count = 0;
    }
    return pieces;
  }
}
