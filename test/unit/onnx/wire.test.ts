import assert from 'node:assert/strict';
import { MessageWriter } from '../../../server/onnx/wire';

const hex = (message: MessageWriter): string => Buffer.from(message.finish()).toString('hex');

describe('MessageWriter', () => {
  it('writes the examples of the encoding guide', () => {
    assert.equal(hex(new MessageWriter().integer(1, 150)), '089601');
    assert.equal(hex(new MessageWriter().string(2, 'testing')), '120774657374696e67');
    const inner = new MessageWriter().integer(1, 150);
    assert.equal(hex(new MessageWriter().message(3, inner)), '1a03089601');
    assert.equal(hex(new MessageWriter().packedIntegers(6, [3, 270, 86942])), '3206038e029ea705');
  });

  it('writes negative numbers as 64-bit two’s complement', () => {
    assert.equal(hex(new MessageWriter().integer(1, -1)), '08ffffffffffffffffff01');
    assert.equal(hex(new MessageWriter().integer(1, -(2n ** 63n))), '0880808080808080808001');
  });

  it('keeps integers beyond 32 bits exact', () => {
    assert.equal(hex(new MessageWriter().integer(1, 2 ** 40)), '08808080808020');
  });

  it('writes floats in four bytes and tags beyond 15 in two', () => {
    assert.equal(hex(new MessageWriter().float(2, 1)), '150000803f');
    assert.equal(hex(new MessageWriter().integer(20, 7)), 'a00107');
  });
});
