import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readNpy, writeNpy, type NpyType } from '../../../archive/npy';

const SIZES: { readonly [type in NpyType]: number } = { '<f4': 4, '<f2': 2, '|u1': 1 };

describe('Arrays of NumPy', () => {
  const arrays = fc
    .tuple(
      fc.constantFrom<NpyType>('<f4', '<f2', '|u1'),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
    )
    .map(([type, shape]) => {
      const count = shape.reduce((product, size) => product * size, SIZES[type]);
      return { type, shape, data: Uint8Array.from({ length: count }, (_, at) => at) };
    });

  it('are read back', () => {
    fc.assert(
      fc.property(arrays, ({ type, shape, data }) => {
        assert.deepEqual(readNpy(writeNpy(type, shape, data)), { type, shape, data });
      }),
    );
  });

  it('have a buffer of their own, also where they come from one of Node’s', () => {
    const file = Buffer.from(writeNpy('<f4', [2], new Uint8Array(Float32Array.of(1, 2).buffer)));
    assert.deepEqual(new Float32Array(readNpy(file)!.data.buffer), Float32Array.of(1, 2));
  });

  it('are nothing where a byte is missing, or too many', () => {
    fc.assert(
      fc.property(arrays, ({ type, shape, data }) => {
        const file = writeNpy(type, shape, data);
        assert.equal(readNpy(file.subarray(0, -1)), null);
        assert.equal(readNpy(Uint8Array.from([...file, 0])), null);
      }),
    );
  });

  it('of other types and orders are nothing', () => {
    const file = writeNpy('<f4', [1], new Uint8Array(4));
    const text = Buffer.from(file).toString('latin1');
    for (const [from, to] of [
      ['<f4', '|O4'],
      ['False', 'True '],
      ['NUMPY', 'NUMPX'],
      ['(1,)', '(9,)'],
    ] as const)
      assert.equal(readNpy(new Uint8Array(Buffer.from(text.replace(from, to), 'latin1'))), null);
  });
});
