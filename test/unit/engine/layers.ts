/** Random attention layers, and what they weigh by the definition, in float64. */
import fc from 'fast-check';
import { keyCount, type LayerShape } from '../../../server/engine/kernel/kernel';

export interface Layer {
  shape: LayerShape;
  query: Float32Array;
  key: Float32Array;
  [fc.toStringMethod]?: () => string;
}

/** Numbers in [−1, 1) from a seed: fast-check would shrink thousands of floats one by one. */
export function randomFloats(count: number, seed: number): Float32Array {
  let state = (seed + 0x9e3779b9) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Queries and keys up to ±4, so that rows are neither flat nor a single peak. */
export function randomLayer(shape: LayerShape, seed: number): Layer {
  const { heads, keyValueHeads, tokens, headSize } = shape;
  return {
    shape,
    query: randomFloats(heads * tokens * headSize, seed).map((x) => 4 * x),
    key: randomFloats(keyValueHeads * keyCount(shape) * headSize, seed + 1).map((x) => 4 * x),
    // What a failing property prints instead of thousands of numbers.
    [fc.toStringMethod]: () => JSON.stringify({ ...shape, seed }),
  };
}

/**
 * Layers of every awkward size: token counts around multiples of four and eight, odd head
 * sizes, shared keys; of both similarities, with every mask, cap, sink and bias for distance.
 */
export const layers: fc.Arbitrary<Layer> = fc
  .record({
    groups: fc.constantFrom(1, 2, 3),
    keyValueHeads: fc.constantFrom(1, 2),
    tokens: fc.integer({ min: 1, max: 41 }),
    headSize: fc.constantFrom(1, 3, 4, 7, 8, 32),
    causal: fc.boolean(),
    window: fc.constantFrom(undefined, undefined, 0, 1, 5, 16, 40),
    cap: fc.constantFrom(undefined, undefined, 2, 30),
    sinks: fc.boolean(),
    additive: fc.boolean(),
    slopes: fc.boolean(),
    reach: fc.constantFrom(undefined, 0, 1, 9),
    seed: fc.nat(),
  })
  .map(({ groups, additive, slopes, sinks, reach, seed, ...sizes }) => {
    const { keyValueHeads, tokens, headSize } = sizes;
    const heads = groups * keyValueHeads;
    const scale = Math.fround(1 / Math.sqrt(headSize));
    const shape: LayerShape = { ...sizes, heads, scale };
    if (additive) {
      shape.additive = randomFloats(headSize, seed + 2);
      // Nothing bends an additive score.
      shape.cap = undefined;
    }
    if (sinks) shape.sinks = randomFloats(heads, seed + 5).map((x) => 6 * x);
    if (slopes || reach !== undefined) {
      shape.distance = {
        // Positions may repeat and run backwards, as under a change of position.
        positions: randomFloats(tokens, seed + 4).map((x) => Math.round(20 * x) + 20),
        slopes: slopes ? randomFloats(heads, seed + 3) : undefined,
        added: reach === undefined ? undefined : randomFloats(heads * (2 * reach + 1), seed + 6),
      };
    }
    return randomLayer(shape, seed);
  });

/** Those of one text, and those whose keys are another text's: nothing there masks and no distance counts. */
export const layersOfOneOrTwoTexts: fc.Arbitrary<Layer> = fc
  .tuple(layers, fc.option(fc.integer({ min: 1, max: 41 }), { nil: undefined }))
  .map(([layer, keys]) => {
    if (keys === undefined) return layer;
    const shape = { ...layer.shape, causal: false, window: undefined, distance: undefined, keys };
    return randomLayer(shape, keys);
  });

/** What a similarity sums: q·k, or v·tanh of an argument. */
export function similarityTerms(
  { shape, query, key }: Layer,
  head: number,
  q: number,
  k: number,
): { term: { value: number; weight: number }; argument: number }[] {
  const { heads, keyValueHeads, tokens, headSize, additive } = shape;
  const keyHead = Math.floor(head / (heads / keyValueHeads));
  return Array.from({ length: headSize }, (_, i) => {
    const left = query[(head * tokens + q) * headSize + i]!;
    const right = key[(keyHead * keyCount(shape) + k) * headSize + i]!;
    if (!additive) return { term: { value: left * right, weight: 1 }, argument: 0 };
    const weight = Math.abs(additive[i]!);
    const value = additive[i]! * Math.tanh(left + right);
    return { term: { value, weight }, argument: left + right };
  });
}

/** What distance takes off a score. */
export function penalty({ shape }: Layer, head: number, q: number, k: number): number {
  if (!shape.distance) return 0;
  const { slopes, added, positions } = shape.distance;
  const behind = positions[k]! - positions[q]!;
  const off = slopes ? slopes[head]! * Math.abs(behind) : 0;
  if (!added) return off;
  const columns = added.length / shape.heads;
  const column = Math.min(columns - 1, Math.max(0, behind + (columns - 1) / 2));
  return off - added[head * columns + column]!;
}

/** Whether a query sees a key. */
export function sees({ shape }: Layer, q: number, k: number): boolean {
  if (shape.keys !== undefined) return true;
  return !(shape.causal && k > q) && Math.abs(q - k) <= (shape.window ?? Infinity);
}

/** A similarity as it counts in the score. */
export function bentScore({ shape: { scale, cap } }: Layer, similarity: number): number {
  return cap === undefined ? scale * similarity : cap * Math.tanh((scale * similarity) / cap);
}

/** Softmax of every row by its definition: [head][query][key]; a row without a visible key is all zeros. */
export function weightsOf(layer: Layer, excluded: readonly number[] = []): number[][][] {
  const { heads, tokens, sinks } = layer.shape;
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
  return Array.from({ length: heads }, (_, head) => {
    return upTo(tokens).map((q) => {
      const scores = upTo(keyCount(layer.shape)).map((k) => {
        if (excluded.includes(k) || !sees(layer, q, k)) return -Infinity;
        let sum = 0;
        for (const { term } of similarityTerms(layer, head, q, k)) sum += term.value;
        return bentScore(layer, sum) - penalty(layer, head, q, k);
      });
      if (Math.max(...scores) === -Infinity) return scores.map(() => 0);
      const sink = sinks?.[head] ?? -Infinity;
      const largest = Math.max(...scores, sink);
      const powers = scores.map((score) => Math.exp(score - largest));
      const sum = powers.reduce((a, b) => a + b, Math.exp(sink - largest));
      return powers.map((power) => power / sum);
    });
  });
}

/** A non-empty half-open range inside [0, length). */
export function rangeIn(length: number): fc.Arbitrary<[number, number]> {
  return fc
    .tuple(fc.nat(length - 1), fc.nat(length - 1))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1]);
}
