/** Puts an analysed window together, layer by layer. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { AnalysedWindow, type WindowInputs } from './window';
import type { Kernel, LayerShape, StoredLayer } from './kernel/kernel';

/** One layer's tensors as they are kept; shapes as in the manifest's taps, without the batch. */
export interface LayerTensors {
  query: Float32Array;
  key: Float32Array;
  value: Float32Array;
}

export class WindowBuilder {
  readonly #kernel: Kernel;
  readonly #shape: LayerShape;
  readonly #stored: StoredLayer[] = [];
  readonly #values: Float32Array[] = [];

  constructor(kernel: Kernel, shape: LayerShape) {
    this.#kernel = kernel;
    this.#shape = shape;
  }

  /** Takes the next layer in; fails with `tooLong` where the kernel's memory ends. */
  add({ query, key, value }: LayerTensors): void {
    try {
      this.#stored.push(this.#kernel.store(this.#shape, query, key));
      this.#values.push(value);
    } catch (error) {
      throw error instanceof RangeError ? noMemory(this.#shape.tokens) : error;
    }
  }

  /** `inputs`: what the tensors were computed from; absent where they were given. */
  finish(specialTokens: readonly number[], inputs?: WindowInputs): AnalysedWindow {
    return new AnalysedWindow(this.#kernel, {
      tokens: this.#shape.tokens,
      specialTokens: [...specialTokens].sort((a, b) => a - b),
      layers: this.#stored,
      values: this.#values,
      inputs,
    });
  }

  /** Lets go what was taken in. */
  abandon(): void {
    for (const layer of this.#stored) layer.release();
  }
}

/** The kernel's memory has an end, and says so with a RangeError. */
function noMemory(tokens: number): ChannelError {
  return new ChannelError(
    'tooLong',
    l10n.t('There is not enough memory for a text of {0} tokens.', tokens),
  );
}
