import assert from 'node:assert/strict';
import { openSession } from '../../../server/engine/session.node';
import { GraphBuilder } from '../../../server/onnx/graph';
import { OnnxError } from '../../../server/onnx/onnxError';
import { PACKED, packWeights } from '../../../server/onnx/packWeights';
import { memorySource } from '../../../server/onnx/tap/byteSource';

/** Longer than what is read of it. */
const file = (factor: number) =>
  new Uint8Array(Float32Array.from({ length: 4000 }, (_, at) => at * factor).buffer);
const FIRST = file(1);
const SECOND = file(-0.5);

/** y = x + three vectors of two files, the first two of which overlap. */
function graph(): Uint8Array {
  const builder = new GraphBuilder('packed', 20);
  const at = (location: string, offset: number) =>
    builder.external(`${location}.${offset}`, 'float32', [2], { location, offset, length: 8 });
  let sum = builder.input('x', 'float32', [2]);
  for (const added of [at('a.bin', 400), at('a.bin', 404), at('b.bin', 8000)])
    sum = builder.node('Add', [sum, added]);
  builder.node('Identity', [sum], {}, 'y');
  builder.output('y', 'float32', [2]);
  return builder.finish();
}

describe('packed weights', () => {
  it('are all that the graph reads, and compute the same', async () => {
    const files = { 'a.bin': memorySource(FIRST), 'b.bin': memorySource(SECOND) };
    const packed = packWeights(graph(), files);
    assert.ok(packed.weights.length < 3 * 64);
    const weights = { [PACKED]: packed.weights };
    const session = await openSession({ graph: packed.graph, weights, threads: 1 });
    // What the session needs it has taken over.
    packed.weights.fill(0);
    const data = Float32Array.of(0.25, 0.5);
    const outputs = await session.run({ x: { type: 'float32', dims: [2], data } }, ['y']);
    const expected = [0.25 + 100 + 101 - 1000, 0.5 + 101 + 102 - 1000.5];
    assert.deepEqual([...outputs.get('y')!.data], expected);
    await session.release();
  });

  it('are refused where they reach beyond their file', () => {
    const files = { 'a.bin': memorySource(FIRST.subarray(0, 410)), 'b.bin': memorySource(SECOND) };
    assert.throws(
      () => packWeights(graph(), files),
      (error) => error instanceof OnnxError && /a\.bin\.404.*"a\.bin"/.test(error.message),
    );
  });

  it('leave a graph without any as it is', () => {
    const plain = new GraphBuilder('plain', 20);
    const y = plain.node('Identity', [plain.input('x', 'float32', [2])], {}, 'y');
    plain.output(y, 'float32', [2]);
    const bytes = plain.finish();
    assert.equal(packWeights(bytes, {}).graph, bytes);
  });
});
