import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import type { Line } from './segments';

export type Directions = 'both' | 'reads' | 'readBy';

/** Both rows of the token whose attention is shown. */
export interface Shading {
  reads: ArrayLike<number>;
  readBy: ArrayLike<number>;
}

/** What the letters stand on. */
type Background = Pick<Theme, 'dark' | 'highContrast'>;

/** Places on the scale, 0 … 1, by segment in the order of the text; 0 is not drawn. */
export interface Shades {
  reads: Float32Array;
  readBy: Float32Array;
}

/** More would drown the letters: light ones on a warm fill sooner than dark ones. */
const STRONGEST_FILL = { dark: 0.4, light: 0.62 } as const;
const FAINTEST_FILL = 0.07;
/** Height of the bar under a token, CSS pixels. */
const HIGHEST_BAR = 5;
const LOWEST_BAR = 1;
const FAINTEST_BAR = 0.45;

/**
 * How a place on the scale looks. What is read is filled, what reads is underlined by a bar that
 * grows: two kinds, not only two colours.
 */
export const look = {
  fillOpacity: (place: number, { dark, highContrast }: Background): number => {
    const strongest = STRONGEST_FILL[dark && !highContrast ? 'dark' : 'light'];
    return FAINTEST_FILL + (strongest - FAINTEST_FILL) * place;
  },
  barOpacity: (place: number): number => FAINTEST_BAR + (1 - FAINTEST_BAR) * place,
  barHeight: (place: number): number => LOWEST_BAR + (HIGHEST_BAR - LOWEST_BAR) * place,
};

/** A segment of several tokens (bytes of one character) is as strong as the strongest of them. */
export function segmentShades(
  lines: readonly Line[],
  { reads, readBy }: Shading,
  directions: Directions,
  scale: WeightScale,
): Shades {
  const segments = lines.flat();
  const places = (weights: ArrayLike<number>): Float32Array =>
    Float32Array.from(segments, ({ tokens }) =>
      tokens.reduce((most, token) => Math.max(most, scale.position(weights[token] ?? 0)), 0),
    );
  const none = new Float32Array(segments.length);
  return {
    reads: directions === 'readBy' ? none : places(reads),
    readBy: directions === 'reads' ? none : places(readBy),
  };
}

/** The largest weight of either direction that is drawn, without the tokens named. */
export function largestShade(
  { reads, readBy }: Shading,
  directions: Directions,
  without: ReadonlySet<number>,
): number {
  let largest = 0;
  for (let token = 0; token < reads.length; token++) {
    if (without.has(token)) continue;
    if (directions !== 'readBy') largest = Math.max(largest, reads[token] ?? 0);
    if (directions !== 'reads') largest = Math.max(largest, readBy[token] ?? 0);
  }
  return largest;
}
