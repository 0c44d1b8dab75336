/**
 * Command R (Cohere 2024) and Command R7B (Cohere 2025): one norm for both parts of a layer,
 * neighbouring columns turn together. In the second the layers that see everything have no
 * positions.
 */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { causalWindow, Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { layerTypes, slidingLayers } from './layerTypes';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { readRotary } from './rotary';

const schema = v.object({
  model_type: v.picklist(['cohere', 'cohere2']),
  attention_bias: v.optional(v.boolean(), false),
  head_dim: v.nullish(size),
  hidden_act: activation,
  hidden_size: size,
  intermediate_size: size,
  layer_norm_eps: epsilon,
  layer_types: layerTypes,
  max_position_embeddings: size,
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  num_key_value_heads: v.nullish(size),
  sliding_window: v.nullish(size),
  sliding_window_pattern: v.optional(size, 4),
  use_qk_norm: v.optional(v.literal(false)),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const cohere: Architecture = {
  types: schema.entries.model_type.options,
  words: 'embed_tokens.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), config, prefix),
};

function describe(config: Config, rope: unknown, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads, model_type } = config;
  const keyValueHeads = config.num_key_value_heads ?? heads;
  requireMultiple('hidden_size', width, heads);
  requireMultiple('num_attention_heads', heads, keyValueHeads);
  const headSize = config.head_dim ?? width / heads;
  const rotary = readRotary(rope, config.max_position_embeddings, 'interleaved');
  const slides = slidingLayers(
    config.layer_types,
    config.num_hidden_layers,
    (layer) => (layer + 1) % config.sliding_window_pattern !== 0,
  );
  const local = scaledDot(headSize, causalWindow(config.sliding_window));
  return {
    width,
    heads,
    keyValueHeads,
    headSize,
    contextLength: rotary.longest,
    score: scaledDot(headSize, { causal: true }),
    embeddings: wordsAlone(`${prefix}embed_tokens.weight`, config.vocab_size, width),
    rotary: rotary.spec,
    layers: slides.map((sliding, layer) => ({
      ...describeLayer(
        config,
        headSize,
        new Named(`${prefix}layers.${layer}.`, config.layer_norm_eps),
      ),
      ...(model_type === 'cohere' ? {} : sliding ? { score: local } : { rotary: null }),
    })),
  };
}

function describeLayer(config: Config, headSize: number, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide, attention_bias } = config;
  const queries = config.num_attention_heads * headSize;
  const keys = (config.num_key_value_heads ?? config.num_attention_heads) * headSize;
  const linear = (name: string, from: number, to: number, bias = false) =>
    named.linear(`${name}_proj`, from, to, { bias });
  return {
    order: 'parallel',
    attentionNorm: named.layerNorm('input_layernorm', width, { bias: false }),
    feedForwardNorm: null,
    projections: {
      kind: 'separate',
      query: linear('self_attn.q', width, queries, attention_bias),
      key: linear('self_attn.k', width, keys, attention_bias),
      value: linear('self_attn.v', width, keys, attention_bias),
    },
    queryNorm: null,
    keyNorm: null,
    output: linear('self_attn.o', queries, width, attention_bias),
    feedForward: {
      kind: 'gated',
      gate: linear('mlp.gate', width, wide),
      up: linear('mlp.up', width, wide),
      down: linear('mlp.down', wide, width),
      activation: config.hidden_act,
    },
  };
}
