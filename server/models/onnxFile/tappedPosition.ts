/** How a tapped model tells positions apart: what its graph shows, with numbers from `config.json` where they go with it. */
import type { GraphFacts } from '../../onnx/tap/facts';
import type { TappedLayer } from '../../onnx/tap/tapGraph';
import { PositionError } from '../../positional/positionError';
import { readRope } from '../../positional/ropeConfig';
import type { PositionScheme } from '../../protocol';
import { readTappedConfig } from './tappedConfig';

/** Kinds of model whose pairs are a column and the one half of the turned width further. */
const HALF_SPLIT = new Set(
  (
    'llama mistral mixtral qwen2 qwen3 qwen2_moe qwen3_moe gemma gemma2 phi phi3 gpt_neox olmo olmo2 ' +
    'stablelm starcoder2 granite smollm3 falcon modernbert'
  ).split(' '),
);

export function tappedPosition(
  layers: readonly TappedLayer[],
  { turns, positions }: GraphFacts,
  config: unknown,
): PositionScheme {
  const biases = layers.map(({ score }) => score.bias);
  const [first] = biases;
  if (first?.alibi && biases.every(({ alibi }) => alibi)) {
    return { kind: 'alibi', slopes: [...first.alibi.slopes] };
  }
  if (biases.some(({ relative }) => relative)) return { kind: 'relative' };
  if (turns) return ropeOf(config, layers) ?? { kind: 'unknown' };
  return { kind: positions === null ? 'unknown' : 'learned' };
}

/** Undefined where the configuration does not say how, or says it of another model. */
function ropeOf(config: unknown, layers: readonly TappedLayer[]): PositionScheme | undefined {
  const { type, contextLength } = readTappedConfig(config);
  if (type === undefined || contextLength === undefined || !HALF_SPLIT.has(type)) return undefined;
  try {
    const { rotatedWidth, base, scaling } = readRope(config, 1);
    const fits = layers.every(({ headSize }) => rotatedWidth <= headSize) && rotatedWidth % 2 === 0;
    if (!fits) return undefined;
    const trainedLength = 'trainedLength' in scaling ? scaling.trainedLength : contextLength;
    return { kind: 'rope', base, pairing: 'halfSplit', dimensions: rotatedWidth, scaling, trainedLength };
  } catch (error) {
    if (error instanceof PositionError) return undefined;
    throw error;
  }
}
