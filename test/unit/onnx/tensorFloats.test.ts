import assert from 'node:assert/strict';
import { toFloat16Bits } from '../../../server/onnx/float16';
import { OnnxError } from '../../../server/onnx/onnxError';
import {
  readSafetensors,
  safetensorsHeadLength,
  writeSafetensors,
} from '../../../server/onnx/safetensors';
import { memorySource } from '../../../server/onnx/tap/byteSource';
import { tensorFloats } from '../../../server/onnx/tensorFloats';

const numbers = Float32Array.of(1, -2.5, 0, 0.15625, 1024, -0.5);
const halves = toFloat16Bits(numbers);
/** All of these are exact with the eight bits of a bfloat16. */
const brains = Uint16Array.from(new Uint32Array(numbers.buffer), (bits) => bits >>> 16);
const bytesOf = (values: Float32Array | Uint16Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const file = writeSafetensors(
  new Map([
    ['odd', { dtype: 'U8', shape: [1], bytes: Uint8Array.of(7) }],
    ['F16', { dtype: 'F16', shape: [2, 3], bytes: bytesOf(halves) }],
    ['BF16', { dtype: 'BF16', shape: [2, 3], bytes: bytesOf(brains) }],
    ['F32', { dtype: 'F32', shape: [2, 3], bytes: bytesOf(numbers) }],
  ]),
);
const tensors = readSafetensors(file);

describe('numbers of stored tensors', () => {
  for (const name of ['F16', 'BF16', 'F32']) {
    it(`are read from ${name}, wherever they lie in the file`, () => {
      const stored = tensors.get(name)!;
      // A Buffer slices without a copy where a plain array makes one.
      for (const bytes of [memorySource(file), memorySource(Buffer.from(file))]) {
        assert.deepEqual(tensorFloats(bytes, stored), numbers);
        assert.deepEqual(tensorFloats(bytes, stored, 3, 2), numbers.slice(3, 5));
        assert.deepEqual(tensorFloats(bytes, stored, 4), numbers.slice(4));
      }
    });
  }

  it('are refused where graphs do not take them either', () => {
    assert.throws(() => tensorFloats(memorySource(file), tensors.get('odd')!), OnnxError);
  });

  it('can be found with the head of the file alone', () => {
    const length = safetensorsHeadLength(file.subarray(0, 8));
    assert.deepEqual(readSafetensors(file.subarray(0, length), file.length), tensors);
    assert.throws(() => readSafetensors(file.subarray(0, length - 1), file.length), RangeError);
    assert.throws(() => safetensorsHeadLength(file.subarray(0, 7)), OnnxError);
  });
});
