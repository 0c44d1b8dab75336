/** What inputs and outputs of a built graph are called. */
import type { InputNames } from '../../models/manifest';
import type { Stack } from '../../protocol';
import type { AttentionNames } from './attention';
import type { RotarySpec, TransformerSpec } from './spec';

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

/** Names of the inputs that a decoder's own text goes into. */
export const DECODER_INPUTS = {
  ids: 'decoder_input_ids',
  positions: 'decoder_position_ids',
} as const satisfies InputNames;

/** Names of one layer's outputs, in a model's only stack or encoder, its decoder, or from that to the encoder. */
export function transformerTaps(layer: number, stack: Stack = 'encoder'): AttentionNames {
  const name = stack === 'encoder' ? `layer.${layer}` : `${stack}.layer.${layer}`;
  return {
    query: `${name}.query`,
    key: `${name}.key`,
    value: `${name}.value`,
    weights: `${name}.weights`,
  };
}
