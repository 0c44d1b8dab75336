/** Pools a region of the map band by band, so that it never stands whole in memory. */
import { cellStart } from './kernel/kernel';
import type { RegionParams } from './protocol';

/** A region and the cells it is pooled to. */
export type PoolParams = Pick<RegionParams, 'queries' | 'keys' | 'rows' | 'columns' | 'pool'>;

/** Collects bands of a region into its cells. */
export class Pool {
  readonly #params: PoolParams;
  readonly #cells: Float32Array;

  constructor(params: PoolParams) {
    this.#params = params;
    this.#cells = new Float32Array(params.rows * params.columns);
  }

  /** `band` is float32 [query, key]: whole rows of the region. Weights are never negative, so cells may start at 0. */
  add(queries: readonly [number, number], band: Float32Array): void {
    const { rows, columns, keys, pool } = this.#params;
    const [first, last] = this.#params.queries;
    const width = keys[1] - keys[0];
    for (let query = queries[0]; query < queries[1]; query++) {
      const row = cellOf(query - first, rows, last - first);
      const from = (query - queries[0]) * width;
      for (let column = 0; column < columns; column++) {
        const end = from + cellStart(column + 1, columns, width);
        let value = this.#cells[row * columns + column]!;
        for (let at = from + cellStart(column, columns, width); at < end; at++) {
          value = pool === 'max' ? Math.max(value, band[at]!) : value + band[at]!;
        }
        this.#cells[row * columns + column] = value;
      }
    }
  }

  finish(): Float32Array {
    const { rows, columns, queries, keys, pool } = this.#params;
    if (pool === 'max') return this.#cells;
    const [height, width] = [queries[1] - queries[0], keys[1] - keys[0]];
    return this.#cells.map((sum, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      const tall = cellStart(row + 1, rows, height) - cellStart(row, rows, height);
      const wide = cellStart(column + 1, columns, width) - cellStart(column, columns, width);
      return sum / (tall * wide);
    });
  }
}

/** The cell that item `index` of `length` falls into; the inverse of {@link cellStart}. */
function cellOf(index: number, count: number, length: number): number {
  return Math.floor(((index + 1) * count - 1) / length);
}
