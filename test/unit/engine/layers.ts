/** Random attention layers, and what they weigh by the definition, in float64. */
import fc from 'fast-check';
import type { LayerShape } from '../../../server/engine/kernel/kernel';

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
    key: randomFloats(keyValueHeads * tokens * headSize, seed + 1).map((x) => 4 * x),
    // What a failing property prints instead of thousands of numbers.
    [fc.toStringMethod]: () => JSON.stringify({ ...shape, seed }),
  };
}

/**
 * Layers of every awkward size: token counts around multiples of four and eight, odd head
 * sizes, shared keys; of both similarities, with and without a penalty for distance.
 */
export const layers: fc.Arbitrary<Layer> = fc
  .record({
    groups: fc.constantFrom(1, 2, 3),
    keyValueHeads: fc.constantFrom(1, 2),
    tokens: fc.integer({ min: 1, max: 41 }),
    headSize: fc.constantFrom(1, 3, 4, 7, 8, 32),
    causal: fc.boolean(),
    additive: fc.boolean(),
    distance: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ groups, keyValueHeads, tokens, headSize, causal, additive, distance, seed }) => {
    const heads = groups * keyValueHeads;
    const scale = Math.fround(1 / Math.sqrt(headSize));
    const shape: LayerShape = { heads, keyValueHeads, tokens, headSize, scale, causal };
    if (additive) shape.additive = randomFloats(headSize, seed + 2);
    if (distance) {
      shape.distance = {
        slopes: randomFloats(heads, seed + 3),
        // Positions may repeat and run backwards, as under a change of position.
        positions: randomFloats(tokens, seed + 4).map((x) => Math.round(20 * x) + 20),
      };
    }
    return randomLayer(shape, seed);
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
    const right = key[(keyHead * tokens + k) * headSize + i]!;
    if (!additive) return { term: { value: left * right, weight: 1 }, argument: 0 };
    const weight = Math.abs(additive[i]!);
    const value = additive[i]! * Math.tanh(left + right);
    return { term: { value, weight }, argument: left + right };
  });
}

/** What distance takes off a score. */
export function penalty({ shape }: Layer, head: number, q: number, k: number): number {
  if (!shape.distance) return 0;
  const { slopes, positions } = shape.distance;
  return slopes[head]! * Math.abs(positions[q]! - positions[k]!);
}

/** Softmax of every row by its definition: [head][query][key]; a row without a visible key is all zeros. */
export function weightsOf(layer: Layer, excluded: readonly number[] = []): number[][][] {
  const { heads, tokens, scale, causal } = layer.shape;
  const indices = Array.from({ length: tokens }, (_, at) => at);
  return Array.from({ length: heads }, (_, head) => {
    return indices.map((q) => {
      const scores = indices.map((k) => {
        if (excluded.includes(k) || (causal && k > q)) return -Infinity;
        let sum = 0;
        for (const { term } of similarityTerms(layer, head, q, k)) sum += term.value;
        return scale * sum - penalty(layer, head, q, k);
      });
      const largest = Math.max(...scores);
      if (largest === -Infinity) return scores.map(() => 0);
      const powers = scores.map((score) => Math.exp(score - largest));
      const sum = powers.reduce((a, b) => a + b, 0);
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
