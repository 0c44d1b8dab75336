/** Where a word reads, or is read from: the words of its row in the order of their weights. */
import type { Position, Range } from '../../server/protocol';
import { rangesOfWords } from '../wordRanges';

/** A word of the document and its weight. */
export interface Place {
  range: Range;
  /** 0 … 1, of the row in the chosen reading. */
  weight: number;
}

/** A row by words, and the tokens that the words are made of. */
export interface WordRow {
  /** [word] */
  weights: ArrayLike<number>;
  /** Words that take attention without being about anything. */
  sink: readonly number[];
  /** [token] → its word */
  words: readonly number[];
  /** [token]; null for the template's tokens. */
  ranges: readonly (Range | null)[];
  /** The word that is asked about: it is no place to go to. */
  own: number;
}

/** The words with a place in the text and some weight, heaviest first; equal ones in text order. */
export function placesOf({ weights, sink, words, ranges, own }: WordRow): Place[] {
  const left = new Set([...sink, own]);
  return rangesOfWords(ranges, words)
    .map((range, word) => ({ range, word, weight: weights[word] ?? 0 }))
    .filter(({ range, word, weight }) => range !== null && !left.has(word) && weight > 0)
    .sort((one, other) => other.weight - one.weight || one.word - other.word)
    .flatMap(({ range, weight }) => (range ? [{ range, weight }] : []));
}

/** The next place after the one where the cursor was put; the strongest where it is elsewhere. */
export function nextPlace(places: readonly Place[], at: Position | null): number {
  const here = at
    ? places.findIndex(
        ({ range: { start } }) => start.line === at.line && start.character === at.character,
      )
    : -1;
  return (here + 1) % Math.max(1, places.length);
}
