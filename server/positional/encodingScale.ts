/** The scale factor of an additive encoding, in the chapter's variant and the usual one. */
import * as l10n from '@vscode/l10n';
import { requireScale } from './limits';
import { PositionError } from './positionError';
import { SINUSOIDAL_BASE, sinusoidalTable } from './sinusoidal';

/** `usual`: s·PE. `chapter`: [sin(s·PE), cos(s·PE)], twice as wide as PE. */
export type ScaleVariant = 'usual' | 'chapter';

/**
 * One encoding vector scaled: [width] for `usual`, [2·width] for `chapter`, whose
 * sines all stand before its cosines.
 * Throws PositionError `scale` unless the scale is a number above 0.
 */
export function scaleEncoding(
  encoding: ArrayLike<number>,
  scale: number,
  variant: ScaleVariant,
): Float64Array {
  requireScale(scale);
  const scaled = Float64Array.from(encoding, (value) => scale * value);
  if (variant === 'usual') return scaled;
  const folded = new Float64Array(2 * scaled.length);
  folded.set(scaled.map(Math.sin), 0);
  folded.set(scaled.map(Math.cos), scaled.length);
  return folded;
}

/**
 * Each row of a table scaled, row-major: [position, width] for `usual`,
 * [position, 2·width] for `chapter`.
 */
export function scaleTable(
  table: ArrayLike<number>,
  width: number,
  scale: number,
  variant: ScaleVariant,
): Float64Array {
  const rows = table.length / width;
  const scaledWidth = variant === 'chapter' ? 2 * width : width;
  const scaled = new Float64Array(rows * scaledWidth);
  const values = Float64Array.from(table);
  for (let row = 0; row < rows; row++) {
    const encoding = values.subarray(row * width, (row + 1) * width);
    scaled.set(scaleEncoding(encoding, scale, variant), row * scaledWidth);
  }
  return scaled;
}

/**
 * The scaled sinusoidal encoding of positions 0 … positions − 1, row-major
 * [position, width]. The chapter's variant encodes at half the width, so that the
 * result has the width asked for; it needs a multiple of 4.
 */
export function scaledSinusoidalTable(
  positions: number,
  width: number,
  scale: number,
  variant: ScaleVariant,
  base = SINUSOIDAL_BASE,
): Float64Array {
  if (variant === 'chapter' && width % 4 !== 0) {
    throw new PositionError(
      'width',
      l10n.t(
        "The chapter's scale factor doubles the width, so it needs a width that 4 divides; {0} was given.",
        width,
      ),
    );
  }
  const encodedWidth = variant === 'chapter' ? width / 2 : width;
  return scaleTable(sinusoidalTable(positions, encodedWidth, base), encodedWidth, scale, variant);
}
