import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeBytes, decodeFloats } from '../../../client/bytes';

describe('base64 of the protocol', () => {
  it('gives back any bytes, in a buffer of exactly their size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = decodeBytes(Buffer.from(bytes).toString('base64'));
        assert.deepEqual([...decoded], [...bytes]);
        assert.equal(decoded.buffer.byteLength, bytes.length);
      }),
    );
  });

  it('gives back any float32 numbers bit by bit', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 50 }), (numbers) => {
        const text = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
        const decoded = decodeFloats(text.toString('base64'));
        assert.equal(decoded.buffer.byteLength, numbers.byteLength);
        assert.deepEqual(decoded, Float32Array.from(numbers));
      }),
    );
  });

  it('refuses what is not base64 of whole numbers', () => {
    assert.throws(() => decodeBytes('abc'), RangeError);
    assert.throws(() => decodeBytes('ab c'), RangeError);
    assert.throws(() => decodeBytes('ab=d'), RangeError);
    assert.throws(() => decodeBytes('é==='), RangeError);
    assert.throws(() => decodeFloats(Buffer.from([1, 2, 3]).toString('base64')), RangeError);
  });
});
