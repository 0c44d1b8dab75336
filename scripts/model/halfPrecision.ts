/** Rewrites a float32 safetensors file with float16 weights. */
import { toFloat16Bits } from '../../server/onnx/float16';
import type { TensorData } from '../../server/onnx/safetensors';
import { readSafetensors, writeSafetensors } from '../../server/onnx/safetensors';

/**
 * The named tensors of `file`, rounded to float16, in the order of their names.
 * The order does not depend on the source file, so neither do the bytes.
 * Throws OnnxError when the file is damaged, Error when a named tensor is not float32.
 */
export function toHalfPrecision(file: Uint8Array, wanted: (name: string) => boolean): Uint8Array {
  const halves = new Map<string, TensorData>();
  const tensors = [...readSafetensors(file)].filter(([name]) => wanted(name));
  tensors.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { dtype, shape, offset, length }] of tensors) {
    if (dtype !== 'F32') throw new Error(`The tensor ${name} is ${dtype}, not F32.`);
    // A copy, because a Float32Array must begin at a multiple of four bytes.
    const values = new Float32Array(file.slice(offset, offset + length).buffer);
    const bits = toFloat16Bits(values);
    halves.set(name, { dtype: 'F16', shape, bytes: new Uint8Array(bits.buffer) });
  }
  return writeSafetensors(halves);
}
