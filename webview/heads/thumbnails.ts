import { colorize, weightScale, type ScaleKind, type WeightScale } from '../color/scale';
import type { Ramp } from '../color/ramp';
import type { Aggregate } from '../../server/protocol';
import type { PanelOverview } from '../protocol';
import type { Answers } from '../session/answers';
import { lensKey, type Lens } from '../session/lens';

/**
 * One scale for all thumbnails, so that heads can be compared. A pixel stands for the largest
 * of many weights, so that the ramp begins higher than it does for single cells.
 */
export function overviewScale({ scales, size }: PanelOverview, kind: ScaleKind): WeightScale {
  // Layers that are left out have none.
  const max = scales.reduce((largest, scale) => (scale > largest ? scale : largest), 0);
  return weightScale(kind, max, size);
}

/** The scale of all pictures at hand: of the heads, or of the layers alone where heads have none. */
export function railScale({ overview, means }: Answers, kind: ScaleKind): WeightScale | null {
  if (overview) return overviewScale(overview, kind);
  if (!means) return null;
  const max = means.layers.reduce(
    (largest, values) => values.reduce((a, b) => Math.max(a, b), largest),
    0,
  );
  return weightScale(kind, max, means.size);
}

/** size × size values that, times `unit`, are weights. */
export interface Thumbnail {
  generation: number;
  /** Which reading and position it was made with. */
  lens: string;
  /** How a layer's heads became one; null for a single head. */
  aggregate: Aggregate | null;
  size: number;
  values: Uint8Array | Float32Array;
  unit: number;
}

/** The thumbnail of a head, or of a layer's heads as one (`head` null), if it is here. */
export function thumbnailOf(
  { overview, means }: Answers,
  layer: number | null,
  head: number | null,
): Thumbnail | null {
  if (layer === null) return null;
  if (head === null) {
    const values = means?.layers[layer];
    if (!means || !values) return null;
    const { aggregate, size } = means;
    return { ...about(means), aggregate, size, values, unit: 1 };
  }
  if (!overview) return null;
  const { size, heads, thumbnails, scales } = overview;
  const index = layer * heads + head;
  if (Number.isNaN(scales[index])) return null;
  const values = thumbnails.subarray(index * size * size, (index + 1) * size * size);
  return { ...about(overview), aggregate: null, size, values, unit: (scales[index] ?? 0) / 255 };
}

const about = (made: Lens & { generation: number }) => ({
  generation: made.generation,
  lens: lensKey(made),
});

/**
 * A thumbnail as side × side pixels. A pixel is the largest of the values under it, as in the
 * thumbnail itself: a single strong weight never vanishes by shrinking.
 */
export function thumbnailPixels(
  { values, size, unit }: Pick<Thumbnail, 'values' | 'size' | 'unit'>,
  side: number,
  scale: WeightScale,
  ramp: Ramp,
): ImageData {
  const pixels = new ImageData(side, side);
  colorize(shrink(values, size, side), unit, scale, ramp, pixels.data);
  return pixels;
}

/** Max-pools (or repeats) size × size values to side × side. */
export function shrink(
  values: Uint8Array | Float32Array,
  size: number,
  side: number,
): Float32Array {
  const small = new Float32Array(side * side);
  const start = (index: number): number => Math.floor((index * size) / side);
  const end = (index: number): number =>
    Math.max(start(index) + 1, Math.ceil(((index + 1) * size) / side));
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      let max = 0;
      for (let y = start(row); y < end(row); y++)
        for (let x = start(column); x < end(column); x++)
          max = Math.max(max, values[y * size + x] ?? 0);
      small[row * side + column] = max;
    }
  return small;
}
