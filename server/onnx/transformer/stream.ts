/** The stream that layers read and add to: what a text is at first, and what a layer makes of it. */
import type { GraphBuilder } from '../graph';
import { ElementType } from '../schema';
import type { DenseParts } from './dense';
import type { Parameters } from './parameters';
import type { EmbeddingsSpec, LayerSpec, NormSpec } from './spec';

export function normalised(
  dense: DenseParts,
  norm: NormSpec | null | undefined,
  value: string,
): string {
  return norm ? dense.norm(norm, value) : value;
}

export interface Parts {
  graph: GraphBuilder;
  parameters: Parameters;
  dense: DenseParts;
}

/** What tokens are before the first layer: [token, width]. */
export function embed(
  spec: EmbeddingsSpec,
  { graph, parameters, dense }: Parts,
  ids: string,
  positions: string,
  positionScale: string,
): string {
  const flat = (value: string) => graph.node('Squeeze', [value, graph.integers([0])]);
  let sum = parameters.rows(spec.words, [spec.vocabulary, spec.width], flat(ids));
  if (spec.dropped) sum = dropTokens(graph, spec.dropped, flat(ids), sum);
  if (spec.factor !== 1) sum = graph.node('Mul', [sum, graph.scalar(spec.factor)]);
  if (spec.constant) {
    const { table, rows } = spec.constant;
    sum = graph.node('Add', [sum, parameters.firstRow(table, [rows, spec.width])]);
  }
  if (spec.positions) {
    const { table, rows, offset } = spec.positions;
    const places = flat(positions);
    const index = offset === 0 ? places : graph.node('Add', [places, graph.integers([offset])]);
    const added = parameters.rows(table, [rows, spec.width], index);
    sum = graph.node('Add', [sum, graph.node('Mul', [added, positionScale])]);
  }
  if (spec.norm) sum = dense.norm(spec.norm, sum);
  return spec.projection ? dense.linear(spec.projection, sum) : sum;
}

/** Rows [token, width] without those of a token, the others scaled up for them. */
function dropTokens(
  graph: GraphBuilder,
  { token, factor }: NonNullable<EmbeddingsSpec['dropped']>,
  ids: string,
  rows: string,
): string {
  const others = graph.node('Not', [graph.node('Equal', [ids, graph.integers([token])])]);
  const kept = graph.node('Cast', [others], { to: ElementType.float32 });
  const share = graph.node('ReduceMean', [kept, graph.integers([0])], { keepdims: 0 });
  const scale = graph.node('Div', [graph.scalar(factor), share]);
  const column = graph.node('Unsqueeze', [kept, graph.integers([1])]);
  return graph.node('Mul', [graph.node('Mul', [rows, column]), scale]);
}

/** The next layer's input, from this one's, from what attention read of it, and from what it found. */
export function next(
  layer: LayerSpec,
  { graph, dense }: Omit<Parts, 'parameters'>,
  hidden: string,
  read: string,
  context: string,
): string {
  const { order, attentionNorm, feedForwardNorm, feedForward, residualFactor = 1 } = layer;
  const add = (stream: string, part: string): string => {
    const factor = graph.scalar(residualFactor);
    return graph.node('Add', [
      stream,
      residualFactor === 1 ? part : graph.node('Mul', [part, factor]),
    ]);
  };
  const sum = add(hidden, normalised(dense, layer.attentionOutputNorm, context));
  const feed = (input: string): string =>
    normalised(dense, layer.feedForwardOutputNorm, dense.feedForward(feedForward, input));
  if (order === 'parallel') {
    return add(sum, feed(feedForwardNorm ? dense.norm(feedForwardNorm, hidden) : read));
  }
  if (order === 'pre') return add(sum, feed(normalised(dense, feedForwardNorm, sum)));
  const middle = normalised(dense, attentionNorm, sum);
  return normalised(dense, feedForwardNorm, add(middle, feed(middle)));
}
