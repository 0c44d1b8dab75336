/** Maps of a bundle as they are stored: float32, or float16 that is read a row at a time. */
import type { NpyArray } from '../../archive/npy';
import { pause } from '../../archive/pause';
import { fromFloat16Bits } from '../../server/onnx/float16';
import { BundleError } from './bundleError';

/** How numbers are stored. */
export type Precision = 'float32' | 'float16';

/** Weights are probabilities but for rounding: float16 keeps 11 bits of each. */
const TOLERANCE: { readonly [precision in Precision]: number } = { float32: 1e-3, float16: 4e-3 };
/** Rounding takes less than this of a row. */
const LOST: { readonly [precision in Precision]: number } = { float32: 1e-4, float16: 2e-3 };
/** Rows are checked so many numbers at a time before others may run. */
const CHECKED_AT_ONCE = 2 ** 21;

let halves: Float32Array | undefined;

/** [bits] → number */
function halfTable(): Float32Array {
  halves ??= fromFloat16Bits(Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits));
  return halves;
}

export class StoredMaps {
  readonly precision: Precision;
  /** How many maps there are. */
  readonly count: number;
  readonly tokens: number;
  readonly #floats: Float32Array | null;
  readonly #halves: Uint16Array | null;

  private constructor({ type, shape, data }: NpyArray) {
    this.tokens = shape.at(-1) ?? 0;
    this.count = shape.slice(0, -2).reduce((product, size) => product * size, 1);
    this.precision = type === '<f2' ? 'float16' : 'float32';
    this.#halves = type === '<f2' ? new Uint16Array(data.buffer) : null;
    this.#floats = type === '<f2' ? null : new Float32Array(data.buffer);
  }

  /**
   * The maps of an array whose last two axes are query and key. Rejects with {@link BundleError}
   * `badNumbers` unless it has that shape, and each number is a weight; `sums`: and each row sums to 1 at most.
   */
  static async of(
    array: NpyArray,
    shape: readonly number[],
    { name, sums, signal }: { name: string; sums: boolean; signal?: AbortSignal },
  ): Promise<StoredMaps> {
    if (array.type === '|u1' || array.shape.join() !== shape.join())
      throw new BundleError('badNumbers', name);
    const maps = new StoredMaps(array);
    await maps.#check(name, sums, signal);
    return maps;
  }

  /** What a query reads in one of the maps: float32 [key], a copy. */
  row(map: number, query: number): Float32Array {
    const from = (map * this.tokens + query) * this.tokens;
    if (this.#floats) return this.#floats.slice(from, from + this.tokens);
    const table = halfTable();
    const row = new Float32Array(this.tokens);
    for (let key = 0; key < row.length; key++) row[key] = table[this.#halves![from + key]!]!;
    return row;
  }

  /** Whether some row sums to clearly less than 1: a learned score beside those of the keys takes the rest. */
  #isDrained = false;

  /** What a learned score takes of a row, from 0 to 1: all that the keys leave, unless that may be rounding alone. */
  rest(row: Float32Array): number {
    if (this.precision === 'float16' && !this.#isDrained) return 0;
    return Math.max(
      0,
      row.reduce((left, weight) => left - weight, 1),
    );
  }

  async #check(name: string, sums: boolean, signal: AbortSignal | undefined): Promise<void> {
    const most = 1 + TOLERANCE[this.precision];
    const least = 1 - LOST[this.precision];
    let checked = 0;
    for (let row = 0; row < this.count * this.tokens; row++) {
      let sum = 0;
      for (const weight of this.row(0, row)) {
        // NaN fails both comparisons.
        if (!(weight >= 0 && weight <= most)) throw new BundleError('badNumbers', name);
        sum += weight;
      }
      if (sums && sum > most) throw new BundleError('badNumbers', name);
      if (sum > 0 && sum < least) this.#isDrained = true;
      checked += this.tokens;
      if (checked < CHECKED_AT_ONCE) continue;
      checked = 0;
      await pause();
      signal?.throwIfAborted();
    }
  }
}
