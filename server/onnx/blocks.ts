/**
 * Something done for blocks of queries, so that a graph's memory grows with the tokens and
 * not with their square. Each row is computed as it would be in one piece, and comes out
 * the same to the bit.
 */
import type { GraphBuilder } from './graph';

/** Queries in a block, at most; more make a product no faster. */
const MOST_ROWS = 256;
/** Fewer make it slower. */
const LEAST_ROWS = 32;
/** Scores of all heads that a block may hold between those limits: 16 MB in float32. */
const BLOCK_SCORES = 2 ** 22;

/** A block of queries inside the body: names of its values. */
export interface Block {
  graph: GraphBuilder;
  /** [1, head, row, headSize] */
  query: string;
  /** int64 [row] each, in the order of the token lists that were given. */
  places: string[];
}

/**
 * What `body` makes of every block of `query` [1, head, token, headSize], [1, head, token,
 * headSize]; it may read values of `graph`. `lists`: int64 [token], cut into the same blocks.
 */
export function inBlocks(
  graph: GraphBuilder,
  { query, lists, heads }: { query: string; lists: readonly string[]; heads: number },
  body: (block: Block) => string,
): string {
  const tokens = lengthOf(graph, query, 2);
  const headSize = lengthOf(graph, query, 3);
  const [blocks, rows] = evenBlocks(graph, tokens, heads);
  const missing = graph.node('Sub', [graph.node('Mul', [blocks, rows]), tokens]);
  const cutQuery = graph.node('Reshape', [
    filledUp(graph, query, [0, 0, missing, 0], 4),
    joined(graph, [graph.integers([1, heads]), blocks, rows, headSize]),
  ]);
  const cutLists = lists.map((list) =>
    graph.node('Reshape', [filledUp(graph, list, [missing], 1), joined(graph, [blocks, rows])]),
  );
  const inner = graph.subgraph('block');
  const name = (of: string): string => `${of}/block of ${query}`;
  const block: Block = {
    graph: inner,
    query: inner.input(name(query), 'float32', [1, heads, 'row', 'size']),
    places: lists.map((list) => inner.input(name(list), 'int64', ['row'])),
  };
  inner.output(body(block), 'float32', [1, heads, 'row', 'size']);
  const stacked = graph.node('Scan', [cutQuery, ...cutLists], {
    body: { graph: inner },
    num_scan_inputs: 1 + lists.length,
    scan_input_axes: [2, ...lists.map(() => 0)],
    scan_output_axes: [2],
  });
  const flat = joined(graph, [graph.integers([1, heads, -1]), headSize]);
  const whole = graph.node('Reshape', [stacked, flat]);
  return graph.node('Slice', [whole, graph.integers([0]), tokens, graph.integers([2])]);
}

function joined(graph: GraphBuilder, parts: readonly string[]): string {
  return graph.node('Concat', parts, { axis: 0 });
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

/** So many zeros behind each axis, 0 for none: the last block is filled up with them. */
function filledUp(
  graph: GraphBuilder,
  value: string,
  behind: readonly (string | 0)[],
  axes: number,
): string {
  const none = Array.from({ length: axes }, () => graph.integers([0]));
  const ends = behind.map((count) => (count === 0 ? graph.integers([0]) : count));
  return graph.node('Pad', [value, joined(graph, [...none, ...ends])]);
}
