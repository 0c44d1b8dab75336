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
  /**
   * Index of the word a token is part of, ascending; −1 for template tokens. A word is a
   * piece of the pre-tokenizer; where that keeps a text whole, as SentencePiece's BPE does,
   * the tokens that start with the mark of a space start words.
   */
  words: Int32Array;
}

export interface Tokenizer {
  /** One more than the greatest id. */
  readonly vocabularySize: number;
  /** Tokens of a text without the template's special tokens. */
  encode(text: string): Encoding;
  /** What the template puts around one sequence, e.g. [CLS] … [SEP]. */
  readonly template: { before: readonly number[]; after: readonly number[] };
  /** A token as the vocabulary writes it. Throws RangeError for an unknown id. */
  tokenText(id: number): string;
  /**
   * The greatest `cut` in `(from, to]` such that encoding `text.slice(0, cut)` and
   * `text.slice(cut)` gives, joined, exactly the tokens, ranges and words of the whole
   * (with ranges and words of the second part moved on); −1 if there is none.
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
