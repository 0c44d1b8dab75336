/**
 * Cuts a long token sequence into overlapping windows of at most `capacity`
 * tokens. Every token is owned by the one window that gives it most context on
 * both sides, and the last window is full.
 *
 * Where the next window begins is read off the tokens themselves, as in
 * content-defined chunking (Muthitacharoen et al. 2001, LBFS): an edit shifts
 * the windows around it, the later ones find their old beginnings again, and
 * what was computed for them stays valid.
 */

/** The next window begins after between 3/8 and 5/8 of the capacity. */
const SHORTEST_STEP = 3 / 8;
const LONGEST_STEP = 5 / 8;
/** How many tokens decide whether a place is chosen. */
const ANCHOR_TOKENS = 4;

export class WindowPlan {
  readonly #capacity: number;
  #ids: Int32Array = new Int32Array(0);
  #starts: number[] = [0];
  #complete = false;

  /** `capacity`: tokens a window holds besides the template's; at least 1. */
  constructor(capacity: number) {
    this.#capacity = Math.max(1, capacity);
  }

  /** Goes on with more tokens: `ids` begins with all tokens given before. */
  extend(ids: Int32Array, complete: boolean): void {
    this.#ids = ids;
    this.#complete = complete;
    while (this.#last + this.#capacity < ids.length) {
      this.#starts.push(this.#nextStart(this.#last));
    }
    if (complete && this.#starts.length > 1) {
      this.#starts[this.#starts.length - 1] = ids.length - this.#capacity;
    }
  }

  /** `null` until all tokens are known. */
  get count(): number | null {
    return this.#complete ? this.#starts.length : null;
  }

  /** First token and token behind the last of a window. */
  bounds(index: number): [first: number, end: number] {
    const first = this.#starts[index] ?? 0;
    return [first, Math.min(first + this.#capacity, this.#ids.length)];
  }

  /** The window that owns a token; undefined while later tokens may still change the answer. */
  ownerOf(token: number): number | undefined {
    const settled = this.settled;
    for (let index = 0; index < settled; index++) {
      if (index === this.#starts.length - 1) return index;
      if (index + 1 < settled && token < this.border(index)) return index;
    }
    return undefined;
  }

  /** Where window `index` hands over to the next: the middle of what they share. */
  border(index: number): number {
    const [, end] = this.bounds(index);
    return Math.ceil(((this.#starts[index + 1] ?? end) + end) / 2);
  }

  /** How many windows no later token can move. */
  get settled(): number {
    return this.#complete ? this.#starts.length : this.#starts.length - 1;
  }

  get #last(): number {
    return this.#starts.at(-1) ?? 0;
  }

  #nextStart(start: number): number {
    const shortest = Math.max(1, Math.ceil(this.#capacity * SHORTEST_STEP));
    const longest = Math.max(shortest, Math.floor(this.#capacity * LONGEST_STEP));
    let best = start + shortest;
    let bestScore = Infinity;
    for (let place = start + shortest; place <= start + longest; place++) {
      const end = Math.min(place + ANCHOR_TOKENS, start + this.#capacity);
      const score = anchorScore(this.#ids, place, end);
      if (score < bestScore) {
        best = place;
        bestScore = score;
      }
    }
    return best;
  }
}

/** A number that looks random but depends on the tokens [place, end) only (FNV-1a). */
function anchorScore(ids: Int32Array, place: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = place; index < end; index++) {
    hash = Math.imul(hash ^ (ids[index] ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
