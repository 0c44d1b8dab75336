import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  cellAt,
  clampOffset,
  fitCell,
  visibleCells,
  type Extent,
  type Viewport,
} from '../../../webview/map/viewport';

const extent: fc.Arbitrary<Extent> = fc.record({
  rows: fc.integer({ min: 1, max: 1000 }),
  columns: fc.integer({ min: 1, max: 1000 }),
});
const placed: fc.Arbitrary<{ extent: Extent; view: Viewport }> = fc
  .record({
    extent,
    width: fc.integer({ min: 1, max: 1500 }),
    height: fc.integer({ min: 1, max: 1500 }),
    k: fc.double({ min: 1, max: 50, noNaN: true }),
    x: fc.double({ min: -2000, max: 2000, noNaN: true }),
    y: fc.double({ min: -2000, max: 2000, noNaN: true }),
  })
  .map(({ extent: map, width, height, k, x, y }) => {
    const cell = fitCell(map, width, height) * k;
    const left = clampOffset(x, cell * map.columns, width);
    const top = clampOffset(y, cell * map.rows, height);
    return { extent: map, view: { width, height, cell, left, top } };
  });

describe('viewport', () => {
  it('fits the whole map, touching one side at least', () => {
    fc.assert(
      fc.property(extent, ({ rows, columns }) => {
        const cell = fitCell({ rows, columns }, 600, 400);
        const width = cell * columns;
        const height = cell * rows;
        assert.ok(width <= 600 + 1e-9 && height <= 400 + 1e-9);
        assert.ok(Math.abs(width - 600) < 1e-9 || Math.abs(height - 400) < 1e-9);
      }),
    );
  });

  it('finds under a point only cells that it counts as visible', () => {
    fc.assert(
      fc.property(placed, fc.double({ min: 0, max: 0.999, noNaN: true }), (given, share) => {
        const { view } = given;
        const cell = cellAt(view, given.extent, share * view.width, share * view.height);
        if (!cell) return;
        const { queries, keys } = visibleCells(view, given.extent);
        assert.ok(cell.query >= queries[0] && cell.query < queries[1]);
        assert.ok(cell.key >= keys[0] && cell.key < keys[1]);
      }),
    );
  });

  it('reads the neighbour of a cell whose sliver is too narrow to be in sight', () => {
    const map = { rows: 1, columns: 41 };
    const view = { width: 41, height: 1, cell: 50, left: -50 + 1e-8, top: 0 };
    assert.deepEqual(visibleCells(view, map).keys, [1, 2]);
    assert.deepEqual(cellAt(view, map, 0, 0), { query: 0, key: 1 });
  });

  it('never leaves a gap beside a map that is larger than its area', () => {
    fc.assert(
      fc.property(placed, ({ view, extent: map }) => {
        const right = view.left + view.cell * map.columns;
        if (view.cell * map.columns > view.width) {
          assert.ok(view.left <= 1e-9 && right >= view.width - 1e-6);
        } else assert.equal(view.left, 0);
      }),
    );
  });

  it('has no cell beside the map or outside the area', () => {
    const view = { width: 100, height: 100, cell: 5, left: 0, top: 0 };
    const map = { rows: 10, columns: 10 };
    assert.equal(cellAt(view, map, 60, 20), null);
    assert.equal(cellAt(view, map, -1, 20), null);
    assert.deepEqual(cellAt(view, map, 49, 0), { query: 0, key: 9 });
  });
});
