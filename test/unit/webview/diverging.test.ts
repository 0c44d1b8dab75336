import assert from 'node:assert/strict';
import fc from 'fast-check';
import { divergingRamp, NEUTRAL_STEP } from '../../../webview/color/diverging';
import { toLab, type Rgb } from '../../../webview/color/oklab';
import { RAMP_STEPS } from '../../../webview/color/ramp';
import { colorize } from '../../../webview/color/scale';
import { largest, signedScale, usualLargest } from '../../../webview/color/signedScale';
import { legendTicks } from '../../../webview/map/legendTicks';

const BACKGROUNDS: readonly Rgb[] = [
  [255, 255, 255],
  [31, 31, 31],
  [0, 0, 0],
  [253, 246, 227],
];
const entry = (ramp: Uint8ClampedArray, step: number): Rgb => [
  ramp[step * 4]!,
  ramp[step * 4 + 1]!,
  ramp[step * 4 + 2]!,
];
const kind = fc.constantFrom('linear' as const, 'log' as const);
const size = fc.double({ min: 1e-6, max: 1e3, noNaN: true });

describe('diverging ramp', () => {
  for (const background of BACKGROUNDS)
    it(`is neutral at zero and as light on both sides, on ${background.join()}`, () => {
      const ramp = divergingRamp(background);
      assert.deepEqual(entry(ramp, NEUTRAL_STEP), background);
      let before = 0;
      for (let step = 1; step < NEUTRAL_STEP; step++) {
        const [less] = toLab(entry(ramp, NEUTRAL_STEP - step));
        const [more] = toLab(entry(ramp, NEUTRAL_STEP + step));
        // Bytes are too coarse to be as light as each other next to black.
        if (Math.min(less, more) > 0.2)
          assert.ok(Math.abs(less - more) < 0.008, `step ${step}: ${less} and ${more}`);
        const moved = Math.abs(more - toLab(background)[0]);
        assert.ok(moved >= before - 0.006, `step ${step}`);
        before = moved;
      }
      assert.ok(before > 0.4);
    });

  it('tells the two signs apart by more than red and green', () => {
    for (const background of BACKGROUNDS) {
      const ramp = divergingRamp(background);
      const [, , less] = toLab(entry(ramp, 0));
      const [, , more] = toLab(entry(ramp, RAMP_STEPS - 1));
      assert.ok(less < -0.08 && more > 0.05, `${less} ${more}`);
    }
  });
});

describe('scale with a sign', () => {
  it('is symmetric, and puts zero on the neutral entry', () => {
    fc.assert(
      fc.property(kind, size, fc.double({ min: 0, max: 1, noNaN: true }), (how, max, share) => {
        const scale = signedScale(how, max);
        const last = RAMP_STEPS - 1;
        assert.equal(scale.position(0) * last, NEUTRAL_STEP);
        assert.equal(scale.position(NaN) * last, NEUTRAL_STEP);
        const above = scale.position(max * share) * last - NEUTRAL_STEP;
        const below = NEUTRAL_STEP - scale.position(-max * share) * last;
        assert.ok(Math.abs(above - below) < 1e-9, `${above} ${below}`);
        assert.ok(above <= last - NEUTRAL_STEP + 1e-9);
      }),
    );
  });

  it('never turns the order of two values around', () => {
    const value = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(kind, value, value, (how, a, b) => {
        const scale = signedScale(how, 1);
        assert.ok(scale.position(Math.min(a, b)) <= scale.position(Math.max(a, b)));
      }),
    );
  });

  it('draws what has no difference as the background', () => {
    const ramp = divergingRamp([31, 31, 31]);
    const pixels = new Uint8ClampedArray(4 * 3);
    colorize(Float32Array.of(0, 0.5, -0.5), 1, signedScale('linear', 0.5), ramp, pixels);
    assert.deepEqual([...pixels.slice(0, 4)], [31, 31, 31, 255]);
    assert.deepEqual(pixels.slice(4, 8), ramp.slice(-4));
    assert.deepEqual([...pixels.slice(8, 11)], [...entry(ramp, 0)]);
  });

  it('has a legend from −max over zero to max', () => {
    const ticks = legendTicks(signedScale('log', 0.2), String);
    assert.deepEqual(
      ticks.map(({ text }) => text),
      ['-0.2', '0', '0.2'],
    );
  });

  it('does not let a few numbers that stand far out take all colours', () => {
    const values = Float32Array.from({ length: 1000 }, (_, index) => Math.sin(index) * 0.1);
    assert.equal(usualLargest(values), largest(values));
    values[500] = -9;
    assert.ok(usualLargest(values) < 0.11);
  });
});
