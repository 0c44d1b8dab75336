import type { Rgb } from '../color/oklab';
import type { Tile } from './picture';

/** How much of its colour a cell outside keeps. */
const KEPT = 0.18;

/**
 * Mixes the colours of cells below their row's threshold into the background. A value that stands
 * for several rows counts as inside when it reaches the least of their thresholds; rows whose
 * threshold is not known (NaN) stay as they are.
 */
export function fadeBelow(
  tile: Tile,
  thresholds: ArrayLike<number>,
  background: Rgb,
  pixels: Uint8ClampedArray,
): void {
  const { rows, columns, values, unit } = tile;
  for (let row = 0; row < rows; row++) {
    const threshold = leastThreshold(tile, row, thresholds);
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      if (!(values[at]! * unit < threshold)) continue;
      for (let channel = 0; channel < 3; channel++) {
        const behind = background[channel]!;
        pixels[at * 4 + channel] = behind + (pixels[at * 4 + channel]! - behind) * KEPT;
      }
    }
  }
}

function leastThreshold(
  { queries, pool }: Tile,
  row: number,
  thresholds: ArrayLike<number>,
): number {
  const start = Math.floor(queries[0] + row * pool);
  const end = Math.min(queries[1], Math.max(start + 1, Math.ceil(queries[0] + (row + 1) * pool)));
  let least = Infinity;
  for (let query = start; query < end; query++) {
    const threshold = thresholds[query] ?? NaN;
    if (Number.isNaN(threshold)) return NaN;
    least = Math.min(least, threshold);
  }
  return least;
}
