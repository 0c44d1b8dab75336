/**
 * Attention by blocks of queries, so that a graph's memory grows with the tokens and not
 * with their square. Each row of weights is computed as it would be in one piece, and
 * comes out the same to the bit.
 */
import type { GraphBuilder } from '../graph';

/** Queries in a block, at most; more make a product no faster. */
const MOST_ROWS = 256;
/** Fewer make it slower. */
const LEAST_ROWS = 32;
/** Scores of all heads that a block may hold between those limits: 16 MB in float32. */
const BLOCK_SCORES = 2 ** 22;

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
  const tokens = lengthOf(graph, query, 2);
  const [blocks, rows] = evenBlocks(graph, tokens, heads);
  const headSize = lengthOf(graph, query, 3);
  const body = graph.subgraph('block');
  const block = body.input(`${query}/block`, 'float32', [1, heads, 'row', 'size']);
  const weights = attentionWeights(body, { query: block, transposedKey }, scale);
  const context = body.node('MatMul', [weights, value]);
  body.output(context, 'float32', [1, heads, 'row', 'size']);
  const shape = graph.node('Concat', [graph.integers([1, heads]), blocks, rows, headSize], {
    axis: 0,
  });
  const cut = graph.node('Reshape', [filledUp(graph, query, tokens, blocks, rows), shape]);
  const stacked = graph.node('Scan', [cut], {
    body: { graph: body },
    num_scan_inputs: 1,
    scan_input_axes: [2],
    scan_output_axes: [2],
  });
  const flat = graph.node('Concat', [graph.integers([1, heads, -1]), headSize], { axis: 0 });
  const joined = graph.node('Reshape', [stacked, flat]);
  const [start, axis] = [graph.integers([0]), graph.integers([2])];
  return graph.node('Slice', [joined, start, tokens, axis]);
}

/** int64 [1]. */
function lengthOf(graph: GraphBuilder, value: string, axis: number): string {
  return graph.node('Shape', [value], { start: axis, end: axis + 1 });
}

/** How many blocks, and rows in each, as evenly as can be: int64 [1] both. */
function evenBlocks(
  graph: GraphBuilder,
  tokens: string,
  heads: number,
): [blocks: string, rows: string] {
  const room = graph.node('Div', [graph.integers([Math.floor(BLOCK_SCORES / heads)]), tokens]);
  const most = graph.node('Min', [room, graph.integers([MOST_ROWS])]);
  const limit = graph.node('Max', [most, graph.integers([LEAST_ROWS])]);
  const blocks = dividedUp(graph, tokens, limit);
  return [blocks, dividedUp(graph, tokens, blocks)];
}

/** ⌈count / by⌉. */
function dividedUp(graph: GraphBuilder, count: string, by: string): string {
  const less = graph.node('Sub', [by, graph.integers([1])]);
  return graph.node('Div', [graph.node('Add', [count, less]), by]);
}

/** Queries of zeros behind the last one, until the last block is full. */
function filledUp(
  graph: GraphBuilder,
  query: string,
  tokens: string,
  blocks: string,
  rows: string,
): string {
  const missing = graph.node('Sub', [graph.node('Mul', [blocks, rows]), tokens]);
  const none = graph.integers([0, 0, 0, 0, 0, 0]);
  const pads = graph.node('Concat', [none, missing, graph.integers([0])], { axis: 0 });
  return graph.node('Pad', [query, pads]);
}
