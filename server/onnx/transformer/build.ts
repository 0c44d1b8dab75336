/**
 * The graph of a transformer for one unpadded sequence, from its description. It ends
 * where attention ends: what the last layer makes of its weights nobody looks at.
 */
import { GraphBuilder } from '../graph';
import { ElementType } from '../schema';
import type { WeightFile } from '../weightFile';
import { AttentionPart, type AttentionNames } from './attention';
import { DenseParts } from './dense';
import { Parameters } from './parameters';
import type { InputNames } from '../../models/manifest';
import type { TurningInputs } from './rotation';
import { RuleNumbers } from './ruleNumbers';
import type { RuleInputs } from './scores';
import type { EmbeddingsSpec, LayerSpec, NormSpec, RotarySpec, TransformerSpec } from './spec';

/** Opset 20 is the first whose Gelu is an operator; ORT's WASM and native builds both run it. */
const OPSET = 20;

/** Names of the graph's inputs. */
export const TRANSFORMER_INPUTS = {
  ids: 'input_ids',
  positions: 'position_ids',
  positionScale: 'position_scale',
} as const satisfies InputNames;

/** What of the inputs turns heads, where all layers that turn do it alike. */
const TURNING_INPUTS = {
  frequencies: 'rotary_frequencies',
  attentionFactor: 'rotary_attention_factor',
} as const satisfies Partial<InputNames>;

/** The inputs as a manifest names them. */
export function transformerInputs({ rotary, score, layers }: TransformerSpec): InputNames {
  const turns = new Set(
    layers.map((layer) => (layer.rotary === undefined ? rotary : layer.rotary)).map(turnOf),
  );
  turns.delete(null);
  const alike = turns.size === 1;
  return {
    ...TRANSFORMER_INPUTS,
    ...(alike ? TURNING_INPUTS : {}),
    ...(score.bias.alibi ? { slopes: 'alibi_slopes' } : {}),
  };
}

/** Encodings that are alike have the same. */
function turnOf(rotary: RotarySpec | null): string | null {
  return rotary && JSON.stringify(rotary);
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
 * angles of a rotary encoding, ALiBi's slopes or relative biases, and what
 * {@link transformerInputs} names beside them. Outputs: `layer.N.query` float32
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
  const attention = new AttentionPart(
    graph,
    dense,
    spec,
    turningInputs(graph, spec, positions, positionScale),
    ruleInputs(graph, spec, parameters, positionScale),
  );
  let hidden = embed(spec.embeddings, { graph, parameters, dense }, ids, positions, positionScale);
  spec.layers.forEach((layer, index) => {
    const read = layer.order === 'post' ? hidden : normalised(dense, layer.attentionNorm, hidden);
    const names = attention.weights(layer, read, transformerTaps(index));
    if (index === spec.layers.length - 1) return;
    hidden = next(layer, { graph, dense }, hidden, read, attention.context(layer, names));
  });
  return graph.finish();
}

function turningInputs(
  graph: GraphBuilder,
  spec: TransformerSpec,
  positions: string,
  positionScale: string,
): TurningInputs {
  const { frequencies, attentionFactor } = transformerInputs(spec);
  return {
    positions,
    positionScale,
    frequencies: frequencies && graph.input(frequencies, 'float32', [2, 'pair']),
    attentionFactor: attentionFactor && graph.input(attentionFactor, 'float32', []),
  };
}

function ruleInputs(
  graph: GraphBuilder,
  spec: TransformerSpec,
  parameters: Parameters,
  positionScale: string,
): RuleInputs {
  const { heads, keyValueHeads } = spec;
  const { slopes } = transformerInputs(spec);
  return {
    heads,
    keyValueHeads,
    numbers: new RuleNumbers(graph, parameters, heads, positionScale),
    slopes: slopes && graph.node('Mul', [graph.input(slopes, 'float32', [heads]), positionScale]),
  };
}

function normalised(dense: DenseParts, norm: NormSpec | null | undefined, value: string): string {
  return norm ? dense.norm(norm, value) : value;
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
function next(
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
