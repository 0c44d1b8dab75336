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

/** How the weights of a word's pieces become the word's. */
export type Join = 'sum' | 'mean';

interface Joining {
  join: Join;
  /** Tokens that do not count. */
  left: ReadonlySet<number>;
}

/**
 * A word's weight; undefined where all its pieces are left out. Attention to a word is
 * the sum over its pieces, attention from a word their mean (Clark et al. 2019, section 4.1).
 */
export function wordWeight(
  word: Word,
  weights: Float32Array,
  { join, left }: Joining,
): number | undefined {
  const tokens = word.tokens.filter((token) => !left.has(token));
  if (tokens.length === 0) return undefined;
  const sum = tokens.reduce((total, token) => total + (weights[token] ?? 0), 0);
  return join === 'sum' ? sum : sum / tokens.length;
}

/** The words with most weight, at most `count`, heaviest first. */
export function heaviestWords(
  words: readonly Word[],
  weights: Float32Array,
  { count, ...joining }: Joining & { count: number },
): WeighedWord[] {
  const weighed: WeighedWord[] = [];
  for (const word of words) {
    const weight = wordWeight(word, weights, joining);
    if (weight !== undefined) weighed.push({ word, weight });
  }
  return weighed.sort((one, other) => other.weight - one.weight).slice(0, count);
}
