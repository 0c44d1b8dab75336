import { colorize, weightScale, type ScaleKind, type WeightScale } from '../color/scale';
import type { Ramp } from '../color/ramp';
import type { PanelOverview } from '../protocol';

/**
 * One scale for all thumbnails, so that heads can be compared. A pixel stands for the largest
 * of many weights, so that the ramp begins higher than it does for single cells.
 */
export function overviewScale({ scales, size }: PanelOverview, kind: ScaleKind): WeightScale {
  const max = scales.reduce((largest, scale) => Math.max(largest, scale), 0);
  return weightScale(kind, max, size);
}

/**
 * One head's thumbnail as side × side pixels. A pixel is the largest of the values under it,
 * as in the thumbnail itself: a single strong weight never vanishes by shrinking.
 */
export function thumbnailPixels(
  overview: PanelOverview,
  head: number,
  side: number,
  scale: WeightScale,
  ramp: Ramp,
): ImageData {
  const { size } = overview;
  const values = overview.thumbnails.subarray(head * size * size, (head + 1) * size * size);
  const pixels = new ImageData(side, side);
  const unit = (overview.scales[head] ?? 0) / 255;
  colorize(shrink(values, size, side), unit, scale, ramp, pixels.data);
  return pixels;
}

/** Max-pools (or repeats) size × size values to side × side. */
export function shrink(values: Uint8Array, size: number, side: number): Uint8Array {
  const result = new Uint8Array(side * side);
  const start = (index: number): number => Math.floor((index * size) / side);
  const end = (index: number): number =>
    Math.max(start(index) + 1, Math.ceil(((index + 1) * size) / side));
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      let max = 0;
      for (let y = start(row); y < end(row); y++)
        for (let x = start(column); x < end(column); x++)
          max = Math.max(max, values[y * size + x] ?? 0);
      result[row * side + column] = max;
    }
  return result;
}
