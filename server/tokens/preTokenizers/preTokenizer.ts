import type { Piece } from '../tracedText';

/** Splits normalized text into the words that the model then takes apart one by one. */
export interface PreTokenizer {
  /** The pieces in order; none is empty. What lies between them is dropped. */
  split(piece: Piece): Piece[];
  /**
   * Where a text may always be cut so that the pieces of both parts, joined, are
   * those of the whole: behind any whitespace character, or nowhere that is known.
   */
  readonly cut: 'behindWhitespace' | 'none';
}
