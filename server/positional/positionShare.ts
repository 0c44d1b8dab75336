/**
 * "Position or content?" for the weights of one query: the scores split into a part
 * that position alone gives and what content adds. Every answer is an estimate with
 * a method; what each method can't say stands with it.
 */
import * as l10n from '@vscode/l10n';
import { alibiBias } from './alibi';
import { groupTerms, nineTerms, type PartVectors } from './nineTerms';
import { pairColumns, type RopePairing } from './ropeRotation';
import type { RopeFrequencies } from './ropeFrequencies';

export type ShareMethod =
  'alibiBias' | 'relativeBias' | 'ropeAveragedContent' | 'nineTerms' | 'shuffledTokens';

/** A query's scores in two parts, [key]; a masked key's −∞ counts as content. */
export interface PositionShare {
  method: ShareMethod;
  /** What position alone adds to each score, in the units of the softmax's input. */
  position: Float64Array;
  /** score − position: what is left to content (and to content meeting position). */
  content: Float64Array;
}

/** What a method takes for granted, for a reader, in the language of the bundle. */
export function shareLimits(method: ShareMethod): string {
  switch (method) {
    case 'alibiBias':
      return l10n.t(
        'Exact for this layer: the bias is position, the product is the rest. In later layers the vectors themselves may carry position.',
      );
    case 'relativeBias':
      return l10n.t(
        'Exact for this layer: the learned number for the distance is position, the product is the rest. The vectors themselves may carry position.',
      );
    case 'ropeAveragedContent':
      return l10n.t(
        "An estimate: position is what the window's average query and key would give at this distance. Content that prefers a distance counts as content.",
      );
    case 'nineTerms':
      return l10n.t(
        'Exact for the first layer: products of position with position or with a constant. Products of content with position count as content.',
      );
    case 'shuffledTokens':
      return l10n.t(
        "An estimate: position is what is left, on average, when the text's other tokens trade places. Few shuffles make it rough.",
      );
  }
}

/**
 * ALiBi, in closed form: the bias is position.
 * @param scores [key], biases included, before the softmax
 * @param queryPosition position of the query; keys stand at 0, 1, …
 */
export function alibiShare(
  scores: ArrayLike<number>,
  slope: number,
  queryPosition: number,
): PositionShare {
  const position = Float64Array.from({ length: scores.length }, (_, key) =>
    alibiBias(slope, queryPosition, key),
  );
  return share('alibiBias', scores, position);
}

/**
 * The score that two averaged, unrotated vectors get at a distance = key − query:
 * attentionFactor² · scale · Σ over pairs of (q₁k₁ + q₂k₂)·cos(distance·f) −
 * (q₁k₂ − q₂k₁)·sin(distance·f). Equal to the dot product of the two vectors turned
 * by their positions (Su et al. 2021, §3.4.3); columns that are not turned don't count.
 */
export function ropeScoreAtDistance(
  query: ArrayLike<number>,
  key: ArrayLike<number>,
  distance: number,
  rope: RopeFrequencies,
  pairing: RopePairing,
  scale: number,
): number {
  const rotatedWidth = 2 * rope.frequencies.length;
  let sum = 0;
  rope.frequencies.forEach((frequency, pair) => {
    const [first, second] = pairColumns(pair, rotatedWidth, pairing);
    const [q1, q2, k1, k2] = [query[first]!, query[second]!, key[first]!, key[second]!];
    const angle = distance * frequency;
    sum += (q1 * k1 + q2 * k2) * Math.cos(angle) - (q1 * k2 - q2 * k1) * Math.sin(angle);
  });
  return sum * scale * rope.attentionFactor ** 2;
}

/** The mean of vectors [token, headSize], [headSize]. */
export function averageVector(vectors: ArrayLike<number>, headSize: number): Float64Array {
  const mean = new Float64Array(headSize);
  const tokens = vectors.length / headSize;
  for (let index = 0; index < vectors.length; index++) {
    mean[index % headSize] = mean[index % headSize]! + vectors[index]! / tokens;
  }
  return mean;
}

/**
 * RoPE: position is the score of the averaged, unrotated query and key at each distance.
 * @param scores [key], before the softmax
 * @param query averaged unrotated query, [headSize]
 * @param key averaged unrotated key, [headSize]
 */
export function ropeShare(
  scores: ArrayLike<number>,
  queryPosition: number,
  query: ArrayLike<number>,
  key: ArrayLike<number>,
  rope: RopeFrequencies,
  pairing: RopePairing,
  scale: number,
): PositionShare {
  const position = Float64Array.from({ length: scores.length }, (_, keyPosition) =>
    ropeScoreAtDistance(query, key, keyPosition - queryPosition, rope, pairing, scale),
  );
  return share('ropeAveragedContent', scores, position);
}

/**
 * Additive encodings in layer 0: position is the terms of position with position or
 * a constant, times the scale of the scores.
 * @param scores [key], before the softmax
 */
export function additiveShare(
  scores: ArrayLike<number>,
  queries: PartVectors,
  keys: PartVectors,
  query: number,
  headSize: number,
  scale: number,
): PositionShare {
  const position = Float64Array.from(
    { length: scores.length },
    (_, key) => groupTerms(nineTerms(queries, keys, query, key, headSize)).position * scale,
  );
  return share('nineTerms', scores, position);
}

/** One weight against the same place in shuffled texts. */
export interface BaselineShare {
  /** Mean weight over the shuffles: what position alone gives. */
  position: number;
  /** weight − position; below 0 where content takes attention away. */
  content: number;
  /** Standard error of `position`; Infinity for a single shuffle. */
  standardError: number;
}

/** The shuffled-token baseline of one weight; `samples` are the weights under each shuffle, at least one. */
export function baselineShare(weight: number, samples: ArrayLike<number>): BaselineShare {
  const values = Float64Array.from(samples);
  const position = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - position) ** 2, 0);
  const variance = values.length > 1 ? squares / (values.length - 1) : Infinity;
  return {
    position,
    content: weight - position,
    standardError: Math.sqrt(variance / values.length),
  };
}

function share(
  method: ShareMethod,
  scores: ArrayLike<number>,
  position: Float64Array,
): PositionShare {
  return { method, position, content: position.map((part, key) => scores[key]! - part) };
}
