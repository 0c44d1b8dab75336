import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csvBytes, npyBytes } from '../../../webview/position/matrixFile';

const matrix = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70 }))
  .chain(([rows, columns]) =>
    fc
      .array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
        minLength: rows * columns,
        maxLength: rows * columns,
      })
      .map((numbers) => ({
        positions: Array.from({ length: rows }, (_, row) => 3 * row),
        columns,
        values: Float32Array.from(numbers, (number) => number + 0),
      })),
  );

describe('an exported matrix', () => {
  it('is read back from CSV, every float32 exactly', () => {
    fc.assert(
      fc.property(matrix, (given) => {
        const text = new TextDecoder().decode(csvBytes(given));
        assert.ok(text.endsWith('\r\n'));
        const [header, ...lines] = text.trimEnd().split('\r\n');
        assert.equal(header?.split(',').length, given.columns + 1);
        const cells = lines.map((line) => line.split(',').map(Number));
        assert.deepEqual(
          cells.map(([position]) => position),
          given.positions,
        );
        assert.deepEqual(Float32Array.from(cells.flatMap(([, ...values]) => values)), given.values);
      }),
    );
  });

  it('is read back from NPY as its format says', () => {
    fc.assert(
      fc.property(matrix, (given) => {
        const bytes = npyBytes(given);
        const view = new DataView(bytes.buffer);
        assert.deepEqual([...bytes.subarray(0, 8)], [0x93, 78, 85, 77, 80, 89, 1, 0]);
        const start = 10 + view.getUint16(8, true);
        assert.equal(start % 64, 0);
        const header = new TextDecoder().decode(bytes.subarray(10, start));
        assert.ok(header.endsWith('\n'));
        assert.equal(
          header.trimEnd(),
          `{'descr': '<f4', 'fortran_order': False, 'shape': (${given.positions.length}, ${given.columns}), }`,
        );
        const values = given.values.map((_, index) => view.getFloat32(start + 4 * index, true));
        assert.deepEqual(values, given.values);
        assert.equal(bytes.length, start + 4 * given.values.length);
      }),
    );
  });
});
