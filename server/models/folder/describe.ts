/** The manifest of a model whose graph was built from its description. */
import { DECODER_INPUTS, transformerInputs, transformerTaps } from '../../onnx/transformer/names';
import type {
  DecoderSpec,
  LayerSpec,
  LinearSpec,
  NormSpec,
  RotarySpec,
  TransformerSpec,
} from '../../onnx/transformer/spec';
import { schemeOfLayers } from '../../positional/layerSchemes';
import type { LayerScheme, RopeScheme, Stack } from '../../protocol';
import type {
  DecoderManifest,
  EmbeddingNames,
  LayerTap,
  LinearNames,
  ModelFile,
  ModelManifest,
} from '../manifest';
import { windowLength } from '../windowLength';

/** What a description does not say. */
export interface Described extends Pick<ModelManifest, 'id' | 'name' | 'architecture' | 'storage'> {
  graph: ModelFile;
  weights: ModelFile[];
  tokenizer: ModelFile;
}

/** The manifest under which the engine runs `spec`'s graph. */
export function describeTransformer(spec: TransformerSpec, described: Described): ModelManifest {
  const { width, heads, keyValueHeads, headSize, contextLength, score, embeddings } = spec;
  const { positions } = embeddings;
  const shape = { layers: spec.layers.length, heads, keyValueHeads, headSize, contextLength };
  return {
    ...described,
    ...shape,
    width,
    causal: score.bias.causal,
    vocabulary: embeddings.vocabulary,
    windowLength: windowLength(shape),
    position: schemeOfLayers(schemesOf(spec)),
    inputs: transformerInputs(spec),
    taps: tapsOf(spec.layers, 'encoder'),
    score,
    positionTable: positions?.table,
    positionOffset: positions?.offset,
    embedding: embeddingOf(spec),
    ...(spec.decoder ? { decoder: decoderOf(spec.decoder) } : {}),
  };
}

function tapsOf(
  layers: readonly { output: LinearSpec; score?: LayerSpec['score'] }[],
  stack: Stack,
): LayerTap[] {
  return layers.map(({ output: { weight, stored }, score }, index) => ({
    ...transformerTaps(index, stack),
    output: weight,
    outputStored: stored,
    ...(score ? { score } : {}),
  }));
}

function decoderOf({ self, cross, crossScale, startToken }: DecoderSpec): DecoderManifest {
  const { width, heads, keyValueHeads, headSize, contextLength, score, layers } = self;
  const shape = { layers: layers.length, heads, keyValueHeads, headSize };
  return {
    ...shape,
    width,
    contextLength,
    windowLength: windowLength({ ...shape, contextLength }),
    startToken,
    inputs: DECODER_INPUTS,
    position: schemeOfLayers(schemesOf(self)),
    taps: tapsOf(layers, 'decoder'),
    score,
    cross: {
      ...shape,
      taps: tapsOf(cross, 'cross'),
      score: { kind: 'dot', scale: crossScale, bias: { causal: false } },
    },
  };
}

/** How each layer tells positions apart. */
export function schemesOf({ embeddings, rotary, score, layers }: TransformerSpec): LayerScheme[] {
  return layers.map((layer): LayerScheme => {
    const turning = layer.rotary === undefined ? rotary : layer.rotary;
    const { alibi, relative } = (layer.score ?? score).bias;
    if (turning) return ropeScheme(turning);
    if (alibi) return { kind: 'alibi', slopes: [...alibi.slopes] };
    if (embeddings.positions) return { kind: 'learned' };
    return { kind: relative ? 'relative' : 'none' };
  });
}

function ropeScheme(rotary: RotarySpec): RopeScheme {
  const { base, pairing, scaling, trainedLength, rotatedWidth: dimensions } = rotary;
  return { kind: 'rope', base, pairing, dimensions, scaling, trainedLength };
}

/**
 * What the first layer's queries and keys are made of, where that is LayerNorm(word +
 * position + constant), then W·x + b; undefined where it is something else.
 */
function embeddingOf({
  embeddings,
  layers,
  rotary,
  score,
}: TransformerSpec): EmbeddingNames | undefined {
  const [first] = layers;
  const { kind, bias } = first?.score ?? score;
  if (kind !== 'dot' || bias.alibi || bias.relative) return undefined;
  const { words, constant, positions, factor, projection } = embeddings;
  if (!first || !positions || rotary || factor !== 1 || projection) return undefined;
  if (first.projections.kind !== 'separate') return undefined;
  const norm = onlyNorm(embeddings.norm, first.order === 'post' ? null : first.attentionNorm);
  const query = namesOf(first.projections.query);
  const key = namesOf(first.projections.key);
  if (norm === undefined || !query || !key) return undefined;
  return { words, constant: constant?.table ?? null, norm, query, key };
}

/** Of two norms one after the other the one that is there; undefined where that is none of one kind. */
function onlyNorm(
  first: NormSpec | null,
  second: NormSpec | null,
): EmbeddingNames['norm'] | undefined {
  if (first && second) return undefined;
  const norm = first ?? second;
  if (!norm) return null;
  if (norm.kind !== 'layer' || norm.gain === null || norm.bias === null || norm.gainOffset !== 0) return undefined;
  return { gain: norm.gain, bias: norm.bias, epsilon: norm.epsilon };
}

function namesOf({ weight, bias, stored }: LinearSpec): LinearNames | undefined {
  return stored === 'toFrom' && bias !== null ? { weight, bias } : undefined;
}
