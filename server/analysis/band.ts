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

/**
 * A window's tokens in blocks, as the engine takes groups: all of a block is owned or nothing
 * is. They begin where the window's own tokens do, so that they stay what they are when the
 * rest of the document grows.
 */
export interface WindowBlocks {
  /** int32 [token of the window] → block */
  groups: Int32Array;
  /** [block]: its tokens by their number in the window, half-open; the template's are empty. */
  spans: (readonly [start: number, end: number])[];
  /** The blocks that the window owns, half-open. */
  queries: [start: number, end: number];
}

/** A cell is made of at least this many blocks, so that an edge within a block shows as little. */
const BLOCKS_IN_CELL = 8;

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

/** Tokens of a block: a power of two, so that it stays as it is while the document grows a little. */
export function grainOf({ tokens, size }: BandShape): number {
  const blocks = Math.floor(tokens / Math.max(1, size) / BLOCKS_IN_CELL);
  return blocks < 1 ? 1 : 2 ** Math.floor(Math.log2(blocks));
}

export function windowBlocks(window: BandWindow, grain: number): WindowBlocks {
  const { bounds, owned, before, after } = window;
  const inside = bounds[1] - bounds[0];
  const [first, end] = [owned[0] - bounds[0], owned[1] - bounds[0]];
  const groups = new Int32Array(before + inside + after);
  const spans: WindowBlocks['spans'] = [];
  const queries: [number, number] = [0, 0];
  const add = (start: number, stop: number, at: number, count: number): void => {
    groups.fill(spans.length, at, at + count);
    spans.push([start, stop]);
  };
  if (before > 0) add(0, 0, 0, before);
  for (const [from, to] of [
    [0, first],
    [first, end],
    [end, inside],
  ] as const) {
    if (from === first) queries[0] = spans.length;
    for (let start = from; start < to; start += grain) {
      const stop = Math.min(start + grain, to);
      add(start, stop, before + start, stop - start);
    }
    if (to === end) queries[1] = spans.length;
  }
  if (after > 0) add(inside, inside, before + inside, after);
  return { groups, spans, queries };
}

/** The cell of a token: the inverse of {@link cellStart}. */
function cellOf(token: number, { tokens, size }: BandShape): number {
  return Math.floor(((token + 1) * size - 1) / tokens);
}

/** The cells that some tokens lie in, and how many lie in each. */
function* cellsOf(
  [start, end]: readonly [start: number, end: number],
  shape: BandShape,
): Generator<[cell: number, tokens: number]> {
  for (let from = start; from < end;) {
    const cell = cellOf(from, shape);
    const to = Math.min(end, cellStart(cell + 1, shape.size, shape.tokens));
    yield [cell, to - from];
    from = to;
  }
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

  /**
   * `weights`: float32 [owned block, block], keys summed over a block, queries averaged.
   * Where a cell ends within a block, the block's tokens count as alike.
   */
  add({ bounds }: BandWindow, { spans, queries }: WindowBlocks, weights: Float32Array): void {
    const cells = spans.map(([start, end]) => [
      ...cellsOf([bounds[0] + start, bounds[0] + end], this.#shape),
    ]);
    for (let query = queries[0]; query < queries[1]; query++) {
      const at = (query - queries[0]) * spans.length;
      for (const [row, tokens] of cells[query] ?? []) {
        this.#covered[row] = (this.#covered[row] ?? 0) + tokens;
        cells.forEach((keyCells, key) => {
          const [start, end] = spans[key] ?? [0, 0];
          const each = (tokens * (weights[at + key] ?? 0)) / (end - start);
          for (const [cell, keys] of keyCells) this.#add(row, cell, each * keys);
        });
      }
    }
  }

  #add(row: number, cell: number, weight: number): void {
    const at = row * widthOf(this.#shape) + cell - row + this.#shape.reach;
    this.#sums[at] = (this.#sums[at] ?? 0) + weight;
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
