/** From a row of weights to the few tints that the editor can draw cheaply. */
import type { Range } from '../../server/protocol';
import { overlaps } from './visible';

/** Steps of shading: each is one decoration type per direction. */
export const BUCKETS = 5;

/** However even a row is, half of its strongest weight is always shaded. */
const CEILING_OF_FLOOR = 0.5;
/** However peaked a row is, two decades are enough: a fainter tint cannot be seen. */
const FLOOR = 0.01;

/** What a row is shaded by. */
export interface Scale {
  /** Weights below are not shaded. */
  floor: number;
  strongest: number;
}

/**
 * The scale of a row's weights, sinks left out. What gets less than an even
 * share is not shaded: tinting everything a little says nothing.
 */
export function scaleOf(weights: readonly number[]): Scale {
  let strongest = 0;
  let sum = 0;
  for (const weight of weights) {
    strongest = Math.max(strongest, weight);
    sum += weight;
  }
  const average = sum / Math.max(1, weights.length);
  const floor = Math.min(Math.max(average, strongest * FLOOR), strongest * CEILING_OF_FLOOR);
  return { floor, strongest };
}

/** Bucket 0 (faintest) … BUCKETS − 1 of a weight on a log ramp from floor to strongest; null: not shaded. */
export function bucketOf(weight: number, { floor, strongest }: Scale): number | null {
  if (!(weight > 0) || !(weight >= floor)) return null;
  const height = Math.log(weight / floor) / Math.log(strongest / floor);
  return Math.min(BUCKETS - 1, Math.floor(height * BUCKETS));
}

export interface OverlayRow {
  /** [token] or [word]: where each stands; null for the template's tokens. */
  ranges: readonly (Range | null)[];
  /** [token] or [word] */
  weights: ArrayLike<number>;
  /** Tokens that take no part, neither in the picture nor in its scale. */
  sink: readonly number[];
  /** The token whose row it is, or the first of several; it gets an outline. */
  token: number;
  /** Where several end. */
  end?: number;
  /** How many tokens the person has selected, where it is their row. */
  selected?: number;
  /** Why a selection has no row; it is that of the cursor then. */
  refusal?: string;
}

export interface Shades {
  /** [bucket]: ranges to tint. */
  buckets: Range[][];
  outline: Range | null;
}

/**
 * What to draw for a row within `visible`. The scale is that of the whole
 * window, so that scrolling does not change a tint.
 */
export function shade(row: OverlayRow, visible: readonly Range[]): Shades {
  const left = new Set(row.sink);
  const shaded = row.ranges.flatMap((range, token) =>
    range && !left.has(token) ? [{ range, weight: row.weights[token] ?? 0 }] : [],
  );
  const scale = scaleOf(shaded.map(({ weight }) => weight));
  const buckets: Range[][] = Array.from({ length: BUCKETS }, () => []);
  for (const { range, weight } of shaded) {
    if (!visible.some((part) => overlaps(part, range))) continue;
    const bucket = bucketOf(weight, scale);
    if (bucket !== null) buckets[bucket]?.push(range);
  }
  return { buckets, outline: outlineOf(row) };
}

/** From where the first of the tokens begins to where the last one ends. */
function outlineOf({ ranges, token, end = token + 1 }: OverlayRow): Range | null {
  const [first, last] = [ranges[token], ranges[end - 1]];
  return first && last ? { start: first.start, end: last.end } : null;
}
