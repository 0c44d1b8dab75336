import type { TilePlan } from '../map/tiles';
import type { MergedAxis, SideIndex } from './mergedAxis';

/** The weights of both sides, each row-major [query, key] of its own places. */
export type SideWeights = readonly [Float32Array, Float32Array];

/** The weight of a cell of the axis on a side; NaN where the side has no such cell. */
export function weightOf(
  { places, onAxis }: MergedAxis,
  weights: SideWeights,
  side: SideIndex,
  { query, key }: { query: number; key: number },
): number {
  const [row, column] = [places[side][query] ?? -1, places[side][key] ?? -1];
  if (row < 0 || column < 0) return NaN;
  return weights[side][row * onAxis[side].length + column] ?? NaN;
}

/** Second side − first; NaN where not both have the cell. */
export function differenceOf(
  axis: MergedAxis,
  weights: SideWeights,
  cell: { query: number; key: number },
): number {
  return weightOf(axis, weights, 1, cell) - weightOf(axis, weights, 0, cell);
}

/**
 * A part of the merged map, float32 [row, column]: the mean over the cells that share a value and
 * are there; NaN where none is, so that a missing cell is never one of 0.
 */
export function mergedTile(
  valueAt: (cell: { query: number; key: number }) => number,
  { queries, keys, rows, columns, pool }: TilePlan,
): Float32Array {
  const sums = new Float64Array(rows * columns);
  const counts = new Uint32Array(rows * columns);
  for (let query = queries[0]; query < queries[1]; query++) {
    const row = Math.floor((query - queries[0]) / pool) * columns;
    for (let key = keys[0]; key < keys[1]; key++) {
      const value = valueAt({ query, key });
      if (Number.isNaN(value)) continue;
      const cell = row + Math.floor((key - keys[0]) / pool);
      sums[cell]! += value;
      counts[cell]!++;
    }
  }
  return Float32Array.from(sums, (sum, cell) => sum / counts[cell]!);
}

/** A pair of tokens, by its places on the axis, and its weights on both sides. */
export interface Change {
  query: number;
  key: number;
  weights: readonly [number, number];
  /** Second − first. */
  difference: number;
}

/** The `count` cells that differ most, of those that both sides have; the largest first. */
export function strongestChanges(axis: MergedAxis, weights: SideWeights, count: number): Change[] {
  const [first, second] = axis.places;
  const [width, otherWidth] = [axis.onAxis[0].length, axis.onAxis[1].length];
  const both = Array.from({ length: axis.size }, (_, at) => at).filter(
    (at) => first[at]! >= 0 && second[at]! >= 0,
  );
  const found: Change[] = [];
  let least = 0;
  for (const query of both) {
    const [row, otherRow] = [first[query]! * width, second[query]! * otherWidth];
    for (const key of both) {
      const one = weights[0][row + first[key]!]!;
      const other = weights[1][otherRow + second[key]!]!;
      const difference = other - one;
      if (Math.abs(difference) <= least) continue;
      found.push({ query, key, weights: [one, other], difference });
      if (found.length < 2 * count) continue;
      keepLargest(found, count);
      least = Math.abs(found.at(-1)!.difference);
    }
  }
  return keepLargest(found, count);
}

function keepLargest(changes: Change[], count: number): Change[] {
  changes.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  changes.length = Math.min(changes.length, count);
  return changes;
}

/** Over all cells that both sides have, the largest size of a difference. */
export function largestChange(changes: readonly Change[]): number {
  return Math.abs(changes[0]?.difference ?? 0);
}

/**
 * What the rows of a side that have a counterpart pay to places without one, the mean over these
 * rows: by as much a row's difference does not sum to 0. 0 where no row has a counterpart.
 */
export function unpairedMass(axis: MergedAxis, weights: SideWeights, side: SideIndex): number {
  const other: SideIndex = side === 0 ? 1 : 0;
  const width = axis.onAxis[side].length;
  const alone = (place: number): boolean => axis.places[other][axis.onAxis[side][place]!]! < 0;
  let sum = 0;
  let rows = 0;
  for (let query = 0; query < width; query++) {
    if (alone(query)) continue;
    rows++;
    for (let key = 0; key < width; key++)
      if (alone(key)) sum += weights[side][query * width + key]!;
  }
  return rows === 0 ? 0 : sum / rows;
}
