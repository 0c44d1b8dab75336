import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cut } from '../../../server/engine/slices';

/** A tensor whose every number says where it stands. */
function tensor(dims: number[]) {
  const count = dims.reduce((product, size) => product * size, 1);
  return { dims, data: Float32Array.from({ length: count }, (_, at) => at) };
}

describe('slices of tensors', () => {
  it('are whole without the batch, or one index of an axis', () => {
    const output = tensor([1, 2, 3, 2]);
    const of = (at: { axis: number; index: number } | null) => cut(output, { output: 't', at });
    assert.deepEqual(of(null), { shape: [2, 3, 2], values: output.data });
    assert.deepEqual(of({ axis: 1, index: 1 }), {
      shape: [3, 2],
      values: Float32Array.of(6, 7, 8, 9, 10, 11),
    });
    assert.deepEqual(of({ axis: 2, index: 0 }), {
      shape: [2, 2],
      values: Float32Array.of(0, 1, 6, 7),
    });
    assert.deepEqual(of({ axis: 3, index: 1 }), {
      shape: [2, 3],
      values: Float32Array.of(1, 3, 5, 7, 9, 11),
    });
  });

  it('of every index of an axis make up the tensor', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, which) => {
        const output = tensor([1, ...shape]);
        const axis = 1 + (which % shape.length);
        const numbers = Array.from({ length: shape[axis - 1]! }, (_, index) => [
          ...cut(output, { output: 't', at: { axis, index } }).values,
        ]).flat();
        assert.deepEqual(
          numbers.sort((a, b) => a - b),
          [...output.data],
        );
      }),
    );
  });

  it('that are not there are refused, the batch among them', () => {
    const output = tensor([1, 2, 3]);
    for (const at of [
      { axis: 0, index: 0 },
      { axis: 3, index: 0 },
      { axis: -1, index: 0 },
      { axis: 1, index: 2 },
      { axis: 1, index: -1 },
      { axis: 1, index: 0.5 },
    ]) {
      assert.throws(() => cut(output, { output: 't', at }), {
        reason: 'badRequest',
        message: /"t"/,
      });
    }
  });
});
