import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bandPath, chartGeometry, indexAt, linePath } from '../../../webview/chart/geometry';
import { matrixCellAt, moveInMatrix } from '../../../webview/position/matrixCells';
import { sharesBar } from '../../../webview/laboratory/sharesBar';

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const request = (values: number[], log = false) => ({
  width: 400,
  height: 150,
  values,
  band: null,
  log,
  include: null,
});

describe('line chart', () => {
  it('keeps line, band and ticks inside its plot', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
        const band = { low: values.map((each) => each - 1), high: values.map((each) => each + 2) };
        const geometry = chartGeometry({ ...request(values), band });
        const { left, right, top, bottom } = geometry;
        for (const [index, each] of values.entries()) {
          assert.ok(geometry.x(index) >= left && geometry.x(index) <= right);
          for (const height of [each, band.low[index]!, band.high[index]!])
            assert.ok(geometry.y(height) >= top - 1e-6 && geometry.y(height) <= bottom + 1e-6);
        }
        for (const { at } of geometry.yTicks) assert.ok(at >= top - 1e-6 && at <= bottom + 1e-6);
        assert.equal(linePath(values, geometry).match(/M/g)?.length, 1);
        assert.ok(bandPath(band, geometry).endsWith('Z'));
      }),
    );
  });

  it('is as high as the band from where it is told to, and never lower than the line', () => {
    const values = [3, 1, 2];
    const band = { low: [-900, 0, 1], high: [900, 2, 3] };
    const heights = [0, 1].map((bandFrom) => {
      const { yTicks } = chartGeometry({ ...request(values), band, bandFrom });
      return yTicks.at(-1)?.value;
    });
    assert.deepEqual(heights, [1000, 3]);
  });

  it('leaves out of a logarithmic axis what it cannot show', () => {
    const geometry = chartGeometry(request([1, 0, 100, Infinity, 1000], true));
    assert.equal(linePath([1, 0, 100, Infinity, 1000], geometry).match(/M/g)?.length, 3);
    for (const { value: tick } of geometry.yTicks)
      assert.ok(Number.isInteger(Math.log10(tick)), String(tick));
  });

  it('finds the value under the pointer', () => {
    const geometry = chartGeometry(request([1, 2, 3, 4, 5]));
    for (let index = 0; index < 5; index++)
      assert.equal(indexAt(geometry.x(index), 5, geometry), index);
    const bars = chartGeometry({ ...request([1, 2, 3]), bars: true, from: -1 });
    assert.equal(indexAt(bars.x(2), 3, bars), 2);
    assert.ok(Math.abs(bars.x(0) - bars.left - (bars.right - bars.x(2))) < 1e-9);
    assert.deepEqual(
      bars.xTicks.map(({ value }) => value),
      [-1, 0, 1],
    );
    assert.equal(indexAt(-50, 5, geometry), 0);
    assert.equal(indexAt(5000, 5, geometry), 4);
  });
});

describe('matrix', () => {
  const size = { rows: 7, columns: 9 };

  it('finds each cell at its middle, and none beside it', () => {
    const area = { width: 90, height: 140 };
    assert.deepEqual(matrixCellAt(area, size, 25, 130), { row: 6, column: 2 });
    assert.equal(matrixCellAt(area, size, 90, 5), null);
    assert.equal(matrixCellAt(area, size, -1, 5), null);
  });

  it('is walked by keys, within its bounds, from the row at hand', () => {
    assert.deepEqual(moveInMatrix(null, 'ArrowDown', size, 4), { row: 4, column: 0 });
    assert.deepEqual(moveInMatrix({ row: 6, column: 3 }, 'ArrowDown', size, null), {
      row: 6,
      column: 3,
    });
    assert.deepEqual(moveInMatrix({ row: 2, column: 3 }, 'End', size, null), { row: 2, column: 8 });
    assert.equal(moveInMatrix({ row: 2, column: 3 }, 'a', size, null), undefined);
  });
});

describe('bars of position and content', () => {
  it('begin at one zero and have lengths in proportion', () => {
    const part = fc.integer({ min: -1000, max: 1000 }).filter((number) => number !== 0);
    fc.assert(
      fc.property(part, part, (position, content) => {
        const bar = sharesBar(position, content);
        for (const [number, { left, width }] of [
          [position, bar.position],
          [content, bar.content],
        ] as const) {
          assert.ok(left >= -1e-9 && left + width <= 100 + 1e-9);
          assert.ok(Math.abs((number < 0 ? left + width : left) - bar.zero) < 1e-6);
        }
        const ratio = bar.position.width / bar.content.width;
        assert.ok(Math.abs(ratio / Math.abs(position / content) - 1) < 1e-6);
      }),
    );
  });
});
