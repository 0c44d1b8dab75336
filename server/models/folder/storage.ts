/** In which element type a model's weights are stored. */
import type { Safetensors } from '../../onnx/safetensors';

/** Names that people know, by those of safetensors. */
const NAMES: { readonly [dtype: string]: string } = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
};

/** The element type that holds most of the weights' bytes. */
export function storageOf(files: ReadonlyMap<string, Safetensors>): string {
  const bytes = new Map<string, number>();
  for (const tensors of files.values())
    for (const { dtype, length } of tensors.values())
      bytes.set(dtype, (bytes.get(dtype) ?? 0) + length);
  const [most] = [...bytes].sort(([, a], [, b]) => b - a);
  return most ? (NAMES[most[0]] ?? most[0]) : 'float32';
}
