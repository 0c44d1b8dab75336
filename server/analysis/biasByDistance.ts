/** What a layer adds to a score for how far apart query and key are. */
import type { RelativeBiasAnswer } from '../engine/protocol';
import { scoreOf } from '../models/manifest';
import type { BiasByDistance } from '../protocol';
import type { Subject } from './answer';
import { encodeNumbers } from './numbers';

/** Numbers of all heads and distances that one answer has room for beside everything else. */
const MOST_NUMBERS = 60_000;

/** The learned numbers of a layer; null where it adds none. */
export async function biasOf(
  { ready, numbers }: Subject,
  layer: number,
  signal: AbortSignal,
): Promise<RelativeBiasAnswer | null> {
  if (numbers || !scoreOf(ready.manifest, layer).bias.relative) return null;
  return ready.engine.relativeBias({ layer }, { signal });
}

/** Layers that add the same numbers by distance as `layer`. */
export function layersAlike({ ready }: Subject, layer: number): number[] {
  const tableOf = (each: number): string =>
    JSON.stringify(scoreOf(ready.manifest, each).bias.relative ?? null);
  const wanted = tableOf(layer);
  return [...ready.manifest.taps.keys()].filter((each) => tableOf(each) === wanted);
}

/** As the layer adds them under a scale, as far from the diagonal as one answer has room for. */
export function biasByDistance(
  { buckets, values }: RelativeBiasAnswer,
  scale: number,
  layers: number[],
): BiasByDistance {
  const heads = values.length / buckets.length;
  const furthest = (buckets.length - 1) / 2;
  const reach = Math.min(furthest, Math.floor((MOST_NUMBERS / heads - 1) / 2));
  const [from, to] = [furthest - reach, furthest + reach + 1];
  const near = new Float32Array(heads * (to - from));
  for (let head = 0; head < heads; head++) {
    const row = values.subarray(head * buckets.length + from, head * buckets.length + to);
    near.set(
      row.map((value) => value * scale),
      head * (to - from),
    );
  }
  return { reach, buckets: [...buckets.subarray(from, to)], values: encodeNumbers(near), layers };
}
