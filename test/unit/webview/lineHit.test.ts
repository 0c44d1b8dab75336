import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LinesPlace } from '../../../webview/lines/geometry';
import type { Line } from '../../../webview/lines/lineChoice';
import { lineUnder } from '../../../webview/lines/lineHit';
import { traceLine } from '../../../webview/lines/paintLines';

const place: LinesPlace = { width: 800, height: 600, row: 18, top: -40, left: 150, right: 610 };

/** A point of the curve that is drawn, at its own parameter. */
function pointOf(line: Line, at: number): { x: number; y: number } {
  const points: [number, number][] = [];
  traceLine(
    {
      moveTo: (x, y) => points.push([x, y]),
      bezierCurveTo: (ax, ay, bx, by, x, y) => points.push([ax, ay], [bx, by], [x, y]),
    },
    place,
    line,
  );
  const share = [(1 - at) ** 3, 3 * (1 - at) ** 2 * at, 3 * (1 - at) * at ** 2, at ** 3];
  const along = (axis: 0 | 1): number =>
    points.reduce((sum, point, index) => sum + point[axis] * share[index]!, 0);
  return { x: along(0), y: along(1) };
}

const token = fc.integer({ min: 0, max: 40 });
const line = fc.record({
  query: token,
  key: token,
  head: fc.constant(0),
  weight: fc.constant(0.5),
});

describe('the line under a point', () => {
  it('is the one that is drawn there', () => {
    fc.assert(
      fc.property(line, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (drawn, at) => {
        assert.equal(lineUnder(place, [drawn], pointOf(drawn, at)), drawn);
      }),
    );
  });

  it('is none beside the lines, or far from all', () => {
    fc.assert(
      fc.property(line, fc.double({ min: 0, max: 1, noNaN: true }), (drawn, at) => {
        const { x, y } = pointOf(drawn, at);
        assert.equal(lineUnder(place, [drawn], { x, y: y + 400 }), null);
        assert.equal(lineUnder(place, [drawn], { x: x - 470, y }), null);
      }),
    );
  });

  it('is of several in one place the one on top', () => {
    const below: Line = { query: 3, key: 9, head: 0, weight: 0.2 };
    const above: Line = { query: 3, key: 9, head: 1, weight: 0.4 };
    assert.equal(lineUnder(place, [below, above], pointOf(below, 0.4)), above);
  });
});
