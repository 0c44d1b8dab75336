import { isNumeric } from '../unicode/classes';
import type { Piece } from '../tracedText';
import { characterMatches } from './characterMatches';
import { splitAtMatches } from './delimiterSplit';
import type { PreTokenizer } from './preTokenizer';

/** Sets numbers apart, whole or digit by digit. */
export class DigitsPreTokenizer implements PreTokenizer {
  readonly cut = 'throughSpace';

  constructor(private readonly individual: boolean) {}

  split(piece: Piece): Piece[] {
    const behavior = this.individual ? 'Isolated' : 'Contiguous';
    return splitAtMatches(piece.of, characterMatches(piece, isNumeric), behavior);
  }
}
