import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { OnnxError } from '../../../server/onnx/onnxError';
import type { TensorData } from '../../../server/onnx/safetensors';
import { readSafetensors, writeSafetensors } from '../../../server/onnx/safetensors';

/** A file with any header, valid or not, and `data` zero bytes behind it. */
function fileWith(header: string, data = 0): Uint8Array {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return new Uint8Array(Buffer.concat([length, json, Buffer.alloc(data)]));
}

const tensor = (dtype: string, shape: number[], data_offsets: number[]): object => ({
  dtype,
  shape,
  data_offsets,
});

function refuses(file: Uint8Array, message: RegExp): void {
  assert.throws(
    () => readSafetensors(file),
    (error) => {
      assert.ok(error instanceof OnnxError, String(error));
      assert.match(error.message, message);
      assert.match(error.message, /^[A-Z][^\n]*\.$/);
      return true;
    },
  );
}

describe('safetensors', function () {
  this.timeout(60_000);

  it('reads back what was written', () => {
    const name = fc
      .string({ unit: 'binary', maxLength: 12 })
      .filter((text) => text !== '__metadata__');
    const shape = fc.array(fc.nat(4), { maxLength: 3 });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, shape), { selector: ([key]) => key }), (wanted) => {
        const tensors = new Map<string, TensorData>();
        wanted.forEach(([key, dims], index) => {
          const length = dims.reduce((a, b) => a * b, 4);
          tensors.set(key, {
            dtype: 'F32',
            shape: dims,
            bytes: new Uint8Array(length).fill(index),
          });
        });
        const file = writeSafetensors(tensors);
        const read = readSafetensors(file);
        assert.equal(read.size, tensors.size);
        for (const [key, { dtype, shape: dims, bytes }] of tensors) {
          const found = read.get(key);
          assert.ok(found, key);
          assert.deepEqual([found.dtype, found.shape], [dtype, dims]);
          assert.deepEqual(file.slice(found.offset, found.offset + found.length), bytes);
        }
      }),
    );
  });

  it('needs only the beginning of a file', () => {
    const file = writeSafetensors(
      new Map([['w', { dtype: 'F16', shape: [100], bytes: new Uint8Array(200) }]]),
    );
    const read = readSafetensors(file.subarray(0, file.length - 200), file.length);
    assert.equal(read.get('w')?.offset, file.length - 200);
  });

  it('passes over metadata', () => {
    const header = { __metadata__: { format: 'pt' }, w: tensor('U8', [2], [0, 2]) };
    assert.deepEqual([...readSafetensors(fileWith(JSON.stringify(header), 2)).keys()], ['w']);
  });

  it('refuses a header longer than the file', () => {
    const file = fileWith('{}');
    new DataView(file.buffer).setBigUint64(0, 2n ** 60n, true);
    refuses(file, /header claims 1152921504606846976 bytes, the file has 10/);
    new DataView(file.buffer).setBigUint64(0, 3n, true);
    refuses(file, /cut short/);
    refuses(new Uint8Array(5), /empty or cut short/);
  });

  it('refuses what is not a JSON object', () => {
    for (const header of ['{', '[]', 'null', '12', '"x"', '{"a":\u0000}']) {
      refuses(fileWith(header), /not valid JSON/);
    }
    const bytes = fileWith('{"é":1}');
    bytes[10] = 0xff;
    refuses(bytes, /not valid JSON/);
  });

  it('refuses entries of another form', () => {
    const bad = [
      1,
      null,
      {},
      tensor('F32', [-1], [0, 4]),
      tensor('F32', [1.5], [0, 6]),
      tensor('F32', [1], [0]),
      tensor('F32', [1], [4, 0.5]),
      { dtype: 'F32', shape: 'x', data_offsets: [0, 4] },
    ];
    for (const entry of bad) refuses(fileWith(JSON.stringify({ w: entry }), 8), /tensor "w"/);
    refuses(fileWith(JSON.stringify({ w: tensor('F3', [1], [0, 4]) }), 4), /element type F3/);
  });

  it('refuses ranges that do not fit their shape', () => {
    refuses(fileWith(JSON.stringify({ w: tensor('F32', [2], [0, 4]) }), 4), /should take 8 bytes/);
    refuses(fileWith(JSON.stringify({ w: tensor('F32', [1], [4, 0]) }), 4), /takes -4/);
    const huge = tensor('F32', [2 ** 40, 2 ** 40], [0, 4]);
    refuses(fileWith(JSON.stringify({ w: huge }), 4), /should take/);
  });

  it('refuses ranges that overlap, leave gaps or leave the file', () => {
    const overlapping = { a: tensor('U8', [4], [0, 4]), b: tensor('U8', [4], [2, 6]) };
    refuses(fileWith(JSON.stringify(overlapping), 6), /"b" overlap/);
    const gap = { a: tensor('U8', [2], [0, 2]), b: tensor('U8', [2], [4, 6]) };
    refuses(fileWith(JSON.stringify(gap), 6), /leave a gap/);
    refuses(fileWith(JSON.stringify({ a: tensor('U8', [4], [0, 4]) }), 3), /beyond its end/);
    refuses(fileWith(JSON.stringify({ a: tensor('U8', [4], [0, 4]) }), 6), /2 bytes more/);
  });

  it('never fails in another way, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.json(), (bytes, json) => {
        for (const file of [bytes, fileWith(json)]) {
          try {
            readSafetensors(file);
          } catch (error) {
            assert.ok(error instanceof OnnxError, String(error));
          }
        }
      }),
    );
  });
});
