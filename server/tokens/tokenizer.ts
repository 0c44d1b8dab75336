/**
 * The public door of the tokenizer: text in, tokens with exact places out.
 * The pipeline has the shape of a `tokenizer.json`.
 */

/** Tokens as parallel arrays; offsets are UTF-16 code units of the encoded text, half-open. */
export interface Encoding {
  ids: Int32Array;
  /** −1 for a token that the template added and that stands nowhere in the text. */
  starts: Int32Array;
  ends: Int32Array;
  /** Index of the word (the pre-tokenizer's piece) a token is part of, ascending; −1 for template tokens. */
  words: Int32Array;
}

export interface Tokenizer {
  /** How many ids there are. */
  readonly vocabularySize: number;
  /** Tokens of a text without the template's special tokens. */
  encode(text: string): Encoding;
  /** What the template puts around one sequence, e.g. [CLS] … [SEP]. */
  readonly template: { before: readonly number[]; after: readonly number[] };
  /** A token as the vocabulary writes it. Throws RangeError for an unknown id. */
  tokenText(id: number): string;
  /**
   * The last place in `text[from, to)` behind which the text may be cut so that
   * encoding both parts gives exactly the tokens of the whole; −1 if there is none.
   */
  lastCut(text: string, from: number, to: number): number;
}

/** A tokenizer.json that is damaged or needs something we do not have; says what, and what to do. */
export class TokenizerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TokenizerError';
  }
}
