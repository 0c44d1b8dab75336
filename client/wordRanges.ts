import type { Range } from '../server/protocol';

/**
 * Where each word stands: from its first piece to its last; null for the template's tokens.
 * `words`: [token] → index of its word, each in one run.
 */
export function rangesOfWords(
  ranges: readonly (Range | null)[],
  words: readonly number[],
): (Range | null)[] {
  const found: (Range | null)[] = [];
  words.forEach((word, token) => {
    const range = ranges[token] ?? null;
    const before = found[word];
    found[word] = before && range ? { start: before.start, end: range.end } : range;
  });
  return found;
}
