import { scaleLinear } from 'd3-scale';
import { RAMP_STEPS } from './ramp';

export type ScaleKind = 'linear' | 'log';

/** From weights to places on the colour ramp. */
export interface WeightScale {
  readonly kind: ScaleKind;
  /** The value drawn in the last colour. */
  readonly max: number;
  /** The value drawn in the first colour, where values have a sign: −max. */
  readonly min?: number;
  /** Weights up to this one are drawn as background: 0 when linear. */
  readonly floor: number;
  /** Place on the ramp, 0 … 1. */
  position(weight: number): number;
  /** About `count` round values for a legend, increasing, all within floor … max. */
  ticks(count: number): number[];
}

/** A short text has a large uniform weight; the ramp still spans at least this ratio. */
const LEAST_RATIO = 50;

/**
 * A log ramp has to begin somewhere. It begins at what a token gets when all are read alike:
 * below that there is little to tell apart, however long the text is.
 *
 * @param max the largest weight in sight, 0 … 1 (a picture without any weight counts as 1)
 * @param shares how many values one row has to share its weight among
 */
export function weightScale(kind: ScaleKind, max: number, shares: number): WeightScale {
  const top = max > 0 ? max : 1;
  return kind === 'linear' ? linear(top) : log(top, shares);
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

function log(max: number, shares: number): WeightScale {
  const floor = roundDown(Math.min(1 / Math.max(1, shares), max / LEAST_RATIO));
  const logFloor = Math.log(floor);
  const range = Math.log(max) - logFloor;
  return {
    kind: 'log',
    max,
    floor,
    position: (weight) => (weight <= floor ? 0 : clamp((Math.log(weight) - logFloor) / range)),
    ticks: (count) => logTicks(floor, max, count),
  };
}

/** The largest of 1, 2, 5 times a power of ten that is not above the value. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const mantissa = [5, 2, 1].find((candidate) => candidate * power <= value) ?? 1;
  return Number((mantissa * power).toPrecision(1));
}

/** Powers of ten, or with 2 and 5 times them where that stays within the count. */
function logTicks(floor: number, max: number, count: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(max)) - Math.floor(Math.log10(floor)) + 1 },
    (_, index) => 10 ** (Math.floor(Math.log10(floor)) + index),
  );
  const within = (mantissas: readonly number[]): number[] =>
    powers
      .flatMap((power) => mantissas.map((mantissa) => Number((mantissa * power).toPrecision(1))))
      .filter((value) => value >= floor && value <= max);
  const all = within([1, 2, 5]);
  return all.length <= count ? all : within([1]);
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
