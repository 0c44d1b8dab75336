import { toLab, toRgb, type Rgb } from './oklab';
import { isDark, RAMP_STEPS, type Ramp } from './ramp';

/** The entry that stands for zero: as many entries lie on either side of it, entry 0 repeats entry 1. */
export const NEUTRAL_STEP = RAMP_STEPS / 2;

/** Hues in OKLCH, degrees: blue and vermilion stay apart with every common colour blindness. */
const LESS_HUE = 250;
const MORE_HUE = 42;
const CHROMA = 0.19;
/** Lightness of the ends: as far as both hues still have colour. */
const END_ON_DARK = 0.76;
const END_ON_LIGHT = 0.44;
/** Colour comes in faster than lightness, so that the sign of small differences can be told. */
const CHROMA_BEND = 0.7;
/** Screens show nothing darker than this apart from black. */
const LEAST_LIGHTNESS = 0.2;

/**
 * The diverging map: zero is the panel's background, so that no difference disappears; below
 * zero blue, above it vermilion, and equal differences are equally light on both sides.
 */
export function divergingRamp(background: Rgb): Ramp {
  const [neutralL, neutralA, neutralB] = toLab(background);
  const end = isDark(background) ? END_ON_DARK : END_ON_LIGHT;
  const ramp = new Uint8ClampedArray(RAMP_STEPS * 4);
  const start = Math.max(neutralL, LEAST_LIGHTNESS);
  const side = NEUTRAL_STEP - 1;
  for (let step = 0; step < RAMP_STEPS; step++) {
    const signed = Math.max(-1, (step - NEUTRAL_STEP) / side);
    const share = Math.abs(signed);
    const hue = ((signed < 0 ? LESS_HUE : MORE_HUE) * Math.PI) / 180;
    const chroma = CHROMA * share ** CHROMA_BEND;
    const color =
      share === 0
        ? background
        : toRgb([
            start + (end - start) * share,
            neutralA * (1 - share) + chroma * Math.cos(hue),
            neutralB * (1 - share) + chroma * Math.sin(hue),
          ]);
    ramp.set([...color, 255], step * 4);
  }
  return ramp;
}
