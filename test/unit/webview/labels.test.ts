import assert from 'node:assert/strict';
import fc from 'fast-check';
import { axisLabels, labelStep, type AxisRequest } from '../../../webview/map/labels';

const request: fc.Arbitrary<AxisRequest> = fc
  .record({
    count: fc.integer({ min: 1, max: 600 }),
    cell: fc.double({ min: 0.05, max: 60, noNaN: true }),
    length: fc.integer({ min: 30, max: 1200 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    marked: fc.array(fc.integer({ min: 0, max: 599 }), { maxLength: 6 }),
  })
  .map(({ count, cell, length, share, marked }) => {
    const offset = -share * Math.max(0, count * cell - length);
    return {
      start: Math.max(0, Math.floor(-offset / cell)),
      end: Math.min(count, Math.ceil((length - offset) / cell)),
      offset,
      cell,
      length,
      lineHeight: 14,
      marked,
    };
  });

describe('axis labels', () => {
  it('never overlap', () => {
    fc.assert(
      fc.property(request, (axis) => {
        const labels = axisLabels(axis);
        for (let index = 1; index < labels.length; index++)
          assert.ok(labels[index]!.at - labels[index - 1]!.at >= axis.lineHeight - 1e-3);
      }),
    );
  });

  it('stay inside the axis and name only tokens in sight', () => {
    fc.assert(
      fc.property(request, (axis) => {
        for (const { at, token } of axisLabels(axis)) {
          assert.ok(at >= axis.lineHeight / 2 && at <= axis.length - axis.lineHeight / 2);
          assert.ok(token >= axis.start && token < axis.end);
        }
      }),
    );
  });

  it('always show the most important marked token in sight', () => {
    fc.assert(
      fc.property(request, (axis) => {
        const first = axis.marked.find((token) => token >= axis.start && token < axis.end);
        if (first === undefined) return;
        assert.ok(axisLabels(axis).some(({ token, marked }) => marked && token === first));
      }),
    );
  });

  it('name every token when each has room', () => {
    const labels = axisLabels({
      start: 0,
      end: 20,
      offset: 0,
      cell: 20,
      length: 400,
      lineHeight: 14,
      marked: [],
    });
    assert.deepEqual(
      labels.map(({ token }) => token),
      Array.from({ length: 20 }, (_, token) => token),
    );
  });

  it('step in round numbers otherwise', () => {
    assert.equal(labelStep(14, 14), 1);
    assert.equal(labelStep(13, 14), 2);
    assert.equal(labelStep(1.2, 14), 20);
    assert.equal(labelStep(0.1, 14), 200);
  });
});
