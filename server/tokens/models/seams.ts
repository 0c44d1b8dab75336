import type { Vocabulary } from './vocabulary';

/** Shorter parts would save nothing. */
const MIN_PART = 16;

/**
 * Finds where a word can be taken apart: between two characters that stand side by
 * side in no token, so that nothing merges over the place. A document without spaces,
 * or one that is a single word to the model, costs no more than its parts then.
 */
export class Seams {
  /** Two units side by side in some token, as one number. */
  private readonly inside = new Set<number>();

  constructor(vocabulary: Vocabulary) {
    for (const [token] of vocabulary.entries()) {
      for (let at = 1; at < token.length; at++) this.inside.add(pairAt(token, at));
    }
  }

  /** The first seam some way behind `start`, or the end of the word. */
  next(word: string, start: number): number {
    for (let at = start + MIN_PART; at < word.length; at++) {
      const unit = word.charCodeAt(at);
      // Between the halves of a surrogate pair is no place to cut.
      if ((unit & 0xfc00) !== 0xdc00 && !this.inside.has(pairAt(word, at))) return at;
    }
    return word.length;
  }
}

function pairAt(text: string, at: number): number {
  return text.charCodeAt(at - 1) * 0x10000 + text.charCodeAt(at);
}
