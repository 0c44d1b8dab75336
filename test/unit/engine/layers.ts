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

/**
 * Queries and keys up to ±2, so that scores stay within about ±7 as a model's do:
 * float32 weights are exact to 1e-6 there, and coarser in proportion beyond.
 */
export function randomLayer(shape: LayerShape, seed: number): Layer {
  const { heads, keyValueHeads, tokens, headSize } = shape;
  return {
    shape,
    query: randomFloats(heads * tokens * headSize, seed).map((x) => 2 * x),
    key: randomFloats(keyValueHeads * tokens * headSize, seed + 1).map((x) => 2 * x),
    // What a failing property prints instead of thousands of numbers.
    [fc.toStringMethod]: () => JSON.stringify({ ...shape, seed }),
  };
}

/** Layers of every awkward size: token counts around multiples of four and eight, odd head sizes, shared keys. */
export const layers: fc.Arbitrary<Layer> = fc
  .record({
    groups: fc.constantFrom(1, 2, 3),
    keyValueHeads: fc.constantFrom(1, 2),
    tokens: fc.integer({ min: 1, max: 41 }),
    headSize: fc.constantFrom(1, 3, 4, 7, 8, 32),
    causal: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ groups, keyValueHeads, tokens, headSize, causal, seed }) =>
    randomLayer(
      {
        heads: groups * keyValueHeads,
        keyValueHeads,
        tokens,
        headSize,
        scale: 1 / Math.sqrt(headSize),
        causal,
      },
      seed,
    ),
  );

/** Softmax of every row by its definition: [head][query][key]; a row without a visible key is all zeros. */
export function weightsOf(
  { shape, query, key }: Layer,
  excluded: readonly number[] = [],
): number[][][] {
  const { heads, keyValueHeads, tokens, headSize, scale, causal } = shape;
  const indices = Array.from({ length: tokens }, (_, at) => at);
  return Array.from({ length: heads }, (_, head) => {
    const keyHead = Math.floor(head / (heads / keyValueHeads));
    return indices.map((q) => {
      const scores = indices.map((k) => {
        if (excluded.includes(k) || (causal && k > q)) return -Infinity;
        let dot = 0;
        for (let i = 0; i < headSize; i++) {
          dot +=
            query[(head * tokens + q) * headSize + i]! *
            key[(keyHead * tokens + k) * headSize + i]!;
        }
        return dot * scale;
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
