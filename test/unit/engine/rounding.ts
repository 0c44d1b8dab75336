/**
 * How far float32 may take a kernel's weights from the definition. Scores are bounded
 * by a running error analysis (Higham 2002, "Accuracy and Stability of Numerical
 * Algorithms", §3.3): each addition and each product rounds by at most half a unit in
 * the last place of what it gives. A weight e^(score − lse) is off by what both are off.
 */
import { bentScore, penalty, similarityTerms } from './layers';
import type { Layer } from './layers';

/** Half the distance from 1 to the next float32. */
const UNIT = 2 ** -24;
/** What assembly/tanh.ts promises. */
const TANH_ERROR = 2e-7;
/** What distance adds and takes off may cancel; neither part is larger than this. */
const MOST_OFF = 42;
/** e^x within two units in the last place, the logarithm, and a few roundings to float32. */
const ROUNDINGS = 16;

/** Largest error of each weight, [head][query][key]; `weights` as the definition gives them. */
export function weightBounds(layer: Layer, weights: number[][][]): number[][][] {
  return weights.map((head, at) => head.map((row, query) => rowBounds(layer, at, query, row)));
}

/** Largest error of each weight of one row, [key]. */
export function rowBounds(
  layer: Layer,
  head: number,
  query: number,
  row: ArrayLike<number>,
): number[] {
  const weights = Array.from(row);
  const scores = weights.map((weight, key) =>
    weight > 0 ? scoreBound(layer, head, query, key) : { score: 0, error: 0 },
  );
  const shift = Math.max(...scores.map(({ error }) => error));
  const visible = scores.filter((_, key) => weights[key]! > 0);
  const sink = layer.shape.sinks?.[head] ?? -Infinity;
  const logSumExp = logOfSum([...visible.map(({ score }) => score), sink]);
  return weights.map((weight, key) => {
    const { score, error } = scores[key]!;
    const rounding = Math.abs(logSumExp) * 2 + Math.abs(score) + weights.length + ROUNDINGS;
    // Where e^x is no normal float32 any more, both kernels may say 0.
    return weight * Math.expm1(error + shift + UNIT * rounding) + 2 ** -126;
  });
}

/** A score, and how far float32 may take it from there. */
function scoreBound(
  layer: Layer,
  head: number,
  query: number,
  key: number,
): { score: number; error: number } {
  const { scale, additive, cap = 0 } = layer.shape;
  let [sum, error] = [0, 0];
  for (const { term, argument } of similarityTerms(layer, head, query, key)) {
    sum += term.value;
    const inner = additive ? term.weight * (TANH_ERROR + UNIT * Math.abs(argument)) : 0;
    error += inner + UNIT * (Math.abs(term.value) + Math.abs(sum));
  }
  const off = penalty(layer, head, query, key);
  const bent = bentScore(layer, sum);
  const score = bent - off;
  // One rounding each for the scale, the penalty (two where it has two parts) and the difference.
  const outer =
    UNIT * (2 * Math.abs(scale * sum) + 4 * Math.abs(off) + 2 * Math.abs(score) + MOST_OFF);
  const bending = cap * (TANH_ERROR + 2 * UNIT);
  // What errors do to the sizes of later roundings is of second order.
  return { score, error: 1.001 * (Math.abs(scale) * error + outer + bending) };
}

function logOfSum(scores: number[]): number {
  const largest = Math.max(...scores);
  if (largest === -Infinity) return 0;
  return largest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - largest), 0));
}
