/** How the layers of a tapped model tell positions apart: what its graph shows, with numbers from `config.json` where they go with it. */
import { architectureOf } from '../../onnx/architectures/architectures';
import { OnnxError } from '../../onnx/onnxError';
import { holdsSines } from '../../onnx/tap/positionTable';
import type { TappedGraph, TappedLayer } from '../../onnx/tap/tapGraph';
import { schemeOfLayers } from '../../positional/layerSchemes';
import { PositionError } from '../../positional/positionError';
import { readRope } from '../../positional/ropeConfig';
import type { LayerScheme, PositionScheme } from '../../protocol';
import { schemesOf } from '../folder/describe';
import { readTappedConfig } from './tappedConfig';

/** Kinds of model whose pairs are a column and the one half of the turned width further. */
const HALF_SPLIT = new Set(
  (
    'llama mistral mixtral qwen2 qwen3 qwen2_moe qwen3_moe gemma gemma2 gemma3_text phi phi3 gpt_neox ' +
    'olmo olmo2 stablelm starcoder2 granite smollm3 falcon modernbert'
  ).split(' '),
);

export function tappedPosition(
  layers: readonly TappedLayer[],
  { facts, positionTable }: Pick<TappedGraph, 'facts' | 'positionTable'>,
  config: unknown,
): PositionScheme {
  const isLearned = facts.positionTable !== null && !(positionTable && holdsSines(positionTable));
  const other: LayerScheme = { kind: isLearned && !facts.turns ? 'learned' : 'unknown' };
  const turning = facts.turns ? turnsOf(config, layers) : undefined;
  return schemeOfLayers(
    layers.map(({ score: { bias } }, at): LayerScheme => {
      if (bias.alibi) return { kind: 'alibi', slopes: [...bias.alibi.slopes] };
      // As MPNet has it: what is added by distance is told beside the table.
      if (bias.relative && other.kind !== 'learned') return { kind: 'relative' };
      return turning?.[at] ?? other;
    }),
  );
}

/** Undefined where the configuration does not say how, or says it of another model. */
function turnsOf(config: unknown, layers: readonly TappedLayer[]): LayerScheme[] | undefined {
  const { type, contextLength } = readTappedConfig(config);
  if (type === undefined || contextLength === undefined || !HALF_SPLIT.has(type)) return undefined;
  try {
    const described = describedTurns(type, config);
    const schemes = layers.map(({ index }) =>
      described ? described[index] : ropeOf(config, contextLength),
    );
    return schemes.every((scheme, at) => fits(scheme, layers[at]!)) ? schemes : undefined;
  } catch (error) {
    if (error instanceof PositionError || error instanceof OnnxError) return undefined;
    throw error;
  }
}

/** Layer by layer, where the kind of model is known so well; some have layers that turn in another way, or not at all. */
function describedTurns(type: string, config: unknown): LayerScheme[] | undefined {
  const architecture = architectureOf(type);
  return architecture && schemesOf(architecture.describe(config, ''));
}

function ropeOf(config: unknown, contextLength: number): LayerScheme {
  const { rotatedWidth: dimensions, base, scaling } = readRope(config, 1);
  const trainedLength = 'trainedLength' in scaling ? scaling.trainedLength : contextLength;
  return { kind: 'rope', base, pairing: 'halfSplit', dimensions, scaling, trainedLength };
}

function fits(scheme: LayerScheme | undefined, { headSize }: TappedLayer): scheme is LayerScheme {
  if (scheme?.kind === 'none') return true;
  return scheme?.kind === 'rope' && scheme.dimensions <= headSize && scheme.dimensions % 2 === 0;
}
