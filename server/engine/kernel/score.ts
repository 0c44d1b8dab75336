/** How one score comes about, in float64: what the plain kernel computes with, and what explains a weight. */
import type { LayerShape } from './kernel';

/**
 * What one dimension adds to the similarity of a query and a key: q·k, or v·tanh(q + k)
 * where the layer is additive.
 */
export function similarityTerm(
  { additive: v }: LayerShape,
  dimension: number,
  q: number,
  k: number,
): number {
  return v ? v[dimension]! * Math.tanh(q + k) : q * k;
}

/** The score before its bias: scale·similarity, bent towards ±cap where the layer has one. */
export function bent({ scale, cap }: LayerShape, similarity: number): number {
  const scaled = scale * similarity;
  return cap === undefined ? scaled : cap * Math.tanh(scaled / cap);
}

/** What distance adds to a score, 0 where nothing does. */
export function distanceBias(
  { distance, heads }: LayerShape,
  head: number,
  query: number,
  key: number,
): number {
  if (!distance) return 0;
  const { positions, slopes, added } = distance;
  const ahead = positions[key]! - positions[query]!;
  const penalty = slopes ? slopes[head]! * Math.abs(ahead) : 0;
  if (!added) return -penalty;
  const reach = reachOf(added.length / heads);
  const column = Math.max(-reach, Math.min(reach, ahead)) + reach;
  return added[head * (2 * reach + 1) + column]! - penalty;
}

/** How far a list of numbers for distances −reach … reach goes. */
export function reachOf(length: number): number {
  return (length - 1) / 2;
}

/** What decides which keys a query sees. */
export type Mask = Pick<LayerShape, 'causal' | 'window' | 'tokens' | 'keys'>;

/** The keys [start, end) that the mask leaves to a query. */
export function visibleKeys(mask: Mask, query: number): [start: number, end: number] {
  const { causal, window = Infinity } = mask;
  if (mask.keys !== undefined) return [0, mask.keys];
  const ahead = causal ? 0 : window;
  return [Math.max(0, query - window), Math.min(mask.tokens, query + ahead + 1)];
}

/** The queries [start, end) that see a key. */
export function visibleQueries(
  { causal, window = Infinity, tokens, keys }: Mask,
  key: number,
): [start: number, end: number] {
  if (keys !== undefined) return [0, tokens];
  const behind = causal ? 0 : window;
  return [Math.max(0, key - behind), Math.min(tokens, key + window + 1)];
}

/** Whether the mask hides the key from the query. */
export function isMasked(shape: LayerShape, query: number, key: number): boolean {
  const [start, end] = visibleKeys(shape, query);
  return key < start || key >= end;
}

/**
 * ln Σ exp over the scores and the sink's; +Infinity where all scores are −Infinity, so
 * that their weights come out as 0.
 */
export function logSumExpOf(scores: Float64Array, sink = -Infinity): number {
  let largest = -Infinity;
  for (const score of scores) largest = Math.max(largest, score);
  if (largest === -Infinity) return Infinity;
  largest = Math.max(largest, sink);
  let sum = Math.exp(sink - largest);
  for (const score of scores) sum += Math.exp(score - largest);
  return largest + Math.log(sum);
}
