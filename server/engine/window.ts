/**
 * What is kept of one analysed window: Q and K of each layer (in the kernel), V,
 * and one log-sum-exp per layer, head and query, computed when first asked for:
 * rows in the raw reading never need it, and most heads of a window are never
 * looked at.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { fromFloat16Bits } from '../onnx/float16';
import { visibleQueries } from './kernel/score';
import type { Placement } from './layerShape';
import {
  FIRST_TOKENS,
  keyCount,
  type Head,
  type HeadView,
  type Kernel,
  type StoredLayer,
} from './kernel/kernel';
import type { Stack } from '../protocol';

/** Under which name it is remembered what the first tokens receive. */
const RECEIVED = 'received';

/** What the kernel multiplies in two or three milliseconds. */
const STEP_WORK = 2 ** 24;

/** What a window's tensors were computed from. */
export interface WindowInputs {
  /** [token] */
  ids: Int32Array;
  placement: Placement;
  /** [token]: the text of the decoder, where there are two. */
  target?: Int32Array;
}

/** Float32, or the bit patterns of float16. */
export type StoredValues = Float32Array | Uint16Array;

export interface WindowContent {
  /** Whose attention it is; the model's only one unless said otherwise. */
  stack?: Stack;
  tokens: number;
  /** Of the keys; ascending. */
  specialTokens: readonly number[];
  /** Those that there are by now; null where one is left out. */
  layers: readonly (StoredLayer | null)[];
  /** Of each layer: [keyValueHead, key, headSize]. */
  values: readonly (StoredValues | null)[];
  /** Absent where the tensors were given. */
  inputs?: WindowInputs;
}

/** How a map is to be read. */
interface MapQuestion {
  excluded: readonly number[];
  keyBias?: Float32Array;
  keysOnly?: boolean;
  rows: number;
  columns: number;
}

export function unknownWindow(): ChannelError {
  return new ChannelError(
    'unknownWindow',
    l10n.t('This part of the document has not been analysed.'),
  );
}

export function leftOutLayer(layer: number): ChannelError {
  return new ChannelError(
    'notInThisModel',
    l10n.t('Layer {0} of this model is not shown; the model report says why.', layer),
  );
}

/** The window, where its queries and keys are of one text; fails with `notInThisModel` where they are of two. */
export function ofOneText(window: AnalysedWindow): AnalysedWindow {
  if (window.stack !== 'cross') return window;
  throw new ChannelError(
    'notInThisModel',
    l10n.t('This is defined for the attention within one text only, not from one to another.'),
  );
}

export class AnalysedWindow {
  readonly stack: Stack;
  /** Queries. */
  readonly tokens: number;
  readonly specialTokens: readonly number[];
  readonly inputs: WindowInputs | undefined;
  /** Null where a layer is left out. */
  readonly layers: readonly (StoredLayer | null)[];
  readonly #values: readonly (StoredValues | null)[];
  readonly #kernel: Kernel;
  readonly #logSumExps = new Map<string, Float64Array>();
  readonly #remembered = new Map<string, Float32Array>();
  #released = false;

  constructor(kernel: Kernel, content: WindowContent) {
    this.#kernel = kernel;
    this.stack = content.stack ?? 'encoder';
    this.tokens = content.tokens;
    this.inputs = content.inputs;
    this.specialTokens = content.specialTokens;
    this.layers = content.layers;
    this.#values = content.values;
  }

  /** As many as queries, unless they are another text's. */
  get keys(): number {
    const first = this.layers.find((layer) => layer !== null);
    return first ? keyCount(first.shape) : this.tokens;
  }

  /** Of each layer; 0 before the first one is there. */
  get heads(): number {
    return this.layers.find((layer) => layer !== null)?.shape.heads ?? 0;
  }

  /** The layers that are there and not left out, ascending. */
  get shown(): number[] {
    return [...this.layers.keys()].filter((layer) => this.layers[layer] !== null);
  }

  /** Fails with `unknownWindow` once the window was forgotten or replaced: its memory belongs to others. */
  assertKept(): void {
    if (this.#released) throw unknownWindow();
  }

  release(): void {
    this.#released = true;
    for (const layer of this.layers) layer?.release();
    this.#logSumExps.clear();
    this.#remembered.clear();
  }

  /**
   * One head as the kernel reads it, with `excluded` keys masked and `keyBias` added to
   * its scores. One bias a head: it is told apart from none, not from another. `keysOnly`:
   * as if the head had no learned sink.
   */
  view(
    layer: number,
    head: number,
    excluded: readonly number[],
    keyBias?: Float32Array,
    keysOnly = false,
  ): HeadView {
    const stored = { layer: this.layer(layer), head, keyBias, keysOnly };
    const name = nameOf(stored, layer, excluded);
    let logSumExp = this.#logSumExps.get(name);
    if (!logSumExp) {
      logSumExp = this.#kernel.logSumExp(stored, excluded);
      this.#logSumExps.set(name, logSumExp);
    }
    return { ...stored, logSumExp };
  }

  /**
   * The whole map of a head, pooled to the largest weight of each of rows × columns cells:
   * float32 [row, column]. Heads, keys and biases are as in {@link view}.
   */
  pooledMap(
    layer: number,
    head: number,
    { excluded, keyBias, keysOnly = false, rows, columns }: MapQuestion,
  ): Float32Array {
    const stored = { layer: this.layer(layer), head, keyBias, keysOnly };
    const name = nameOf(stored, layer, excluded);
    if (this.#logSumExps.has(name)) {
      const whole = { queries: [0, this.tokens], keys: [0, this.keys] } as const;
      const view = this.view(layer, head, excluded, keyBias, keysOnly);
      return this.#kernel.maxPool(view, whole, excluded, rows, columns);
    }
    const { cells, logSumExp } = this.#kernel.poolMap(stored, excluded, rows, columns);
    this.#logSumExps.set(name, logSumExp);
    return cells;
  }

  /**
   * Finds log-sum-exps of all heads, and what their first tokens receive, before a question
   * needs them; `work`: multiplications of a step, at most.
   */
  *ahead(work = STEP_WORK): Generator<void> {
    for (const layer of this.shown) {
      const { shape } = this.layer(layer);
      const rows = Math.max(1, Math.floor(work / (this.keys * shape.headSize)));
      for (let head = 0; head < this.heads; head++) {
        yield* this.#logSumExpAhead(layer, head, rows);
        if (this.#released) return;
        this.received(layer, head);
      }
    }
  }

  /** The values of a layer that one key-value head brings: float32 [key, headSize]. */
  values(layer: number, keyValueHead: number): Float32Array {
    const size = this.keys * this.layer(layer).shape.headSize;
    const own = this.#values[layer]!.subarray(keyValueHead * size, (keyValueHead + 1) * size);
    return own instanceof Float32Array ? own : fromFloat16Bits(own);
  }

  /** Something of one head that `compute` finds once: float32 [key]. */
  remember(what: string, layer: number, head: number, compute: () => Float32Array): Float32Array {
    const name = keptName(what, layer, head);
    let values = this.#remembered.get(name);
    if (!values) {
      values = compute();
      this.#remembered.set(name, values);
    }
    return values;
  }

  /**
   * What each of the first tokens receives from one head, on average over the
   * queries that can see it: float32 [min(4, key)], raw reading.
   */
  received(layer: number, head: number): Float32Array {
    return this.remember(RECEIVED, layer, head, () => {
      const view = this.view(layer, head, []);
      return new Float32Array(Math.min(FIRST_TOKENS, this.keys)).map((_, key) =>
        this.#meanReceived(view, key),
      );
    });
  }

  /**
   * Between what and what {@link received} lies, for little work: it needs the sum over
   * each row of the head, this does not. The same twice where it is known.
   */
  receivedBetween(layer: number, head: number): { least: Float32Array; most: Float32Array } {
    const known = this.#remembered.get(keptName(RECEIVED, layer, head));
    if (known) return { least: known, most: known };
    const most = this.remember('received at most', layer, head, () =>
      this.#kernel.receivedAtMost({ layer: this.layer(layer), head }),
    );
    return { least: new Float32Array(most.length), most };
  }

  /** Finds the bounds of a layer's heads, which every first question needs: a hundredth of a pass. */
  boundSinks(layer: number): void {
    for (let head = 0; head < this.heads; head++) this.receivedBetween(layer, head);
  }

  /** The weight of one pair in every head: float32 [layer, head], raw reading; NaN where a layer is left out. */
  pairWeights(query: number, key: number): Float32Array {
    return Float32Array.from(
      this.layers.flatMap((layer) =>
        Array.from({ length: this.heads }, (_, head) =>
          layer
            ? this.#kernel.sumRows([{ layer, head }], [query, query + 1], [])[key]!
            : Number.NaN,
        ),
      ),
    );
  }

  /** Fails with `badRequest` where there is none, `notInThisModel` where it is left out. */
  layer(index: number): StoredLayer {
    const layer = this.layers[index];
    if (layer === null) throw leftOutLayer(index);
    if (!layer) throw new ChannelError('badRequest', l10n.t('This model has no layer {0}.', index));
    return layer;
  }

  *#logSumExpAhead(layer: number, head: number, rows: number): Generator<void> {
    const stored = { layer: this.layer(layer), head };
    const name = nameOf(stored, layer, []);
    const sums = new Float64Array(this.tokens);
    for (let from = 0; from < this.tokens; from += rows) {
      if (this.#released || this.#logSumExps.has(name)) return;
      const queries = [from, Math.min(from + rows, this.tokens)] as const;
      sums.set(this.#kernel.logSumExp(stored, [], queries), from);
      yield;
    }
    if (!this.#released) this.#logSumExps.set(name, sums);
  }

  #meanReceived(view: HeadView, key: number): number {
    let sum = 0;
    for (const weight of this.#kernel.sumColumns([view], key)) sum += weight;
    const [start, end] = visibleQueries(view.layer.shape, key);
    return sum / (end - start);
  }
}

function keptName(what: string, layer: number, head: number): string {
  return `${what}/${layer}/${head}`;
}

function nameOf(
  { layer: { shape }, head, keyBias, keysOnly }: Head,
  layer: number,
  excluded: readonly number[],
): string {
  const scaled = keysOnly && shape.sinks !== undefined ? 'keys' : '';
  return `${layer}/${head}/${excluded.join()}/${keyBias ? 'biased' : ''}/${scaled}`;
}
