import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import type { Line } from './segments';

export type Directions = 'both' | 'reads' | 'readBy';

/** Both rows of the token whose attention is shown. */
export interface Shading {
  reads: ArrayLike<number>;
  readBy: ArrayLike<number>;
}

/** More would drown the letters. */
const STRONGEST_FILL = 0.62;
const FAINTEST_FILL = 0.07;
/** Height of the bar under a token, share of its line. */
const HIGHEST_BAR = 0.3;
const LOWEST_BAR = 0.06;

/**
 * How one place on the scale looks as CSS `background`: what is read is filled, what reads is
 * underlined by a bar that grows; nothing for a place of 0. Two kinds, not only two colours.
 */
export function shadeOf(
  theme: Pick<Theme, 'reads' | 'readBy' | 'highContrast'>,
  reads: number,
  readBy: number,
): string {
  const layers: string[] = [];
  if (readBy > 0) {
    const height = (LOWEST_BAR + (HIGHEST_BAR - LOWEST_BAR) * readBy) * 100;
    const color = faded(theme.readBy, 0.45 + 0.55 * readBy);
    layers.push(
      `linear-gradient(to top, ${color} ${height.toFixed(1)}%, transparent ${height.toFixed(1)}%)`,
    );
  }
  if (reads > 0) {
    const color = faded(theme.reads, FAINTEST_FILL + (STRONGEST_FILL - FAINTEST_FILL) * reads);
    layers.push(`linear-gradient(${color}, ${color})`);
  }
  return layers.join(', ');
}

function faded(color: string, opacity: number): string {
  return `color-mix(in srgb, ${color} ${(opacity * 100).toFixed(1)}%, transparent)`;
}

/** The background of each segment, in the order of the text. */
export function segmentShades(
  lines: readonly Line[],
  { reads, readBy }: Shading,
  directions: Directions,
  scale: WeightScale,
  theme: Pick<Theme, 'reads' | 'readBy' | 'highContrast'>,
): string[] {
  const place = (weights: ArrayLike<number>, tokens: readonly number[]): number =>
    tokens.reduce((most, token) => Math.max(most, scale.position(weights[token] ?? 0)), 0);
  return lines.flatMap((line) =>
    line.map(({ tokens }) =>
      shadeOf(
        theme,
        directions === 'readBy' ? 0 : place(reads, tokens),
        directions === 'reads' ? 0 : place(readBy, tokens),
      ),
    ),
  );
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
