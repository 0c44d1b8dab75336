import type { Piece } from '../tracedText';

/**
 * What is known of cutting a text in two before it is split:
 * - `behindWhitespace`: behind any whitespace character the pieces of both parts,
 *   joined, are those of the whole.
 * - `beforeSpace`: so they are between a visible character of ASCII and a space.
 * - `throughSpace`: there the piece that holds both sides falls in two, if there is
 *   one, and nothing else changes; spaces stay spaces.
 */
export type Cut = 'behindWhitespace' | 'beforeSpace' | 'throughSpace' | 'none';

/** Splits normalized text into the words that the model then takes apart one by one. */
export interface PreTokenizer {
  /** The pieces in order; none is empty. What lies between them is dropped. */
  split(piece: Piece): Piece[];
  /** The pieces of several, where that is quicker than one by one. */
  splitAll?(pieces: readonly Piece[]): Piece[];
  readonly cut: Cut;
  /** Whether the place of a piece in the text makes a difference. */
  readonly positional?: boolean;
}
