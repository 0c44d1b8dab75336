/**
 * The graph of a transformer for one unpadded sequence, from its description. It ends
 * where attention ends: what the last layer makes of its weights nobody looks at.
 */
import { GraphBuilder } from '../graph';
import type { WeightFile } from '../weightFile';
import { AttentionPart, type AttentionNames } from './attention';
import { DenseParts } from './dense';
import { Parameters } from './parameters';
import type { InputNames } from '../../models/manifest';
import type { EmbeddingsSpec, LayerSpec, TransformerSpec } from './spec';

/** Opset 20 is the first whose Gelu is an operator; ORT's WASM and native builds both run it. */
const OPSET = 20;

/** Names of the graph's inputs. */
export const TRANSFORMER_INPUTS = {
  ids: 'input_ids',
  positions: 'position_ids',
  positionScale: 'position_scale',
} as const satisfies InputNames;

/** The inputs as a manifest names them. */
export function transformerInputs(_spec: TransformerSpec): InputNames {
  return { ...TRANSFORMER_INPUTS };
}

/** Names of one layer's outputs. */
export function transformerTaps(layer: number): AttentionNames {
  const name = `layer.${layer}`;
  return {
    query: `${name}.query`,
    key: `${name}.key`,
    value: `${name}.value`,
    weights: `${name}.weights`,
  };
}

/**
 * The model as the bytes of an `.onnx` file whose external data are ranges of
 * `weights`. Inputs: `input_ids` and `position_ids` int64 [1, token] (positions count
 * from 0), `position_scale` float32 [], which multiplies a position table's rows, the
 * angles of a rotary encoding or ALiBi's slopes. Outputs: `layer.N.query` float32
 * [1, head, token, headSize], `.key` and `.value` [1, keyValueHead, token, headSize],
 * `.weights` [1, head, query, key]. Throws OnnxError when a tensor is missing or misshapen.
 */
export function buildTransformer(
  spec: TransformerSpec,
  weights: Pick<WeightFile, 'tensor'>,
): Uint8Array {
  const graph = new GraphBuilder('transformer', OPSET);
  const ids = graph.input(TRANSFORMER_INPUTS.ids, 'int64', [1, 'token']);
  const positions = graph.input(TRANSFORMER_INPUTS.positions, 'int64', [1, 'token']);
  const positionScale = graph.input(TRANSFORMER_INPUTS.positionScale, 'float32', []);
  const parameters = new Parameters(graph, weights);
  const dense = new DenseParts(graph, parameters);
  const attention = new AttentionPart(graph, dense, spec, { positions, positionScale });
  let hidden = embed(spec.embeddings, { graph, parameters, dense }, ids, positions, positionScale);
  spec.layers.forEach((layer, index) => {
    const read = layer.order === 'post' ? hidden : dense.norm(layer.attentionNorm, hidden);
    const names = attention.weights(layer, read, transformerTaps(index));
    if (index === spec.layers.length - 1) return;
    hidden = next(layer, { graph, dense }, hidden, read, attention.context(layer, names));
  });
  return graph.finish();
}

interface Parts {
  graph: GraphBuilder;
  parameters: Parameters;
  dense: DenseParts;
}

/** [token, width] */
function embed(
  spec: EmbeddingsSpec,
  { graph, parameters, dense }: Parts,
  ids: string,
  positions: string,
  positionScale: string,
): string {
  const flat = (value: string) => graph.node('Squeeze', [value, graph.integers([0])]);
  let sum = parameters.rows(spec.words, [spec.vocabulary, spec.width], flat(ids));
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

/** The next layer's input, from this one's, from what attention read of it, and from what it found. */
function next(
  layer: LayerSpec,
  { graph, dense }: Omit<Parts, 'parameters'>,
  hidden: string,
  read: string,
  context: string,
): string {
  const sum = graph.node('Add', [hidden, context]);
  const { order, attentionNorm, feedForwardNorm, feedForward } = layer;
  if (order === 'parallel') {
    const normalised = feedForwardNorm ? dense.norm(feedForwardNorm, hidden) : read;
    return graph.node('Add', [sum, dense.feedForward(feedForward, normalised)]);
  }
  if (order === 'pre') {
    const normalised = feedForwardNorm ? dense.norm(feedForwardNorm, sum) : sum;
    return graph.node('Add', [sum, dense.feedForward(feedForward, normalised)]);
  }
  const middle = dense.norm(attentionNorm, sum);
  const result = graph.node('Add', [middle, dense.feedForward(feedForward, middle)]);
  return feedForwardNorm ? dense.norm(feedForwardNorm, result) : result;
}
