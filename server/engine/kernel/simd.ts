/**
 * The kernel in WebAssembly SIMD (assembly/index.ts). Q and packed K of all
 * windows live in its memory, so that a row or a rectangle costs no copying in.
 */
import { Arena } from './arena';
import { cellStart } from './kernel';
import { BLOCK, FLOAT_BYTES, padded } from './packing';
import { visibleQueries } from './score';
import { Scratch } from './scratch';
import { SimdLayers, type Packing } from './simdLayers';
import type { SimdLayer } from './simdLayer';
import type {
  Head,
  HeadView,
  Kernel,
  LayerShape,
  Precision,
  Rectangle,
  StoredLayer,
} from './kernel';

/** Every address below belongs to AssemblyScript's static data, of which there is little. */
const RESERVED_BYTES = 65_536;
/** 4 GiB, the most that 32-bit addresses reach. */
const MAX_PAGES = 65_536;

/** The exports of the module; addresses are byte offsets, counts are items. */
interface Exports extends Packing {
  logSumExp(...numbers: number[]): void;
  addWeights(...numbers: number[]): void;
  raiseLine(...numbers: number[]): void;
  addColumn(...numbers: number[]): void;
  exponentials(target: number, count: number): void;
}

export class SimdKernel implements Kernel {
  readonly name = 'simd';
  readonly arena: Arena;
  readonly #exports: Exports;
  readonly #layers: SimdLayers;

  /** `module`: the compiled assembly. Throws where WebAssembly has no SIMD. */
  constructor(module: WebAssembly.Module) {
    const memory = new WebAssembly.Memory({ initial: 2, maximum: MAX_PAGES });
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    this.#exports = instance.exports as unknown as Exports;
    this.arena = new Arena(memory, RESERVED_BYTES);
    this.#layers = new SimdLayers(this.arena, this.#exports);
  }

  store(
    shape: LayerShape,
    query: Float32Array,
    key: Float32Array,
    precision: Precision = 'float32',
  ): StoredLayer {
    return this.#layers.store(shape, query, key, precision);
  }

  logSumExp(
    head: Head,
    excluded: readonly number[],
    queries: readonly [number, number] = [0, head.layer.shape.tokens],
  ): Float32Array {
    const { shape } = head.layer;
    return this.#withScratch(shape, excluded, (scratch) => {
      const result = scratch.floats(shape.tokens);
      this.#logSumExp(head, queries, scratch, result);
      return this.#copy(result + queries[0] * FLOAT_BYTES, queries[1] - queries[0]);
    });
  }

  sumRows(heads: readonly Head[], query: number, excluded: readonly number[]): Float32Array {
    const { shape } = first(heads).layer;
    const { tokens } = shape;
    return this.#withScratch(shape, excluded, (scratch) => {
      const sums = scratch.floats(tokens);
      const sum = scratch.zeros(padded(tokens));
      const rectangle = { queries: [query, query + 1], keys: [0, tokens] } as const;
      for (const head of heads) {
        this.#logSumExp(head, rectangle.queries, scratch, sums);
        this.#addWeights(head, rectangle, scratch, sums, sum);
      }
      return this.#copy(sum, tokens);
    });
  }

  sumColumns(heads: readonly HeadView[], key: number): Float32Array {
    const { shape } = first(heads).layer;
    const { tokens } = shape;
    return this.#withScratch(shape, [], (scratch) => {
      const sum = scratch.zeros(tokens);
      const sums = scratch.floats(tokens);
      for (const head of heads) {
        this.arena.write(head.logSumExp, sums);
        const queries = visibleQueries(head.layer.shape, key);
        const at = described(head, queries, scratch);
        this.#exports.addColumn(at, key, ...queries, sums, sum);
      }
      return this.#copy(sum, tokens);
    });
  }

  sumBlocks(
    heads: readonly HeadView[],
    rectangle: Rectangle,
    excluded: readonly number[],
  ): Float32Array {
    const { shape } = first(heads).layer;
    const { queries, keys } = rectangle;
    const [height, width] = [queries[1] - queries[0], keys[1] - keys[0]];
    return this.#withScratch(shape, excluded, (scratch) => {
      const span = blocksOf(keys);
      const sum = scratch.zeros(height * span.width);
      const sums = scratch.floats(shape.tokens);
      for (const head of heads) {
        this.arena.write(head.logSumExp, sums);
        this.#addWeights(head, rectangle, scratch, sums, sum);
      }
      const values = new Float32Array(height * width);
      const all = this.arena.floats();
      for (let row = 0; row < height; row++) {
        const at = sum / FLOAT_BYTES + row * span.width + span.offset;
        values.set(all.subarray(at, at + width), row * width);
      }
      return values;
    });
  }

  maxPool(
    head: HeadView,
    rectangle: Rectangle,
    excluded: readonly number[],
    rows: number,
    columns: number,
  ): Float32Array {
    const { shape } = head.layer;
    const { queries, keys } = rectangle;
    const [height, width] = [queries[1] - queries[0], keys[1] - keys[0]];
    return this.#withScratch(shape, excluded, (scratch) => {
      const span = blocksOf(keys);
      const sums = scratch.floats(shape.tokens);
      const line = scratch.floats(span.width);
      const cells = scratch.floats(padded(rows * columns));
      this.arena.write(head.logSumExp, sums);
      for (let row = 0; row < rows; row++) {
        const from = queries[0] + cellStart(row, rows, height);
        const to = queries[0] + cellStart(row + 1, rows, height);
        this.#raiseLine(head, { queries: [from, to], keys }, scratch, sums, line);
        this.#poolLine(
          line / FLOAT_BYTES + span.offset,
          width,
          cells / FLOAT_BYTES + row * columns,
          columns,
        );
      }
      this.#exports.exponentials(cells, padded(rows * columns));
      return this.#copy(cells, rows * columns);
    });
  }

  /** Largest of each cell of one line; `from` and `to` count floats. */
  #poolLine(from: number, width: number, to: number, columns: number): void {
    const all = this.arena.floats();
    for (let column = 0; column < columns; column++) {
      const end = from + cellStart(column + 1, columns, width);
      let largest = -Infinity;
      for (let at = from + cellStart(column, columns, width); at < end; at++) {
        if (all[at]! > largest) largest = all[at]!;
      }
      all[to + column] = largest;
    }
  }

  #logSumExp(
    head: Head,
    [from, to]: readonly [number, number],
    scratch: Scratch,
    result: number,
  ): void {
    const { tokens } = head.layer.shape;
    const at = described(head, [from, to], scratch);
    this.#exports.logSumExp(at, from, to, scratch.row, padded(tokens), result);
  }

  #addWeights(head: Head, rectangle: Rectangle, scratch: Scratch, sums: number, sum: number): void {
    const { tokens } = head.layer.shape;
    const span = blocksOf(rectangle.keys);
    this.#exports.addWeights(
      described(head, rectangle.queries, scratch),
      span.first,
      span.last,
      ...rectangle.queries,
      scratch.row,
      padded(tokens),
      sums,
      sum,
      span.width,
    );
  }

  #raiseLine(head: Head, rectangle: Rectangle, scratch: Scratch, sums: number, line: number): void {
    const { tokens } = head.layer.shape;
    const span = blocksOf(rectangle.keys);
    const at = line / FLOAT_BYTES;
    this.arena.floats().fill(-Infinity, at, at + span.width);
    this.#exports.raiseLine(
      described(head, rectangle.queries, scratch),
      span.first,
      span.last,
      ...rectangle.queries,
      scratch.row,
      padded(tokens),
      sums,
      line,
    );
  }

  #withScratch<T>(shape: LayerShape, excluded: readonly number[], use: (scratch: Scratch) => T): T {
    const scratch = new Scratch(this.arena, shape.tokens, excluded);
    try {
      return use(scratch);
    } finally {
      scratch.release();
    }
  }

  #copy(at: number, floats: number): Float32Array {
    return this.arena.floats().slice(at / FLOAT_BYTES, at / FLOAT_BYTES + floats);
  }
}

/** The blocks that hold a range of keys, their keys, and how far into them the range begins. */
function blocksOf([start, end]: readonly [number, number]): {
  first: number;
  last: number;
  width: number;
  offset: number;
} {
  const first = Math.floor(start / BLOCK);
  const last = Math.ceil(end / BLOCK);
  return { first, last, width: (last - first) * BLOCK, offset: start - first * BLOCK };
}

/** The address of a head's description, which lasts until the next one; `queries`: those that will be read. */
function described(
  { layer, head, keyBias }: Head,
  queries: readonly [number, number],
  scratch: Scratch,
): number {
  scratch.setBias(keyBias);
  (layer as SimdLayer).describe(head, queries, scratch);
  return scratch.head;
}

function first(heads: readonly Head[]): Head {
  const [head] = heads;
  if (!head) throw new RangeError('At least one head is needed.');
  return head;
}
