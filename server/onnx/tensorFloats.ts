/** Numbers of stored tensors. */
import * as l10n from '@vscode/l10n';
import { fromFloat16Bits } from './float16';
import { OnnxError } from './onnxError';
import type { StoredTensor } from './safetensors';
import { bytesAt, type ByteSource } from './tap/byteSource';

/**
 * `count` elements of a tensor from element `start` on, in float32; `file` is the whole
 * file, of which only they are read. Throws OnnxError for element types that graphs do not
 * compute with either.
 */
export function tensorFloats(
  file: ByteSource,
  { dtype, offset, length, shape }: StoredTensor,
  start = 0,
  count = shape.reduce((product, size) => product * size, 1) - start,
): Float32Array {
  const elementBytes = length / shape.reduce((product, size) => product * size, 1);
  const from = offset + start * elementBytes;
  // A copy, because the elements need not be aligned in the file; Node's Buffer would slice without one.
  const { buffer } = new Uint8Array(bytesAt(file, from, count * elementBytes));
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return fromFloat16Bits(new Uint16Array(buffer));
    case 'BF16':
      return fromBrainFloats(new Uint16Array(buffer));
    default:
      throw new OnnxError(
        l10n.t('A tensor has the element type {0}, which is not supported.', dtype),
      );
  }
}

/** A bfloat16 is the upper half of a float32. */
function fromBrainFloats(bits: Uint16Array): Float32Array {
  const words = Uint32Array.from(bits, (half) => half * 65_536);
  return new Float32Array(words.buffer);
}
