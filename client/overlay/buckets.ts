/** From a row of weights to the few tints that the editor can draw cheaply. */
import type { Range } from '../../server/protocol';
import { overlaps } from './visible';

/** Steps of shading: each is one decoration type per direction. */
export const BUCKETS = 5;

/**
 * The weakest weight that is shaded, as a share of the strongest. Two decades:
 * below that a tint cannot be told from the background any more.
 */
export const FAINTEST = 0.01;

/** Bucket 0 (faintest) … BUCKETS − 1 of a weight on a log ramp under `strongest`; null: not shaded. */
export function bucketOf(weight: number, strongest: number): number | null {
  if (!(weight > 0) || !(strongest > 0)) return null;
  const share = Math.min(weight / strongest, 1);
  if (share < FAINTEST) return null;
  const height = 1 - Math.log(share) / Math.log(FAINTEST);
  return Math.min(BUCKETS - 1, Math.floor(height * BUCKETS));
}

export interface OverlayRow {
  /** [token]: where each token stands; null for the template's tokens. */
  ranges: readonly (Range | null)[];
  /** [token] */
  weights: ArrayLike<number>;
  /** Tokens that take no part, neither in the picture nor in its scale. */
  sink: readonly number[];
  /** The token whose row it is; it gets an outline. */
  token: number;
}

export interface Shades {
  /** [bucket]: ranges to tint. */
  buckets: Range[][];
  outline: Range | null;
}

/**
 * What to draw for a row within `visible`. The scale is the strongest token of
 * the whole window that is not a sink, so that scrolling does not change a tint.
 */
export function shade(row: OverlayRow, visible: readonly Range[]): Shades {
  const left = new Set(row.sink);
  let strongest = 0;
  row.ranges.forEach((range, token) => {
    const weight = row.weights[token] ?? 0;
    if (range && !left.has(token) && weight > strongest) strongest = weight;
  });
  const buckets: Range[][] = Array.from({ length: BUCKETS }, () => []);
  row.ranges.forEach((range, token) => {
    if (!range || left.has(token) || !visible.some((part) => overlaps(part, range))) return;
    const bucket = bucketOf(row.weights[token] ?? 0, strongest);
    if (bucket !== null) buckets[bucket]?.push(range);
  });
  return { buckets, outline: row.ranges[row.token] ?? null };
}
