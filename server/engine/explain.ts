/**
 * How one weight of one head comes about, number by number, in float64 from the queries
 * and keys that the kernel keeps. What the weight brings is the length of
 * f(x) = W_O·(W_V·x + b_V) (Kobayashi et al. 2020).
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { keyCount, keyHeadOf, type LayerShape, type StoredLayer } from './kernel/kernel';
import { bent, distanceBias, isMasked, logSumExpOf, similarityTerm } from './kernel/score';
import { askedTokens } from './questions';
import type { ExplainAnswer, ExplainParams } from './protocol';
import type { LogValueNorms } from './valueNorms';
import type { AnalysedWindow } from './window';

/** Fails with `badRequest` for a layer, head or token that is not there, `unknownWindow` for a window that is gone. */
export function explainWeight(
  window: AnalysedWindow,
  { layer, head, query, key }: Omit<ExplainParams, 'window'>,
  logValueNorms: LogValueNorms,
): ExplainAnswer {
  window.assertKept();
  const stored = window.layer(layer);
  const { shape } = stored;
  if (!Number.isInteger(head) || head < 0 || head >= shape.heads)
    throw new ChannelError('badRequest', l10n.t('Layer {0} has no head {1}.', layer, head));
  askedTokens({ token: query }, window.tokens);
  askedTokens({ token: key }, window.keys);
  const queryVector = stored.queryVector(head, query);
  const keyVector = stored.keyVector(head, key);
  const products = termsOf(shape, queryVector, keyVector);
  const scores = rowScores(stored, head, query);
  const sink = shape.sinks?.[head];
  const logSumExp = logSumExpOf(scores, sink);
  const weight = Math.exp(scores[key]! - logSumExp);
  const outputNorm = outputNormOf(window, layer, head, key, logValueNorms);
  return {
    query: queryVector,
    key: keyVector,
    additive: shape.additive?.slice() ?? null,
    products,
    dot: sumOf(products),
    scale: shape.scale,
    cap: shape.cap ?? null,
    sink: sink ?? null,
    bias: distanceBias(shape, head, query, key),
    masked: isMasked(shape, query, key),
    scores,
    logSumExp,
    weight,
    valueNorm: Math.sqrt(sumOf(valueOf(window, layer, head, key).map((x) => x * x))),
    outputNorm,
    heads: window.pairWeights(query, key),
    contributionNorm: outputNorm === null ? null : weight * outputNorm,
  };
}

/** The scores of a row as they enter the softmax: float64 [key], −Infinity where masked. */
function rowScores(layer: StoredLayer, head: number, query: number): Float64Array {
  const { shape } = layer;
  const queryVector = layer.queryVector(head, query);
  return Float64Array.from({ length: keyCount(shape) }, (_, key) => {
    if (isMasked(shape, query, key)) return -Infinity;
    const dot = sumOf(termsOf(shape, queryVector, layer.keyVector(head, key)));
    return bent(shape, dot) + distanceBias(shape, head, query, key);
  });
}

/** What each dimension adds to the similarity: float64 [headSize]. */
function termsOf(shape: LayerShape, query: Float32Array, key: Float32Array): Float64Array {
  return Float64Array.from(query, (q, dimension) =>
    similarityTerm(shape, dimension, q, key[dimension]!),
  );
}

function valueOf(window: AnalysedWindow, layer: number, head: number, token: number): Float64Array {
  const { shape } = window.layer(layer);
  const values = window.values(layer, keyHeadOf(shape, head));
  return Float64Array.from(values.subarray(token * shape.headSize, (token + 1) * shape.headSize));
}

/** ‖f(x)‖, or null where it is not known what becomes of a head's values. */
function outputNormOf(
  window: AnalysedWindow,
  layer: number,
  head: number,
  key: number,
  logValueNorms: LogValueNorms,
): number | null {
  try {
    return Math.exp(logValueNorms(window, layer, head)[key]!);
  } catch (error) {
    if (ChannelError.is(error, 'notInThisModel')) return null;
    throw error;
  }
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
