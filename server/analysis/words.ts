/**
 * Words: the pieces that the tokenizer cut a stretch of text into, put together again.
 * Here is what counts as one; their weights are put together in the engine.
 */
import type { WindowTokens } from './windowTokens';

export interface Word {
  /** Tokens of the window, ascending and next to each other. */
  tokens: number[];
  /** UTF-16 offsets in the document, half-open; −1 for a token of the template. */
  start: number;
  end: number;
}

/** A word and its weight, 0 … 1. */
export interface WeighedWord {
  word: Word;
  /** Index of the word in its window. */
  index: number;
  weight: number;
}

/** What words are made of; any other character stands by itself. */
const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u;

/**
 * Int32 [token] → index of its word, counted from 0 in text order; `text` is the
 * document's. Tokens of one word are those between two places where the tokenizer splits
 * before it looks at its vocabulary; a token of the template, and one without any letter
 * or digit, is a word of its own, unless it is part of the same character as its neighbour.
 */
export function wordIndices(window: WindowTokens, text: string): Int32Array {
  const { words, starts, ends } = window;
  const written = (token: number): boolean =>
    WORD_CHARACTER.test(text.slice(starts[token], ends[token]));
  const joins = (token: number): boolean => {
    if (words[token]! < 0 || words[token] !== words[token - 1]) return false;
    return starts[token]! < ends[token - 1]! || (written(token) && written(token - 1));
  };
  const indices = new Int32Array(words.length);
  for (let token = 1; token < words.length; token++)
    indices[token] = indices[token - 1]! + (joins(token) ? 0 : 1);
  return indices;
}

/** The words of a window by their index, the template's tokens included. */
export function wordsOf({ starts, ends }: WindowTokens, indices: Int32Array): Word[] {
  const found: Word[] = [];
  indices.forEach((index, token) => {
    const [start, end] = [starts[token] ?? -1, ends[token] ?? -1];
    const word = (found[index] ??= { tokens: [], start, end });
    word.tokens.push(token);
    word.start = Math.min(word.start, start);
    word.end = Math.max(word.end, end);
  });
  return found;
}

/** The tokens of the word that a token is part of: [first, end). */
export function tokensOfWord(indices: Int32Array, token: number): [first: number, end: number] {
  const index = indices[token]!;
  return [indices.indexOf(index), indices.lastIndexOf(index) + 1];
}

/**
 * The words with most weight, at most `count`, heaviest first. `weights`: [word]; words
 * with a token that is `left` out do not count.
 */
export function heaviestWords(
  words: readonly Word[],
  weights: Float32Array,
  { count, left }: { count: number; left: ReadonlySet<number> },
): WeighedWord[] {
  return words
    .map((word, index) => ({ word, index, weight: weights[index] ?? 0 }))
    .filter(({ word }) => !word.tokens.some((token) => left.has(token)))
    .sort((one, other) => other.weight - one.weight)
    .slice(0, count);
}

/** The tokens of all words that some tokens are part of. */
export function wholeWords(
  words: Int32Array,
  [first, end]: readonly [number, number],
): [first: number, end: number] {
  return [tokensOfWord(words, first)[0], tokensOfWord(words, end - 1)[1]];
}
