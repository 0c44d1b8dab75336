import type { Tile } from '../map/picture';
import type { Span } from '../map/viewport';

/** One weight as a line from the token that reads to the token that is read. */
export interface Line {
  query: number;
  key: number;
  /** Which of the drawn heads, by its place in their list. */
  head: number;
  weight: number;
}

/** What may be drawn: tokens in sight, without those that are hidden. */
export interface LineBounds {
  queries: Span;
  keys: Span;
  hidden: ReadonlySet<number>;
}

/**
 * Keeps the strongest lines it is offered: a heap with its weakest on top, so that most offers
 * cost one comparison. Of equally strong ones the first offered stay.
 */
export class StrongestLines {
  readonly #count: number;
  readonly #heap: Line[] = [];

  readonly #floor: number;

  /** `count`: how many are kept, at least 0; `floor`: weights up to this one are never kept. */
  constructor(count: number, floor = 0) {
    this.#count = count;
    this.#floor = floor;
  }

  /** What a weight must exceed to be kept; nothing that is 0 is a line. */
  get least(): number {
    return this.#heap.length < this.#count
      ? this.#floor
      : this.#count === 0
        ? Infinity
        : this.#heap[0]!.weight;
  }

  offer(line: Line): void {
    if (!(line.weight > this.least)) return;
    const heap = this.#heap;
    if (heap.length === this.#count) heap[0] = line;
    else {
      heap.push(line);
      this.#rise(heap.length - 1);
      return;
    }
    this.#sink(0);
  }

  /** The kept lines, weakest first, so that the strongest are drawn over the others. */
  sorted(): Line[] {
    return [...this.#heap].sort(
      (a, b) => a.weight - b.weight || b.query - a.query || b.key - a.key || b.head - a.head,
    );
  }

  #rise(at: number): void {
    const heap = this.#heap;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.weight <= heap[at]!.weight) return;
      [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
      at = parent;
    }
  }

  #sink(at: number): void {
    const heap = this.#heap;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < heap.length && heap[left]!.weight < heap[least]!.weight) least = left;
      if (right < heap.length && heap[right]!.weight < heap[least]!.weight) least = right;
      if (least === at) return;
      [heap[least], heap[at]] = [heap[at]!, heap[least]!];
      at = least;
    }
  }
}

/** Offers each exact weight of a head's tiles that lies within the bounds. */
export function offerTiles(
  strongest: StrongestLines,
  tiles: readonly Tile[],
  head: number,
  { queries, keys, hidden }: LineBounds,
): void {
  for (const tile of tiles) {
    if (tile.pool !== 1) continue;
    const [left, right] = overlap(tile.keys, keys);
    const [top, bottom] = overlap(tile.queries, queries);
    let { least } = strongest;
    for (let query = top; query < bottom; query++) {
      if (hidden.has(query)) continue;
      const row = (query - tile.queries[0]) * tile.columns - tile.keys[0];
      for (let key = left; key < right; key++) {
        const weight = tile.values[row + key]! * tile.unit;
        if (!(weight > least) || hidden.has(key)) continue;
        strongest.offer({ query, key, head, weight });
        ({ least } = strongest);
      }
    }
  }
}

/** Offers a row: what the token reads, or what reads it. */
export function offerRow(
  strongest: StrongestLines,
  weights: ArrayLike<number>,
  head: number,
  token: number,
  direction: 'reads' | 'readBy',
  hidden: ReadonlySet<number>,
): void {
  for (let other = 0; other < weights.length; other++) {
    const weight = weights[other]!;
    if (!(weight > strongest.least) || hidden.has(other)) continue;
    const [query, key] = direction === 'reads' ? [token, other] : [other, token];
    strongest.offer({ query, key, head, weight });
  }
}

function overlap(a: Span, b: Span): Span {
  const start = Math.max(a[0], b[0]);
  return [start, Math.max(start, Math.min(a[1], b[1]))];
}
