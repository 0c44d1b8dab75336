import type { Tile } from '../map/picture';
import { tileKey } from '../map/tiles';

const made = new WeakMap<Tile, { trained: Tile; difference: Tile }>();

/**
 * What changed, wherever both maps have the same part: changed − as trained. Both must hold
 * means where cells are pooled, since the difference of two means is the mean of the differences.
 */
export function differenceTiles(trained: readonly Tile[], changed: readonly Tile[]): Tile[] {
  const byPlace = new Map(trained.map((tile) => [tileKey(tile), tile]));
  return changed.flatMap((tile) => {
    const before = byPlace.get(tileKey(tile));
    return before ? [difference(before, tile)] : [];
  });
}

/** The same tile for the same two, so that it is not coloured anew. */
function difference(trained: Tile, changed: Tile): Tile {
  const kept = made.get(changed);
  if (kept?.trained === trained) return kept.difference;
  const values = new Float32Array(changed.values.length);
  for (let i = 0; i < values.length; i++)
    values[i] = changed.values[i]! * changed.unit - trained.values[i]! * trained.unit;
  const tile = { ...changed, values, unit: 1 };
  made.set(changed, { trained, difference: tile });
  return tile;
}
