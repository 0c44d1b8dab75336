/**
 * The band along the diagonal of a whole document: the axis of its tokens in cells, and
 * how the windows' weights, each computed apart, come together in it.
 */
import { cellStart } from '../engine/kernel/kernel';

/** The axis, and how far from the diagonal the band reaches. */
export interface BandShape {
  /** Tokens of the document, the template's not counted. */
  tokens: number;
  /** Cells of the axis, at most as many as there are tokens. */
  size: number;
  /** Cells on either side of the diagonal that a token of a window can look to. */
  reach: number;
}

/** A window on the axis; all in tokens of the document, half-open. */
export interface BandWindow {
  bounds: readonly [start: number, end: number];
  /** The tokens that it owns. */
  owned: readonly [start: number, end: number];
  /** Tokens of the template on either side. */
  before: number;
  after: number;
}

/** A window's tokens in groups, as the engine takes them: each lies in one cell, and is owned or not. */
export interface BandGroups {
  /** int32 [token of the window] → group */
  groups: Int32Array;
  count: number;
  /** [group] → cell, −1 for the template's tokens. */
  cells: number[];
  /** [group] → how many tokens it has. */
  sizes: number[];
  /** The groups that the window owns, half-open. */
  queries: [start: number, end: number];
}

/** `capacity`: tokens of the document that a window has at most. */
export function bandShape(tokens: number, wanted: number, capacity: number): BandShape {
  const size = Math.min(wanted, tokens);
  const smallest = size === 0 ? 1 : Math.floor(tokens / size);
  const reach = Math.ceil((Math.min(capacity, tokens) - 1) / smallest);
  return { tokens, size, reach: Math.max(0, Math.min(size - 1, reach)) };
}

export function widthOf({ reach }: BandShape): number {
  return 2 * reach + 1;
}

export function bandGroups(window: BandWindow, shape: BandShape): BandGroups {
  const { bounds, owned, before, after } = window;
  const total = before + bounds[1] - bounds[0] + after;
  const made: BandGroups = {
    groups: new Int32Array(total),
    count: 0,
    cells: [],
    sizes: [],
    queries: [0, 0],
  };
  const begin = (cell: number): void =>
    void (made.count++, made.cells.push(cell), made.sizes.push(0));
  for (let at = 0; at < total; at++) {
    const token = bounds[0] + at - before;
    const inside = token >= bounds[0] && token < bounds[1];
    const cell = inside ? cellOf(token, shape) : -1;
    const turns = token === owned[0] || token === owned[1];
    if (!inside || cell !== made.cells.at(-1) || turns) begin(cell);
    const group = made.count - 1;
    if (inside && token === owned[0]) made.queries[0] = group;
    if (inside && token === owned[1] - 1) made.queries[1] = group + 1;
    made.groups[at] = group;
    made.sizes[group] = (made.sizes[group] ?? 0) + 1;
  }
  return made;
}

/** The cell of a token: the inverse of {@link cellStart}. */
function cellOf(token: number, { tokens, size }: BandShape): number {
  return Math.floor(((token + 1) * size - 1) / tokens);
}

/** Collects what the windows say. */
export class Band {
  readonly #shape: BandShape;
  readonly #sums: Float64Array;
  /** [cell] → tokens whose window has been added. */
  readonly #covered: Int32Array;

  constructor(shape: BandShape) {
    this.#shape = shape;
    this.#sums = new Float64Array(shape.size * widthOf(shape));
    this.#covered = new Int32Array(shape.size);
  }

  /** `region`: float32 [owned group, group], keys summed over a group, queries averaged. */
  add(groups: BandGroups, region: Float32Array): void {
    const { cells, sizes, count } = groups;
    const [first, end] = groups.queries;
    const width = widthOf(this.#shape);
    for (let query = first; query < end; query++) {
      const row = cells[query] ?? 0;
      const tokens = sizes[query] ?? 0;
      this.#covered[row] = (this.#covered[row] ?? 0) + tokens;
      for (let key = 0; key < count; key++) {
        const cell = cells[key] ?? -1;
        if (cell < 0) continue;
        const at = row * width + cell - row + this.#shape.reach;
        const weight = region[(query - first) * count + key] ?? 0;
        this.#sums[at] = (this.#sums[at] ?? 0) + tokens * weight;
      }
    }
  }

  /**
   * float32 [cell, offset]: what a token of the cell pays to the tokens of the cell `offset` −
   * `reach` further on, the mean over its tokens that are known; 0 where none is.
   */
  values(): Float32Array {
    const width = widthOf(this.#shape);
    return Float32Array.from(this.#sums, (sum, at) => {
      const covered = this.#covered[Math.floor(at / width)] ?? 0;
      return covered === 0 ? 0 : sum / covered;
    });
  }

  /** uint8 [cell]: the share of its tokens that is known; 0 for none, 255 for all and nothing less. */
  analysed(): Uint8Array {
    const { size, tokens } = this.#shape;
    return Uint8Array.from(this.#covered, (covered, cell) => {
      const all = cellStart(cell + 1, size, tokens) - cellStart(cell, size, tokens);
      if (covered === 0 || covered === all) return covered === 0 ? 0 : 255;
      return Math.min(254, Math.max(1, Math.round((255 * covered) / all)));
    });
  }
}
