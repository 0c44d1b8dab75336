/** Tensors as they enter and leave graphs. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';

/** The element types that graphs exchange, with the array that holds each. */
interface Arrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

/** Row-major. */
export type Tensor = {
  [Type in keyof Arrays]: { type: Type; dims: readonly number[]; data: Arrays[Type] };
}[keyof Arrays];

/** A float32 tensor that left a graph. */
export interface NamedOutput {
  dims: readonly number[];
  data: Float32Array;
}

/** Named outputs of a graph as float32; fails with `modelRefused` where one is missing or of another type. */
export function floatOutputs(
  outputs: ReadonlyMap<string, Tensor>,
  names: readonly string[],
): ReadonlyMap<string, NamedOutput> {
  const floats = new Map<string, NamedOutput>();
  for (const name of names) {
    const tensor = outputs.get(name);
    if (tensor?.type !== 'float32') {
      throw new ChannelError(
        'modelRefused',
        l10n.t('The model’s output "{0}" is missing or not float32.', name),
      );
    }
    floats.set(name, tensor);
  }
  return floats;
}

/** int64 [1, count], as graphs take tokens and positions. */
export function integerRow(values: Int32Array): Tensor {
  return { type: 'int64', dims: [1, values.length], data: BigInt64Array.from(values, BigInt) };
}

/** float32 []. */
export function scalar(value: number): Tensor {
  return { type: 'float32', dims: [], data: Float32Array.of(value) };
}

/** float32 [count]. */
export function floatRow(values: ArrayLike<number>): Tensor {
  return { type: 'float32', dims: [values.length], data: Float32Array.from(values) };
}

/** float32 [2, count]: each number as two that sum to it, where one is too coarse. */
export function doubledRow(values: ArrayLike<number>): Tensor {
  const count = values.length;
  const data = new Float32Array(2 * count);
  Array.from(values).forEach((value, index) => {
    data[index] = value;
    data[count + index] = value - Math.fround(value);
  });
  return { type: 'float32', dims: [2, count], data };
}
