import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toLab, toRgb, type Rgb } from '../../../webview/color/oklab';
import { isDark, RAMP_STEPS, sequentialRamp } from '../../../webview/color/ramp';

const channel = fc.integer({ min: 0, max: 255 });
const color = fc.tuple(channel, channel, channel);
/** Backgrounds that editors have: plainly light or plainly dark. */
const background = color.filter((rgb) => {
  const [lightness] = toLab(rgb);
  return lightness < 0.45 || lightness > 0.8;
});

const entry = (ramp: Uint8ClampedArray, step: number): Rgb => [
  ramp[step * 4]!,
  ramp[step * 4 + 1]!,
  ramp[step * 4 + 2]!,
];

describe('OKLab', () => {
  it('gives back every sRGB colour', () => {
    fc.assert(
      fc.property(color, (rgb) => {
        assert.deepEqual(toRgb(toLab(rgb)), rgb);
      }),
    );
  });

  it('knows white, black and the published values of red', () => {
    assert.deepEqual(
      toLab([255, 255, 255]).map((value) => Math.round(value * 1000) / 1000 + 0),
      [1, 0, 0],
    );
    assert.deepEqual(toLab([0, 0, 0]), [0, 0, 0]);
    const [lightness, a, b] = toLab([255, 0, 0]);
    assert.ok(Math.abs(lightness - 0.628) < 1e-3);
    assert.ok(Math.abs(a - 0.225) < 1e-3);
    assert.ok(Math.abs(b - 0.126) < 1e-3);
  });

  it('keeps lightness and hue of what a screen cannot show', () => {
    const rgb = toRgb([0.7, 0.35, -0.2]);
    const [lightness, a, b] = toLab(rgb);
    assert.ok(Math.abs(lightness - 0.7) < 0.01);
    assert.ok(Math.abs(Math.atan2(b, a) - Math.atan2(-0.2, 0.35)) < 0.05);
  });
});

describe('sequential ramp', () => {
  it('begins at the background, so that zero disappears', () => {
    fc.assert(
      fc.property(background, (rgb) => {
        assert.deepEqual(entry(sequentialRamp(rgb), 0), rgb);
      }),
    );
  });

  it('has lightness that only moves away from the background, in nearly equal steps', () => {
    fc.assert(
      fc.property(background, (rgb) => {
        const ramp = sequentialRamp(rgb);
        const dark = isDark(rgb);
        const lightness = Array.from(
          { length: RAMP_STEPS },
          (_, step) => toLab(entry(ramp, step))[0],
        );
        const total = lightness.at(-1)! - lightness[0]!;
        assert.equal(total > 0, dark);
        const even = total / (RAMP_STEPS - 1);
        for (let step = 1; step < RAMP_STEPS; step++) {
          const moved = lightness[step]! - lightness[0]!;
          // Colours are bytes: half a byte of rounding is the most that a step may be off.
          assert.ok(Math.abs(moved - even * step) < 0.006, `step ${step}: ${moved}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is opaque', () => {
    const ramp = sequentialRamp([31, 31, 31]);
    for (let step = 0; step < RAMP_STEPS; step++) assert.equal(ramp[step * 4 + 3], 255);
  });

  it('ends far from the background in every theme', () => {
    for (const rgb of [
      [255, 255, 255],
      [31, 31, 31],
      [0, 0, 0],
      [253, 246, 227],
    ] as const) {
      const ramp = sequentialRamp(rgb);
      const [first] = toLab(rgb);
      const [last] = toLab(entry(ramp, RAMP_STEPS - 1));
      assert.ok(Math.abs(last - first) > 0.6);
    }
  });
});
