/** Weights by the definition of a score rule, straight from queries and keys: what the kernel is not used for here. */
import type { ScoreRule } from '../../../server/models/manifest';

export interface Sizes {
  heads: number;
  keyValueHeads: number;
  headSize: number;
  queries: number;
  keys: number;
}

/** [head, query, key] */
export function ruleWeights(
  rule: ScoreRule,
  { heads, keyValueHeads, headSize, queries, keys }: Sizes,
  query: Float32Array,
  key: Float32Array,
): Float64Array {
  const weights = new Float64Array(heads * queries * keys);
  const inline = (numbers: readonly number[] | { tensor: string }): readonly number[] => {
    if ('tensor' in numbers) throw new Error('a tensor');
    return numbers;
  };
  for (let head = 0; head < heads; head++) {
    const shared = Math.floor(head / (heads / keyValueHeads));
    for (let i = 0; i < queries; i++) {
      const row = weights.subarray((head * queries + i) * keys, (head * queries + i + 1) * keys);
      for (let j = 0; j < keys; j++) {
        let dot = 0;
        for (let d = 0; d < headSize; d++) {
          dot +=
            query[(head * queries + i) * headSize + d]! * key[(shared * keys + j) * headSize + d]!;
        }
        row[j] = scoreOf(dot, head, i, j);
      }
      const sink = rule.sinks ? inline(rule.sinks)[head]! : -Infinity;
      const most = Math.max(sink, ...row);
      const sum = row.reduce(
        (total, score) => total + Math.exp(score - most),
        Math.exp(sink - most),
      );
      row.forEach((score, j) => (row[j] = Math.exp(score - most) / sum));
    }
  }
  return weights;

  function scoreOf(dot: number, head: number, i: number, j: number): number {
    const { bias } = rule;
    if (bias.causal && j > i) return -Infinity;
    if (bias.window !== undefined && Math.abs(i - j) > bias.window) return -Infinity;
    if (rule.kind === 'additive') throw new Error('additive');
    const scaled = dot * rule.scale;
    let score = rule.kind === 'softcappedDot' ? rule.cap * Math.tanh(scaled / rule.cap) : scaled;
    if (bias.alibi) score -= bias.alibi.slopes[head]! * Math.abs(i - j);
    if (bias.relative) {
      const { buckets, table } = bias.relative;
      const reach = (buckets.length - 1) / 2;
      const bucket = buckets[Math.max(-reach, Math.min(reach, j - i)) + reach]!;
      score += inline(table)[bucket * heads + head]!;
    }
    return score;
  }
}
