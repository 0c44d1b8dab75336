/** The map of a whole file as pixels: one for each pair of cells, clear where nothing is known. */
import { colorize, type WeightScale } from '../color/scale';
import type { Ramp } from '../color/ramp';
import type { PanelDocumentMap } from '../protocol';

type Map = Pick<PanelDocumentMap, 'size' | 'width' | 'values' | 'analysed'>;

/** Cells that the band reaches to either side of the diagonal. */
export function reachOf({ width }: Pick<Map, 'width'>): number {
  return (width - 1) / 2;
}

/** What the tokens of one cell pay to those of another; null where that is not known, or beyond the band. */
export function cellWeight(map: Map, query: number, key: number): number | null {
  const offset = key - query + reachOf(map);
  if (query < 0 || query >= map.size || key < 0 || key >= map.size) return null;
  if (offset < 0 || offset >= map.width || map.analysed[query] === 0) return null;
  return map.values[query * map.width + offset] ?? null;
}

/** The largest value of the map. */
export function largestWeight({ values }: Pick<Map, 'values'>): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}

/** RGBA [query cell, key cell]. */
export function bandPixels(
  map: Map,
  scale: WeightScale,
  ramp: Ramp,
): Uint8ClampedArray<ArrayBuffer> {
  const { size, width, values, analysed } = map;
  const colors = new Uint8ClampedArray(values.length * 4);
  colorize(values, 1, scale, ramp, colors);
  const pixels = new Uint8ClampedArray(size * size * 4);
  for (let query = 0; query < size; query++) {
    if (analysed[query] === 0) continue;
    const shift = query - reachOf(map);
    const [first, end] = [Math.max(0, shift), Math.min(size, shift + width)];
    const from = query * width + first - shift;
    pixels.set(colors.subarray(4 * from, 4 * (from + end - first)), 4 * (query * size + first));
  }
  return pixels;
}

/** Round token numbers for an axis: at most so many, from 0 on. */
export function axisTicks(tokens: number, most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, tokens / Math.max(1, most))));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => tokens / each <= most)!;
  const whole = Math.max(1, Math.round(step));
  return Array.from(
    { length: Math.floor(Math.max(0, tokens - 1) / whole) + 1 },
    (_, at) => at * whole,
  );
}
