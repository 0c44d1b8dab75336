import type { Merge, Range } from '../../server/protocol';
import type { Cell } from '../map/viewport';
import type { PanelTokens } from '../protocol';

/**
 * What rows and columns of a picture count, with their names: tokens, or words with all
 * their pieces. Where a person is stays a place among tokens; here one becomes the other.
 */
export interface Units {
  readonly merge: Merge;
  readonly texts: readonly string[];
  /** Where each stands; null for the template's. */
  readonly ranges: readonly (Range | null)[];
  readonly special: readonly number[];
  /** How many tokens there are. */
  readonly tokens: number;
  /** The unit that a token is part of. */
  of(token: number): number;
  /** The tokens of a unit, half-open. */
  tokensOf(unit: number): [first: number, end: number];
}

export function unitsOf(tokens: PanelTokens, merge: Merge): Units {
  const { texts, ranges, special, words } = tokens;
  if (merge === 'tokens')
    return {
      ...{ merge, texts, ranges, special, tokens: texts.length },
      of: (token) => token,
      tokensOf: (token) => [token, token + 1],
    };
  return {
    ...words,
    merge,
    tokens: texts.length,
    of: (token) => words.of[token] ?? 0,
    tokensOf: (word) => [words.of.indexOf(word), words.of.lastIndexOf(word) + 1],
  };
}

/** A row's weights by tokens: all pieces of a word have the word's. */
export function weightsOfTokens(units: Units, weights: Float32Array): Float32Array {
  if (units.merge === 'tokens') return weights;
  return Float32Array.from({ length: units.tokens }, (_, token) => weights[units.of(token)] ?? 0);
}

/** The cell of a picture that a pair of tokens falls into. */
export function cellOfTokens(units: Units, { query, key }: Cell): Cell {
  return { query: units.of(query), key: units.of(key) };
}

/** The first tokens of a cell of a picture. */
export function tokensOfCell(units: Units, { query, key }: Cell): Cell {
  return { query: units.tokensOf(query)[0], key: units.tokensOf(key)[0] };
}
