import { toLab, toRgb, type Rgb } from './oklab';

/** A lookup table of 256 colours, RGBA bytes, lowest value first. */
export type Ramp = Uint8ClampedArray;

export const RAMP_STEPS = 256;

/** Hue in degrees and chroma in OKLCH; where along the ramp they hold. */
interface Stop {
  at: number;
  hue: number;
  chroma: number;
}

/**
 * Both ramps pass the same hues, so that a head looks related in both themes: violet and
 * magenta to orange on dark, the other way on light. Lightness alone carries the order,
 * so the ramps read the same with any kind of colour blindness.
 */
const ON_DARK: readonly Stop[] = [
  { at: 0.22, hue: 292, chroma: 0.12 },
  { at: 0.48, hue: 352, chroma: 0.19 },
  { at: 0.74, hue: 48, chroma: 0.16 },
  { at: 1, hue: 102, chroma: 0.1 },
];
const ON_LIGHT: readonly Stop[] = [
  { at: 0.2, hue: 75, chroma: 0.08 },
  { at: 0.45, hue: 30, chroma: 0.17 },
  { at: 0.7, hue: 352, chroma: 0.19 },
  { at: 1, hue: 292, chroma: 0.13 },
];

/** Lightness of the strongest weight: far from the background, short of pure white or black. */
const TOP_ON_DARK = 0.96;
const TOP_ON_LIGHT = 0.27;

/** Whether a background is dark enough that stronger must mean lighter. */
export function isDark(background: Rgb): boolean {
  return toLab(background)[0] < 0.6;
}

/**
 * The sequential map: its first colour is the panel's background, so that zero disappears,
 * and OKLab lightness moves away from it in equal steps.
 */
export function sequentialRamp(background: Rgb): Ramp {
  const [startL, startA, startB] = toLab(background);
  const dark = isDark(background);
  const stops = dark ? ON_DARK : ON_LIGHT;
  const top = dark ? TOP_ON_DARK : TOP_ON_LIGHT;
  const ramp = new Uint8ClampedArray(RAMP_STEPS * 4);
  const points = [
    { at: 0, a: startA, b: startB },
    ...stops.map(({ at, hue, chroma }) => ({
      at,
      a: chroma * Math.cos((hue * Math.PI) / 180),
      b: chroma * Math.sin((hue * Math.PI) / 180),
    })),
  ];
  for (let step = 0; step < RAMP_STEPS; step++) {
    const at = step / (RAMP_STEPS - 1);
    const [a, b] = mix(points, at);
    const color = step === 0 ? background : toRgb([startL + (top - startL) * at, a, b]);
    ramp.set([...color, 255], step * 4);
  }
  return ramp;
}

function mix(
  points: readonly { at: number; a: number; b: number }[],
  at: number,
): readonly [a: number, b: number] {
  const after = points.findIndex((point) => point.at >= at);
  const right = points[after === -1 ? points.length - 1 : after]!;
  const left = points[Math.max(0, after - 1)]!;
  const span = right.at - left.at;
  const share = span === 0 ? 1 : (at - left.at) / span;
  return [left.a + (right.a - left.a) * share, left.b + (right.b - left.b) * share];
}

/** One entry as CSS. */
export function cssColor(ramp: Ramp, step: number): string {
  const at = step * 4;
  return `rgb(${ramp[at]}, ${ramp[at + 1]}, ${ramp[at + 2]})`;
}
