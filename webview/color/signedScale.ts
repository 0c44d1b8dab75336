import { scaleLinear } from 'd3-scale';
import { RAMP_STEPS } from './ramp';
import { NEUTRAL_STEP } from './diverging';
import type { ScaleKind, WeightScale } from './scale';

/** Where the middle of a diverging ramp lies, as a place on it. */
const MIDDLE = NEUTRAL_STEP / (RAMP_STEPS - 1);
/** A log scale of differences tells apart what is this many times smaller than the largest. */
const LOG_RATIO = 100;
const USUAL_SHARE = 0.995;

/**
 * From numbers with a sign to places on a diverging ramp: zero in its middle, −max and max at
 * its ends, the same on both sides. `log` is linear up to max / 100 and logarithmic beyond
 * (symmetric log, Webber 2013), so that small differences become visible.
 *
 * @param max the largest absolute value in sight; without any, 1
 */
export function signedScale(kind: ScaleKind, max: number): WeightScale {
  const top = max > 0 ? max : 1;
  const bend = top / LOG_RATIO;
  const share = (value: number): number => {
    const size = Math.min(1, Math.abs(value) / top);
    return kind === 'linear' ? size : Math.log1p((size * top) / bend) / Math.log1p(top / bend);
  };
  return {
    kind,
    max: top,
    min: -top,
    floor: 0,
    position: (value) => {
      if (Number.isNaN(value) || value === 0) return MIDDLE;
      return MIDDLE + Math.sign(value) * share(value) * (1 - MIDDLE);
    },
    ticks: (count) => (kind === 'linear' ? scaleLinear([-top, top], [0, 1]).ticks(count) : [0]),
  };
}

/**
 * The end of a scale for numbers of which a few stand far out: what all but one in two hundred
 * stay below, where that is less than half of the largest.
 */
export function usualLargest(values: Float32Array): number {
  const max = largest(values);
  const sizes = values.map(Math.abs).sort();
  const most = sizes[Math.floor((sizes.length - 1) * USUAL_SHARE)] ?? max;
  return most > 0 && most < max / 2 ? most : max;
}

/** The largest absolute value, 0 without any. */
export function largest(values: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, Math.abs(values[i]!));
  return max;
}
