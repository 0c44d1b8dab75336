/** Pieces of a word joined again, with the weights that go to or come from the whole word. */
import type { WindowTokens } from './windowTokens';

export interface Word {
  /** Tokens of the window, ascending. */
  tokens: number[];
  /** UTF-16 offsets in the document, half-open. */
  start: number;
  end: number;
}

/** A word and its weight, 0 … 1. */
export interface WeighedWord {
  word: Word;
  weight: number;
}

/** The words of a window in text order; the template's tokens are in none. */
export function wordsOf({ words, starts, ends }: WindowTokens): Word[] {
  const found: Word[] = [];
  let last = -1;
  for (let token = 0; token < words.length; token++) {
    const index = words[token] ?? -1;
    if (index < 0) continue;
    const start = starts[token] ?? 0;
    const end = ends[token] ?? 0;
    const word = found.at(-1);
    if (word && index === last) {
      word.tokens.push(token);
      word.start = Math.min(word.start, start);
      word.end = Math.max(word.end, end);
    } else {
      found.push({ tokens: [token], start, end });
    }
    last = index;
  }
  return found;
}

/**
 * The words with most weight, at most `count`, without what is in `left`. Attention
 * to a word is the sum over its pieces, attention from a word their mean
 * (Clark et al. 2019, section 4.1).
 */
export function heaviestWords(
  words: readonly Word[],
  weights: Float32Array,
  { count, join, left }: { count: number; join: 'sum' | 'mean'; left: ReadonlySet<number> },
): WeighedWord[] {
  const weighed: WeighedWord[] = [];
  for (const word of words) {
    const tokens = word.tokens.filter((token) => !left.has(token));
    if (tokens.length === 0) continue;
    const sum = tokens.reduce((total, token) => total + (weights[token] ?? 0), 0);
    weighed.push({ word, weight: join === 'sum' ? sum : sum / tokens.length });
  }
  return weighed.sort((one, other) => other.weight - one.weight).slice(0, count);
}
