/**
 * The tokens of one word, flat: id, start, end, id, start, end, and so on, with
 * starts and ends in UTF-16 units of the word.
 */
export type WordTokens = readonly number[];

/** Turns one word into tokens. Pure: the same word always gives the same tokens. */
export interface Model {
  tokenize(word: string): WordTokens;
  idOf(token: string): number | undefined;
  textOf(id: number): string | undefined;
  /** One more than the greatest id. */
  readonly size: number;
  /** How many tokens there are, which is less where ids are left out. */
  readonly count: number;
}
