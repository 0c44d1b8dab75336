/**
 * How long the vector is that a head would add for a token, ‖f(x)‖ (Kobayashi et al.
 * 2020, "Attention is Not Only a Weight", §2.2): f(x) = W_O·(W_V·x + b_V) with the
 * head's own columns of W_O. The bias of the output belongs to no head and stays out.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { keyHeadOf } from './kernel/kernel';
import { stackOf, type ModelManifest, type StackManifest } from '../models/manifest';
import type { WeightTensors } from './weightTensors';
import type { AnalysedWindow } from './window';

/** ln‖f(x)‖ of every key for one head: float32 [key]. */
export type LogValueNorms = (window: AnalysedWindow, layer: number, head: number) => Float32Array;

export class ValueNorms {
  readonly #manifest: ModelManifest;
  readonly #weights: WeightTensors;
  /** Of each head: WᵀW of its columns of W_O, [headSize, headSize], so that ‖W·v‖² = vᵀ(WᵀW)v. */
  readonly #grams = new Map<string, Float64Array>();

  constructor(manifest: ModelManifest, weights: WeightTensors) {
    this.#manifest = manifest;
    this.#weights = weights;
  }

  /**
   * Kept with the window once it was asked for; −∞ for a vector of length 0. Given windows
   * have no W_O, their values are added as they are. Fails with `notInThisModel` where it
   * is not known what becomes of a head's values.
   */
  logNorms(window: AnalysedWindow, layer: number, head: number): Float32Array {
    return window.remember('log value norm', layer, head, () => {
      const { shape } = window.layer(layer);
      const { headSize } = shape;
      const values = window.values(layer, keyHeadOf(shape, head));
      const stack = stackOf(this.#manifest, window.stack);
      const gram = window.inputs && stack ? this.#gram(stack, layer, head) : null;
      return Float32Array.from({ length: window.keys }, (_, token) => {
        const value = values.subarray(token * headSize, (token + 1) * headSize);
        return Math.log(gram ? quadraticForm(gram, value) : squaredLength(value)) / 2;
      });
    });
  }

  /** null where W_O is the identity. */
  #gram(stack: StackManifest, layer: number, head: number): Float64Array | null {
    const output = stack.taps[layer]?.output;
    if (output === null) return null;
    if (output === undefined) {
      throw new ChannelError(
        'notInThisModel',
        l10n.t(
          'How this model joins its heads is not known, so values cannot be weighed. Choose another reading.',
        ),
      );
    }
    const name = `${output}/${head}`;
    let gram = this.#grams.get(name);
    if (!gram) {
      this.#computeGrams(stack, output, stack.taps[layer]?.outputStored === 'fromTo');
      gram = this.#grams.get(name)!;
    }
    return gram;
  }

  /** `transposed`: the weights lie as [head · headSize, width]. */
  #computeGrams({ heads, headSize }: StackManifest, output: string, transposed: boolean): void {
    const { values } = this.#weights.tensor(output);
    const columns = heads * headSize;
    const width = values.length / columns;
    const [down, across] = transposed ? [1, width] : [columns, 1];
    for (let head = 0; head < heads; head++) {
      const gram = new Float64Array(headSize * headSize);
      for (let row = 0; row < width; row++) {
        const start = row * down + head * headSize * across;
        for (let i = 0; i < headSize; i++) {
          const own = values[start + i * across]!;
          for (let j = 0; j < headSize; j++)
            gram[i * headSize + j]! += own * values[start + j * across]!;
        }
      }
      this.#grams.set(`${output}/${head}`, gram);
    }
  }
}

function quadraticForm(matrix: Float64Array, vector: Float32Array): number {
  const size = vector.length;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    let row = 0;
    for (let j = 0; j < size; j++) row += matrix[i * size + j]! * vector[j]!;
    sum += vector[i]! * row;
  }
  // Rounding may leave a vanishing form below 0.
  return Math.max(0, sum);
}

function squaredLength(vector: Float32Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}
