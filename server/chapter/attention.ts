/** Attention of one layer in plain arithmetic, head by head. */
import { similarities, scoreDivisor } from './similarity';
import { softmaxRows } from './softmax';
import type { Similarity } from './controls';
import { weightedSum } from './weightedSum';

export interface AttentionRule {
  similarity: Similarity;
  /** What d_k is taken to be; the width of a key unless a reader wants to see the difference. */
  keyWidth?: number;
  /** Keys after the query get score −∞. */
  causal: boolean;
  /** Added to the scaled scores: [head, query, key], or null. */
  bias: Float64Array | null;
}

/** Each is row-major [head, query, key] but the context, which is [head, query, headSize]. */
export interface AttentionTensors {
  similarity: Float64Array;
  /** What enters the softmax: scaled, biased, masked. */
  scaled: Float64Array;
  weights: Float64Array;
  context: Float64Array;
}

/**
 * Attention of every head (Vaswani et al. 2017, §3.2).
 * @param query [head, query, headSize]
 * @param key [head, key, headSize]
 * @param value [head, key, headSize]
 */
export function attention(
  query: Float64Array,
  key: Float64Array,
  value: Float64Array,
  heads: number,
  headSize: number,
  rule: AttentionRule,
): AttentionTensors {
  const keys = key.length / heads / headSize;
  const perHead = Array.from({ length: heads }, (_, head) => {
    const slice = (all: Float64Array) => headSlice(all, head, heads);
    const similarity = similarities(rule.similarity, slice(query), slice(key), headSize);
    const bias = rule.bias && slice(rule.bias);
    const scaled = scale(similarity, keys, headSize, bias, rule);
    const weights = softmaxRows(scaled, keys);
    return { similarity, scaled, weights, context: weightedSum(weights, slice(value), headSize) };
  });
  const join = (name: keyof AttentionTensors) => concatenate(perHead.map((head) => head[name]));
  return {
    similarity: join('similarity'),
    scaled: join('scaled'),
    weights: join('weights'),
    context: join('context'),
  };
}

/** [token, head · headSize] → [head, token, headSize]. */
export function splitHeads(vectors: ArrayLike<number>, width: number, heads: number): Float64Array {
  const tokens = vectors.length / width;
  const headSize = width / heads;
  return Float64Array.from({ length: vectors.length }, (_, cell) => {
    const head = Math.floor(cell / (tokens * headSize));
    const token = Math.floor(cell / headSize) % tokens;
    return vectors[token * width + head * headSize + (cell % headSize)]!;
  });
}

/** [head, token, headSize] → [token, head · headSize]. */
export function joinHeads(vectors: ArrayLike<number>, width: number, heads: number): Float64Array {
  const tokens = vectors.length / width;
  const headSize = width / heads;
  return Float64Array.from({ length: vectors.length }, (_, cell) => {
    const head = Math.floor((cell % width) / headSize);
    const token = Math.floor(cell / width);
    return vectors[(head * tokens + token) * headSize + (cell % headSize)]!;
  });
}

function scale(
  similarity: Float64Array,
  keys: number,
  headSize: number,
  bias: Float64Array | null,
  rule: AttentionRule,
): Float64Array {
  const divisor = scoreDivisor(rule.similarity, rule.keyWidth ?? headSize);
  return similarity.map((score, cell) => {
    const query = Math.floor(cell / keys);
    if (rule.causal && cell % keys > query) return -Infinity;
    return score / divisor + (bias ? bias[cell]! : 0);
  });
}

function headSlice(all: Float64Array, head: number, heads: number): Float64Array {
  const length = all.length / heads;
  return all.subarray(head * length, (head + 1) * length);
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
