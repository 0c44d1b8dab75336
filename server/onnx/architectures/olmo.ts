/**
 * OLMo (Groeneveld et al. 2024): Llama with norms that learn nothing. Nemotron (Parmar et
 * al. 2024): Llama with LayerNorm, whose gains are stored as their distance from 1, heads
 * that turn in part and a feed-forward without gate.
 */
import * as v from 'valibot';
import type { LayerSpec, NormSpec, TransformerSpec } from '../transformer/spec';
import { Named, type Architecture } from './architecture';
import { llamaFamily } from './llamaFamily';
import { activation, epsilon, factor, readConfig, size } from './readConfig';

const olmoSchema = v.object({ clip_qkv: v.nullish(factor), hidden_size: size });

/** Not in the configuration. */
const OLMO_EPSILON = 1e-5;

export const olmo: Architecture = {
  types: ['olmo'],
  words: llamaFamily.words,
  describe: (config, prefix) => {
    const { clip_qkv: limit, hidden_size: width } = readConfig(olmoSchema, config);
    const norm: NormSpec = {
      kind: 'layer',
      gain: null,
      bias: null,
      epsilon: OLMO_EPSILON,
      gainOffset: 0,
      width,
    };
    return likeLlama(config, prefix, (layer) => ({
      ...layer,
      attentionNorm: norm,
      feedForwardNorm: norm,
      projectionLimit: limit ?? undefined,
    }));
  },
};

const nemotronSchema = v.object({
  hidden_act: activation,
  hidden_size: size,
  intermediate_size: size,
  mlp_bias: v.nullish(v.boolean()),
  norm_eps: epsilon,
});

/** The share of a head that turns where nothing else is written. */
const usualShare = v.looseObject({ partial_rotary_factor: v.optional(v.number(), 0.5) });

export const nemotron: Architecture = {
  types: ['nemotron'],
  words: llamaFamily.words,
  describe: (config, prefix) => {
    const read = readConfig(nemotronSchema, config);
    const { hidden_size: width, intermediate_size: wide } = read;
    return likeLlama(readConfig(usualShare, config), prefix, (layer, index) => {
      const named = new Named(`${prefix}layers.${index}.`, read.norm_eps);
      const norm = (name: string): NormSpec => ({
        ...named.layerNorm(`${name}_layernorm`, width),
        gainOffset: 1,
      });
      const dense = (name: string, from: number, to: number) =>
        named.linear(`mlp.${name}_proj`, from, to, { bias: read.mlp_bias === true });
      return {
        ...layer,
        attentionNorm: norm('input'),
        feedForwardNorm: norm('post_attention'),
        feedForward: {
          kind: 'plain',
          up: dense('up', width, wide),
          down: dense('down', wide, width),
          activation: read.hidden_act,
        },
      };
    });
  },
};

/** Llama's description with other layers; neither kind has RMSNorm's epsilon. */
function likeLlama(
  config: unknown,
  prefix: string,
  change: (layer: LayerSpec, index: number) => LayerSpec,
): TransformerSpec {
  const like = { ...(config as object), model_type: 'llama', rms_norm_eps: 0 };
  const spec = llamaFamily.describe(like, prefix);
  return { ...spec, layers: spec.layers.map(change) };
}
