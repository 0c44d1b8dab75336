/**
 * Attention rolled through the layers (Abnar & Zuidema 2020, "Quantifying Attention Flow
 * in Transformers", §3): each layer is half the mean of its heads and half the identity,
 * for the residual connection, and layers multiply. One layer at a time is at hand, and
 * of it one band of rows.
 */
import { visibleKeys, type Mask } from './kernel/score';
import type { Head, Kernel } from './kernel/kernel';
import type { Breathe } from './readers';
import type { AnalysedWindow } from './window';

/** Rows of a layer that are in memory at once. */
const BAND = 64;
/** Queries that are rolled at once: a layer is gone through once for all of them. */
export const ROLLED_ROWS = 512;
/** What of a layer is attention; the rest is the residual connection. */
const SHARE = 0.5;

/** A layer's rows [from, to), float [row, key], each summing to 1. */
interface Band {
  from: number;
  to: number;
  rows: Float32Array;
}

/** One layer, band by band. */
type LayerBands = (from: number, to: number) => AsyncIterable<Band> | Iterable<Band>;

export class Rollout {
  readonly #kernel: Kernel;
  readonly #window: AnalysedWindow;
  readonly #layers: number;
  readonly #breathe: Breathe;

  /** `top`: the last layer that is rolled. */
  constructor(kernel: Kernel, window: AnalysedWindow, top: number, breathe: Breathe) {
    this.#kernel = kernel;
    this.#window = window;
    this.#layers = top + 1;
    this.#breathe = breathe;
  }

  /**
   * What queries [from, to) read of every token, float32 [query, key]; rows sum to 1.
   * In causal models each weight is divided by the one that uniform causal attention gives,
   * rolled alike, and rows are brought back to 1: else the first tokens gain with every
   * layer only because every token sees them.
   */
  async rows(from: number, to: number): Promise<Float32Array> {
    const { tokens } = this.#window;
    const bands = Array.from({ length: this.#layers }, (_, layer) => this.#bands(layer));
    const rolled = await rollRows(bands, tokens, from, to);
    if (!this.#causal) return Float32Array.from(rolled);
    const uniform = await rollRows(
      bands.map((_, layer) => uniformBands(this.#window.layer(layer).shape)),
      tokens,
      from,
      to,
    );
    for (let start = 0; start < rolled.length; start += tokens) {
      let sum = 0;
      for (let at = start; at < start + tokens; at++) {
        if (uniform[at]! > 0) rolled[at]! /= uniform[at]!;
        sum += rolled[at]!;
      }
      for (let at = start; at < start + tokens; at++) rolled[at]! /= sum;
    }
    return Float32Array.from(rolled);
  }

  /** What goes to the keys [first, end) together, float32 [query]. */
  async column(first: number, end: number): Promise<Float32Array> {
    const { tokens } = this.#window;
    if (this.#causal) return this.#columnOfRows(first, end);
    let column = new Float64Array(tokens);
    column.fill(1, first, end);
    for (let layer = 0; layer < this.#layers; layer++) {
      const next = column.map((value) => (1 - SHARE) * value);
      for await (const { from, to, rows } of this.#bands(layer)(0, tokens)) {
        for (let query = from; query < to; query++) {
          let sum = 0;
          const start = (query - from) * tokens;
          for (let at = 0; at < tokens; at++) sum += rows[start + at]! * column[at]!;
          next[query]! += SHARE * sum;
        }
      }
      column = next;
    }
    return Float32Array.from(column);
  }

  get #causal(): boolean {
    return this.#window.layer(this.#layers - 1).shape.causal;
  }

  /** The correction needs whole rows. */
  async #columnOfRows(first: number, end: number): Promise<Float32Array> {
    const { tokens } = this.#window;
    const column = new Float32Array(tokens);
    for (let from = first; from < tokens; from += ROLLED_ROWS) {
      const to = Math.min(from + ROLLED_ROWS, tokens);
      const rows = await this.rows(from, to);
      for (let query = from; query < to; query++) {
        const row = (query - from) * tokens;
        for (let key = first; key < end; key++) column[query]! += rows[row + key]!;
      }
    }
    return column;
  }

  /** The mean of a layer's heads. */
  #bands(layer: number): LayerBands {
    const { tokens, heads } = this.#window;
    const [kernel, window, breathe] = [this.#kernel, this.#window, this.#breathe];
    return async function* (from, to) {
      const stored = Array.from({ length: heads }, (_, head) => ({
        layer: window.layer(layer),
        head,
      }));
      for (let start = from; start < to; start += BAND) {
        await breathe();
        const end = Math.min(start + BAND, to);
        const sum = kernel.sumRows(stored, [start, end], []);
        yield { from: start, to: end, rows: meanRows(sum, stored, tokens) };
      }
    };
  }
}

/** The mean of heads' summed rows, in place; what sinks have taken goes to the keys in proportion. */
function meanRows(sum: Float32Array, heads: readonly Head[], width: number): Float32Array {
  const drained = heads.some(({ layer }) => layer.shape.sinks);
  for (let start = 0; start < sum.length; start += width) {
    const row = sum.subarray(start, start + width);
    const whole = drained ? row.reduce((total, value) => total + value, 0) : heads.length;
    row.forEach((value, at) => (row[at] = value / whole));
  }
  return sum;
}

/** Rows [from, to) of the product of all layers, float64 [row, key]; the last layer comes first. */
async function rollRows(
  layers: readonly LayerBands[],
  tokens: number,
  from: number,
  to: number,
): Promise<Float64Array> {
  let rolled = new Float64Array((to - from) * tokens);
  for (let row = from; row < to; row++) rolled[(row - from) * tokens + row] = 1;
  // The topmost layer's rows are those asked for; further down every row is met.
  let needed: [number, number] = [from, to];
  for (const bands of [...layers].reverse()) {
    const next = rolled.map((value) => (1 - SHARE) * value);
    for await (const band of bands(...needed)) addProduct(rolled, band, tokens, next);
    rolled = next;
    needed = [0, tokens];
  }
  return rolled;
}

/** Adds SHARE · rolled · band to `target`; only the band's rows count. */
function addProduct(
  rolled: Float64Array,
  { from, to, rows }: Band,
  tokens: number,
  target: Float64Array,
): void {
  for (let start = 0; start < rolled.length; start += tokens) {
    let query = from;
    // Four rows a step: each number of the target is read and written a quarter as often.
    for (; query + 4 <= to; query += 4) {
      const [a, b, c, d] = [0, 1, 2, 3].map((step) => SHARE * rolled[start + query + step]!);
      if (!a && !b && !c && !d) continue;
      const row = (query - from) * tokens;
      addFour(rows, row, tokens, [a!, b!, c!, d!], target, start);
    }
    for (; query < to; query++) {
      const factor = SHARE * rolled[start + query]!;
      const row = (query - from) * tokens;
      for (let key = 0; key < tokens; key++) target[start + key]! += factor * rows[row + key]!;
    }
  }
}

/** Adds four neighbouring rows, each times its factor, to the target row. */
function addFour(
  rows: Float32Array,
  at: number,
  tokens: number,
  [a, b, c, d]: readonly [number, number, number, number],
  target: Float64Array,
  start: number,
): void {
  const [second, third, fourth] = [at + tokens, at + 2 * tokens, at + 3 * tokens];
  for (let key = 0; key < tokens; key++) {
    target[start + key]! +=
      a * rows[at + key]! +
      b * rows[second + key]! +
      c * rows[third + key]! +
      d * rows[fourth + key]!;
  }
}

/** Every token reads all that it sees alike. */
function uniformBands(mask: Mask): LayerBands {
  return function* (from, to) {
    for (let query = from; query < to; query++) {
      const [start, end] = visibleKeys(mask, query);
      const rows = new Float32Array(mask.tokens).fill(1 / (end - start), start, end);
      yield { from: query, to: query + 1, rows };
    }
  };
}
