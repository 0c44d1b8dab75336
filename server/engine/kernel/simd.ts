/**
 * The kernel in WebAssembly SIMD (assembly/index.ts). Q and packed K of all
 * windows live in its memory, so that a row or a rectangle costs no copying in.
 */
import { Arena } from './arena';
import { cellStart, FIRST_TOKENS, hasCheapBound, keyCount, MOMENTS } from './kernel';
import { BLOCK, DOUBLE_BYTES, FLOAT_BYTES, padded } from './packing';
import { visibleQueries } from './score';
import { Scratch } from './scratch';
import { SimdLayers, type Packing } from './simdLayers';
import type { SimdLayer } from './simdLayer';
import type {
  DescribedRows,
  Head,
  HeadView,
  Kernel,
  LayerShape,
  PooledMap,
  Precision,
  Rectangle,
  Span,
  StoredLayer,
} from './kernel';

/** Every address below belongs to AssemblyScript's static data, of which there is little. */
const RESERVED_BYTES = 65_536;
/** 4 GiB, the most that 32-bit addresses reach. */
const MAX_PAGES = 65_536;

/** The exports of the module; addresses are byte offsets, counts are items. */
interface Exports extends Packing {
  logSumExp(...numbers: number[]): void;
  addRows(...numbers: number[]): void;
  addWeights(...numbers: number[]): void;
  raiseLine(...numbers: number[]): void;
  raiseWholeLine(...numbers: number[]): void;
  receivedAtMost(...numbers: number[]): void;
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
    [from, to]: Span = [0, head.layer.shape.tokens],
  ): Float64Array {
    const { shape } = head.layer;
    return this.#withScratch(shape, excluded, (scratch) => {
      const sums = scratch.doubles(shape.tokens);
      const at = described(head, [from, to], scratch);
      this.#exports.logSumExp(at, from, to, scratch.row, padded(keyCount(shape)), sums);
      return this.#copyDoubles(sums + from * DOUBLE_BYTES, to - from);
    });
  }

  sumRows(heads: readonly Head[], queries: Span, excluded: readonly number[]): Float32Array {
    const { shape } = first(heads).layer;
    return this.#withScratch(shape, excluded, (scratch) => {
      const sum = scratch.zeros((queries[1] - queries[0]) * padded(keyCount(shape)));
      for (const head of heads) this.#addRows(head, queries, scratch, sum);
      return this.#copyRows(sum, queries[1] - queries[0], keyCount(shape));
    });
  }

  describeRows(head: Head, queries: Span): DescribedRows {
    const { shape } = head.layer;
    const count = queries[1] - queries[0];
    return this.#withScratch(shape, [], (scratch) => {
      const sum = scratch.zeros(count * padded(keyCount(shape)));
      const moments = scratch.zeros(count * MOMENTS);
      this.#addRows(head, queries, scratch, sum, moments);
      return {
        rows: this.#copyRows(sum, count, keyCount(shape)),
        moments: this.#copy(moments, count * MOMENTS),
      };
    });
  }

  receivedAtMost(head: Head): Float32Array {
    const { shape } = head.layer;
    const { tokens, headSize } = shape;
    const keys = keyCount(shape);
    const count = Math.min(FIRST_TOKENS, keys);
    if (!hasCheapBound(shape)) return new Float32Array(count).fill(1);
    return this.#withScratch(shape, [], (scratch) => {
      const mean = scratch.floats(headSize);
      const result = scratch.floats(FIRST_TOKENS);
      const at = described(head, [0, tokens], scratch);
      this.#exports.receivedAtMost(at, tokens, keys, mean, result);
      return this.#copy(result, count);
    });
  }

  sumColumns(heads: readonly HeadView[], key: number): Float32Array {
    const { shape } = first(heads).layer;
    const { tokens } = shape;
    return this.#withScratch(shape, [], (scratch) => {
      const sum = scratch.zeros(tokens);
      const sums = scratch.doubles(tokens);
      for (const head of heads) {
        this.#writeDoubles(head.logSumExp, sums);
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
      const sums = scratch.doubles(shape.tokens);
      for (const head of heads) {
        this.#writeDoubles(head.logSumExp, sums);
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
      const sums = scratch.doubles(shape.tokens, head.logSumExp);
      const line = scratch.floats(span.width);
      const cells = scratch.floats(padded(rows * columns));
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

  poolMap(head: Head, excluded: readonly number[], rows: number, columns: number): PooledMap {
    const { shape } = head.layer;
    const { tokens } = shape;
    const keys = keyCount(shape);
    return this.#withScratch(shape, excluded, (scratch) => {
      const width = padded(keys);
      const sums = scratch.doubles(tokens);
      const line = scratch.floats(width);
      const cells = scratch.floats(rows * columns);
      const at = described(head, [0, tokens], scratch);
      for (let row = 0; row < rows; row++) {
        const [from, to] = [cellStart(row, rows, tokens), cellStart(row + 1, rows, tokens)];
        this.arena.floats().fill(0, line / FLOAT_BYTES, line / FLOAT_BYTES + width);
        this.#exports.raiseWholeLine(at, from, to, scratch.row, width, sums, line);
        this.#poolLine(line / FLOAT_BYTES, keys, cells / FLOAT_BYTES + row * columns, columns);
      }
      return {
        cells: this.#copy(cells, rows * columns),
        logSumExp: this.#copyDoubles(sums, tokens),
      };
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

  #addRows(head: Head, queries: Span, scratch: Scratch, sum: number, moments = 0): void {
    const stride = padded(keyCount(head.layer.shape));
    const at = described(head, queries, scratch);
    this.#exports.addRows(at, ...queries, scratch.row, stride, sum, moments);
  }

  #addWeights(head: Head, rectangle: Rectangle, scratch: Scratch, sums: number, sum: number): void {
    const span = blocksOf(rectangle.keys);
    this.#exports.addWeights(
      described(head, rectangle.queries, scratch),
      span.first,
      span.last,
      ...rectangle.queries,
      scratch.row,
      padded(keyCount(head.layer.shape)),
      sums,
      sum,
      span.width,
    );
  }

  #raiseLine(head: Head, rectangle: Rectangle, scratch: Scratch, sums: number, line: number): void {
    const span = blocksOf(rectangle.keys);
    const at = line / FLOAT_BYTES;
    this.arena.floats().fill(-Infinity, at, at + span.width);
    this.#exports.raiseLine(
      described(head, rectangle.queries, scratch),
      span.first,
      span.last,
      ...rectangle.queries,
      scratch.row,
      padded(keyCount(head.layer.shape)),
      sums,
      line,
    );
  }

  #withScratch<T>(shape: LayerShape, excluded: readonly number[], use: (scratch: Scratch) => T): T {
    const scratch = new Scratch(this.arena, shape, excluded);
    try {
      return use(scratch);
    } finally {
      scratch.release();
    }
  }

  #writeDoubles(values: Float64Array, at: number): void {
    this.arena.doubles().set(values, at / DOUBLE_BYTES);
  }

  #copy(at: number, floats: number): Float32Array {
    return this.arena.floats().slice(at / FLOAT_BYTES, at / FLOAT_BYTES + floats);
  }

  #copyDoubles(at: number, doubles: number): Float64Array {
    return this.arena.doubles().slice(at / DOUBLE_BYTES, at / DOUBLE_BYTES + doubles);
  }

  /** Rows without what pads them. */
  #copyRows(at: number, count: number, width: number): Float32Array {
    const from = at / FLOAT_BYTES;
    const stride = padded(width);
    const all = this.arena.floats();
    if (stride === width) return all.slice(from, from + count * width);
    const rows = new Float32Array(count * width);
    for (let row = 0; row < count; row++) {
      const start = from + row * stride;
      rows.set(all.subarray(start, start + width), row * width);
    }
    return rows;
  }
}

/** The blocks that hold a range of keys, their keys, and how far into them the range begins. */
function blocksOf([start, end]: Span): {
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
function described(head: Head, queries: Span, scratch: Scratch): number {
  scratch.setBias(head.keyBias);
  (head.layer as SimdLayer).describe(head, queries, scratch);
  return scratch.head;
}

function first(heads: readonly Head[]): Head {
  const [head] = heads;
  if (!head) throw new RangeError('At least one head is needed.');
  return head;
}
