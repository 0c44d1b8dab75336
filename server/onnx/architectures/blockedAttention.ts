/** Attention of queries that see all keys, in one piece or block by block. */
import { inBlocks } from '../blocks';
import type { GraphBuilder } from '../graph';

/** Names of values: query [1, head, token, headSize], transposed key [1, head, headSize, token]. */
export interface QueryAndKey {
  query: string;
  transposedKey: string;
}

export interface BlockedRule {
  heads: number;
  /** Multiplies q·k. */
  scale: number;
}

/** softmax(q·k·scale) over keys: [1, head, query, key]. */
export function attentionWeights(
  graph: GraphBuilder,
  { query, transposedKey }: QueryAndKey,
  scale: number,
  output?: string,
): string {
  const product = graph.node('MatMul', [query, transposedKey]);
  const scores = graph.node('Mul', [product, graph.scalar(scale)]);
  return graph.node('Softmax', [scores], { axis: -1 }, output);
}

/** What the queries read of `value` [1, head, token, headSize]: the same shape, one block of queries after the other. */
export function blockedAttention(
  graph: GraphBuilder,
  { query, transposedKey, value }: QueryAndKey & { value: string },
  { heads, scale }: BlockedRule,
): string {
  return inBlocks(graph, { query, lists: [], heads }, (block) => {
    const weights = attentionWeights(block.graph, { query: block.query, transposedKey }, scale);
    return block.graph.node('MatMul', [weights, value]);
  });
}
