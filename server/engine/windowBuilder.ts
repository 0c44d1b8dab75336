/** Puts an analysed window together, layer by layer. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { toFloat16Bits } from '../onnx/float16';
import { FLOAT32_TOKENS } from './precision';
import { AnalysedWindow, type StoredValues, type WindowInputs } from './window';
import { keyCount, type Kernel, type LayerShape, type StoredLayer } from './kernel/kernel';
import type { Stack } from '../protocol';

/** The largest finite float16. */
const LARGEST_FLOAT16 = 65_504;

/** One layer's tensors as they are kept; shapes as in the manifest's taps, without the batch. */
export interface LayerTensors {
  query: Float32Array;
  key: Float32Array;
  value: Float32Array;
}

/** What is known of a window before any of its layers. */
export interface WindowStart {
  /** The model's only one unless said otherwise. */
  stack?: Stack;
  /** Of the keys. */
  specialTokens: readonly number[];
  /** What the tensors are computed from; absent where they are given. */
  inputs?: WindowInputs;
}

export class WindowBuilder {
  /** Has the layers that were added by now. */
  readonly window: AnalysedWindow;
  readonly #kernel: Kernel;
  readonly #shapes: readonly (LayerShape | null)[];
  /** Of the longer text, where there are two. */
  readonly #most: number;
  readonly #stored: (StoredLayer | null)[] = [];
  readonly #values: (StoredValues | null)[] = [];

  /** `shapes`: of each layer, all for as many tokens; null for layers that the window goes without. */
  constructor(
    kernel: Kernel,
    shapes: readonly (LayerShape | null)[],
    { stack, specialTokens, inputs }: WindowStart,
  ) {
    this.#kernel = kernel;
    this.#shapes = shapes;
    const first = shapes.find((shape) => shape !== null);
    const tokens = first?.tokens ?? 0;
    this.#most = first ? Math.max(tokens, keyCount(first)) : 0;
    this.#skip();
    this.window = new AnalysedWindow(kernel, {
      stack,
      tokens,
      specialTokens: [...specialTokens].sort((a, b) => a - b),
      layers: this.#stored,
      values: this.#values,
      inputs,
    });
  }

  /** Takes the next layer in; fails with `tooLong` where the kernel's memory ends. */
  add({ query, key, value }: LayerTensors): void {
    const shape = this.#shapes[this.#stored.length]!;
    const long = this.#most > FLOAT32_TOKENS;
    const precision = long && fitFloat16(query) && fitFloat16(key) ? 'float16' : 'float32';
    try {
      this.#values.push(long && fitFloat16(value) ? toFloat16Bits(value) : value);
      this.#stored.push(this.#kernel.store(shape, query, key, precision));
    } catch (error) {
      throw error instanceof RangeError ? noMemory(this.#most) : error;
    }
    this.#skip();
  }

  /** On to the next layer that the window has. */
  #skip(): void {
    while (this.#shapes[this.#stored.length] === null) {
      this.#stored.push(null);
      this.#values.push(null);
    }
  }
}

/** The kernel's memory has an end, and says so with a RangeError. */
function noMemory(tokens: number): ChannelError {
  return new ChannelError(
    'tooLong',
    l10n.t('There is not enough memory for a text of {0} tokens.', tokens),
  );
}

function fitFloat16(values: Float32Array): boolean {
  for (const value of values) if (value > LARGEST_FLOAT16 || value < -LARGEST_FLOAT16) return false;
  return true;
}
