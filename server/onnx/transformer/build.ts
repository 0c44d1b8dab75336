/**
 * The graph of a transformer for one unpadded sequence, or for two where it has a decoder,
 * from its description. It ends where attention ends: what the last layer makes of its
 * weights nobody looks at.
 */
import { GraphBuilder } from '../graph';
import type { WeightFile } from '../weightFile';
import { AttentionPart } from './attention';
import { buildDecoder } from './decoder';
import { DenseParts } from './dense';
import { TRANSFORMER_INPUTS, transformerInputs, transformerTaps } from './names';
import { Parameters } from './parameters';
import type { TurningInputs } from './rotation';
import { RuleNumbers } from './ruleNumbers';
import type { RuleInputs } from './scores';
import type { TransformerSpec } from './spec';
import { embed, next, normalised } from './stream';

/** Opset 20 is the first whose Gelu is an operator; ORT's WASM and native builds both run it. */
const OPSET = 20;

/**
 * The model as the bytes of an `.onnx` file whose external data are ranges of
 * `weights`. Inputs: `input_ids` and `position_ids` int64 [1, token] (positions count
 * from 0), `position_scale` float32 [], which multiplies a position table's rows, the
 * angles of a rotary encoding, ALiBi's slopes or relative biases, and what
 * {@link transformerInputs} names beside them. Outputs: `layer.N.query` float32
 * [1, head, token, headSize], `.key` and `.value` [1, keyValueHead, token, headSize],
 * `.weights` [1, head, query, key]; where there is a decoder, what {@link DECODER_INPUTS}
 * names too, `decoder.layer.N…` of its own text, and `cross.layer.N…` with its queries and
 * the encoder's keys and values. Throws OnnxError when a tensor is missing or misshapen.
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
    if (index === spec.layers.length - 1 && !spec.decoder) return;
    hidden = next(layer, { graph, dense }, hidden, read, attention.context(layer, names));
  });
  if (spec.decoder) {
    const memory = normalised(dense, spec.finalNorm, hidden);
    buildDecoder(spec.decoder, { graph, parameters, dense }, memory, positionScale);
  }
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
