/** Which keys of a window matter to a query because of what stands there. */
import { visibleKeys, type Mask } from './kernel/score';
import type { TextStructure } from './protocol';

/** What bounds the keys of one query. */
interface Bounds {
  /** Tokens [start, end) that do not count. */
  skip: readonly [start: number, end: number];
  /** Of the others those in [start, end) count. */
  among: readonly [start: number, end: number];
}

/** Keys by query, in memory linear in tokens however often a token comes again. */
export class RelatedKeys {
  /** [query] → how many keys matter to it. */
  readonly counts: Int32Array;
  readonly #sets: readonly Int32Array[];
  readonly #setOf: Int32Array;
  /** [query, 4]: of the set count [0th, 1st) and [2nd, 3rd). */
  readonly #parts: Int32Array;

  /** `sets`: ascending keys; `setOf` [query]: which of them is the query's, −1 for none. */
  constructor(
    sets: readonly (readonly number[])[],
    setOf: Int32Array,
    bounds: (query: number) => Bounds,
  ) {
    this.#sets = sets.map((set) => Int32Array.from(set));
    this.#setOf = setOf;
    this.#parts = new Int32Array(4 * setOf.length);
    this.counts = new Int32Array(setOf.length);
    setOf.forEach((index, query) => {
      const set = this.#sets[index];
      if (!set) return;
      const { skip, among } = bounds(query);
      const [start, end] = [countBelow(set, among[0]), countBelow(set, among[1])];
      const within = (place: number): number => Math.min(end, Math.max(start, place));
      const first = within(countBelow(set, skip[0]));
      const second = Math.max(first, within(countBelow(set, skip[1])));
      this.#parts.set([start, first, second, end], 4 * query);
      this.counts[query] = first - start + (end - second);
    });
  }

  /** Sum of a row [key] over the query's keys. */
  weight(query: number, row: Float32Array): number {
    const set = this.#sets[this.#setOf[query]!];
    if (!set) return 0;
    const [start, first, second, end] = this.#parts.subarray(4 * query, 4 * query + 4);
    let sum = 0;
    for (let at = start!; at < first!; at++) sum += row[set[at]!]!;
    for (let at = second!; at < end!; at++) sum += row[set[at]!]!;
    return sum;
  }
}

/** What follows from ids [token]: places with the query's own id, and what came behind earlier ones. */
export function repeatedTokens(
  ids: Int32Array,
  mask: Mask,
): { duplicates: RelatedKeys; successors: RelatedKeys } {
  const numbers = new Map<number, number>();
  const setOf = ids.map((id) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return numbers.get(id)!;
  });
  const places = tokensBySet(setOf, numbers.size);
  const behind = places.map((set) => set.map((place) => place + 1));
  return {
    duplicates: new RelatedKeys(places, setOf, (query) => ({
      skip: [query, query + 1],
      among: visibleKeys(mask, query),
    })),
    successors: new RelatedKeys(behind, setOf, (query) => ({
      skip: [0, 0],
      among: [visibleKeys(mask, query)[0], query],
    })),
  };
}

/** What follows from the text, of the keys that the mask leaves to a query. */
export function relatedByText(
  structure: TextStructure,
  mask: Mask,
): { sameIdentifier: RelatedKeys; matchingBracket: RelatedKeys; newline: RelatedKeys } {
  const { identifiers, occurrences, brackets, lineBreaks } = structure;
  const tokens = identifiers.length;
  const own = spans(occurrences);
  const partners: number[][] = Array.from({ length: tokens }, () => []);
  for (let at = 0; at < brackets.length; at += 2) {
    partners[brackets[at]!]?.push(brackets[at + 1]!);
    partners[brackets[at + 1]!]?.push(brackets[at]!);
  }
  const unique = partners.map((keys) => [...new Set(keys)].sort((one, other) => one - other));
  const count = identifiers.reduce((most, identifier) => Math.max(most, identifier + 1), 0);
  return {
    sameIdentifier: new RelatedKeys(tokensBySet(identifiers, count), identifiers, (query) => ({
      skip: own.get(occurrences[query]!) ?? [0, 0],
      among: visibleKeys(mask, query),
    })),
    matchingBracket: new RelatedKeys(unique, Int32Array.from(identifiers.keys()), (query) => ({
      skip: [query, query + 1],
      among: visibleKeys(mask, query),
    })),
    newline: new RelatedKeys([[...lineBreaks]], new Int32Array(tokens), (query) => ({
      skip: [0, 0],
      among: visibleKeys(mask, query),
    })),
  };
}

/** Ascending tokens of each set; −1 is none. */
function tokensBySet(setOf: Int32Array, count: number): number[][] {
  const sets: number[][] = Array.from({ length: count }, () => []);
  setOf.forEach((set, token) => sets[set]?.push(token));
  return sets;
}

/** First token and the one behind the last, by number. */
function spans(numbers: Int32Array): Map<number, [start: number, end: number]> {
  const found = new Map<number, [number, number]>();
  numbers.forEach((number, token) =>
    found.set(number, [found.get(number)?.[0] ?? token, token + 1]),
  );
  return found;
}

/** How many of ascending values are below a bound. */
function countBelow(values: Int32Array, bound: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
