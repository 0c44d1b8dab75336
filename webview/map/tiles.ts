import type { Extent, Span } from './viewport';

/** One request for a part of the map: `pool` × `pool` cells become one value. */
export interface TilePlan {
  pool: number;
  queries: Span;
  keys: Span;
  rows: number;
  columns: number;
}

/**
 * Values along a side of a tile. An answer is at most 1,000,000 bytes of JSON with base64
 * float32 inside, which leaves room for 187,500 values; 384² = 147,456 keeps clear of it.
 */
export const TILE_SIDE = 384;

/** The least pooling (a power of two) at which a value is at least one device pixel wide. */
export function poolFor(devicePixelsPerCell: number): number {
  let pool = 1;
  while (pool * devicePixelsPerCell < 1 - 1e-6) pool *= 2;
  return pool;
}

/** The least pooling at which the whole map is one tile. */
export function poolForWhole(extent: Extent): number {
  let pool = 1;
  while (pool * TILE_SIDE < Math.max(extent.rows, extent.columns)) pool *= 2;
  return pool;
}

/**
 * The tiles that cover what is in sight, nearest to its middle first. Tiles lie on a fixed
 * grid of the whole map, so that panning finds the same ones again.
 */
export function planTiles(
  visible: { queries: Span; keys: Span },
  extent: Extent,
  pool: number,
): TilePlan[] {
  const plans: TilePlan[] = [];
  for (const queries of gridSpans(visible.queries, extent.rows, pool))
    for (const keys of gridSpans(visible.keys, extent.columns, pool))
      plans.push({
        pool,
        queries,
        keys,
        rows: Math.ceil((queries[1] - queries[0]) / pool),
        columns: Math.ceil((keys[1] - keys[0]) / pool),
      });
  const middle = [average(visible.queries), average(visible.keys)] as const;
  const distance = (plan: TilePlan): number =>
    Math.hypot(average(plan.queries) - middle[0], average(plan.keys) - middle[1]);
  return plans.sort((a, b) => distance(a) - distance(b));
}

function gridSpans([start, end]: Span, count: number, pool: number): Span[] {
  const size = TILE_SIDE * pool;
  const spans: Span[] = [];
  for (let at = Math.floor(start / size) * size; at < end; at += size)
    spans.push([at, Math.min(count, at + size)]);
  return spans;
}

const average = ([start, end]: Span): number => (start + end) / 2;

/** The same for the same part of the same map. */
export function tileKey({ pool, queries, keys }: TilePlan): string {
  return `${pool}:${queries[0]}:${keys[0]}`;
}
