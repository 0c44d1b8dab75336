import assert from 'node:assert/strict';
import fc from 'fast-check';
import { colorize, weightScale } from '../../../webview/color/scale';
import { sequentialRamp } from '../../../webview/color/ramp';
import { legendTicks } from '../../../webview/map/legendTicks';

const weight = fc.double({ min: 1e-9, max: 1, noNaN: true });
const kind = fc.constantFrom('linear' as const, 'log' as const);
const shares = fc.integer({ min: 1, max: 100_000 });

describe('weight scale', () => {
  it('puts zero at the start and the largest weight at the end', () => {
    fc.assert(
      fc.property(kind, weight, shares, (scaleKind, max, count) => {
        const scale = weightScale(scaleKind, max, count);
        assert.equal(scale.position(0), 0);
        assert.equal(scale.position(scale.floor), 0);
        assert.equal(scale.position(max), 1);
        assert.equal(scale.position(2 * max), 1);
      }),
    );
  });

  it('never turns the order of two weights around', () => {
    fc.assert(
      fc.property(kind, weight, shares, weight, weight, (scaleKind, max, count, a, b) => {
        const scale = weightScale(scaleKind, max, count);
        const [less, more] = a < b ? [a, b] : [b, a];
        assert.ok(scale.position(less) <= scale.position(more));
      }),
    );
  });

  it('has ticks that increase within its range and are round', () => {
    fc.assert(
      fc.property(kind, weight, shares, (scaleKind, max, count) => {
        const scale = weightScale(scaleKind, max, count);
        const ticks = scale.ticks(5);
        ticks.forEach((tick, index) => {
          assert.ok(tick >= scale.floor && tick <= max);
          if (index > 0) assert.ok(tick > ticks[index - 1]!);
        });
      }),
    );
  });

  it('begins a log ramp at a round value not above uniform attention', () => {
    assert.equal(weightScale('log', 0.9, 512).floor, 0.001);
    assert.equal(weightScale('log', 1, 100).floor, 0.01);
    assert.equal(weightScale('log', 1, 2).floor, 0.02);
  });

  it('takes a picture without any weight for one of full range', () => {
    const scale = weightScale('log', 0, 10);
    assert.equal(scale.max, 1);
    assert.equal(scale.position(0), 0);
  });
});

describe('colorize', () => {
  it('draws zero as the background and the maximum as the last colour', () => {
    const ramp = sequentialRamp([31, 31, 31]);
    const pixels = new Uint8ClampedArray(3 * 4);
    colorize(Uint8Array.of(0, 255, 1), 0.8 / 255, weightScale('linear', 0.8, 10), ramp, pixels);
    assert.deepEqual([...pixels.slice(0, 4)], [31, 31, 31, 255]);
    assert.deepEqual(pixels.slice(4, 8), ramp.slice(-4));
    assert.deepEqual(pixels.slice(8, 12), ramp.slice(4, 8));
  });
});

describe('legend', () => {
  it('keeps its numbers apart and names both ends', () => {
    fc.assert(
      fc.property(kind, weight, shares, (scaleKind, max, count) => {
        const ticks = legendTicks(weightScale(scaleKind, max, count));
        assert.equal(ticks[0]?.at, 0);
        assert.equal(ticks.at(-1)?.at, 1);
        for (let index = 1; index < ticks.length; index++)
          assert.ok(ticks[index]!.at - ticks[index - 1]!.at > 0.15);
      }),
    );
  });
});
