import { scaleLinear, scaleLog } from 'd3-scale';
import { RAMP_STEPS } from './ramp';

export type ScaleKind = 'linear' | 'log';

/** From weights to places on the colour ramp. */
export interface WeightScale {
  readonly kind: ScaleKind;
  /** The weight drawn in the last colour. */
  readonly max: number;
  /** Weights up to this one are drawn as background: 0 when linear. */
  readonly floor: number;
  /** Place on the ramp, 0 … 1. */
  position(weight: number): number;
  /** Values for a legend, increasing, all within floor … max. */
  ticks(count: number): number[];
}

/**
 * A log ramp has to begin somewhere. It begins at half of what a token gets when all are
 * read alike: below that there is nothing to tell apart, however long the text is.
 */
export const LOG_FLOOR_OF_UNIFORM = 0.5;
/** A short text has a large uniform weight; the ramp still spans at least this ratio. */
const LEAST_RATIO = 50;

/**
 * @param max the largest weight in sight, 0 … 1 (a picture without any weight counts as 1)
 * @param tokens how many tokens one row has to share its weight among
 */
export function weightScale(kind: ScaleKind, max: number, tokens: number): WeightScale {
  const top = max > 0 ? max : 1;
  return kind === 'linear' ? linear(top) : log(top, tokens);
}

function linear(max: number): WeightScale {
  const scale = scaleLinear([0, max], [0, 1]);
  return {
    kind: 'linear',
    max,
    floor: 0,
    position: (weight) => clamp(weight / max),
    ticks: (count) => scale.ticks(count),
  };
}

function log(max: number, tokens: number): WeightScale {
  const floor = Math.min(LOG_FLOOR_OF_UNIFORM / Math.max(1, tokens), max / LEAST_RATIO);
  const logFloor = Math.log(floor);
  const range = Math.log(max) - logFloor;
  const scale = scaleLog([floor, max], [0, 1]);
  return {
    kind: 'log',
    max,
    floor,
    position: (weight) => (weight <= floor ? 0 : clamp((Math.log(weight) - logFloor) / range)),
    ticks: (count) => thin(scale.ticks(count).filter(isRound), count),
  };
}

/** 1, 2 or 5 times a power of ten. */
function isRound(value: number): boolean {
  const mantissa = Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(3));
  return mantissa === 1 || mantissa === 2 || mantissa === 5;
}

function thin(values: number[], count: number): number[] {
  const step = Math.max(1, Math.ceil(values.length / count));
  return values.filter((_, index) => (values.length - 1 - index) % step === 0);
}

function clamp(value: number): number {
  return value <= 0 || Number.isNaN(value) ? 0 : value >= 1 ? 1 : value;
}

/** The ramp's entry for each value; writes RGBA pixels. */
export function colorize(
  values: ArrayLike<number>,
  unit: number,
  scale: WeightScale,
  ramp: Uint8ClampedArray,
  pixels: Uint8ClampedArray,
): void {
  const last = RAMP_STEPS - 1;
  for (let i = 0; i < values.length; i++) {
    const at = Math.round(scale.position(values[i]! * unit) * last) * 4;
    const to = i * 4;
    pixels[to] = ramp[at]!;
    pixels[to + 1] = ramp[at + 1]!;
    pixels[to + 2] = ramp[at + 2]!;
    pixels[to + 3] = 255;
  }
}
