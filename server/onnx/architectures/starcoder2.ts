/** StarCoder2 (Lozhkov et al. 2024): grouped queries, LayerNorm, every layer behind a window. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { causalWindow, Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { readRotary } from './rotary';

const schema = v.object({
  hidden_act: activation,
  hidden_size: size,
  intermediate_size: size,
  max_position_embeddings: size,
  norm_epsilon: epsilon,
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  num_key_value_heads: v.optional(size, 2),
  sliding_window: v.nullish(size),
  use_bias: v.optional(v.boolean(), true),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const starcoder2: Architecture = {
  types: ['starcoder2'],
  words: 'embed_tokens.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), config, prefix),
};

function describe(config: Config, rope: unknown, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads } = config;
  requireMultiple('hidden_size', width, heads);
  requireMultiple('num_attention_heads', heads, config.num_key_value_heads);
  const rotary = readRotary(rope, config.max_position_embeddings);
  return {
    width,
    heads,
    keyValueHeads: config.num_key_value_heads,
    headSize: width / heads,
    contextLength: rotary.longest,
    score: scaledDot(width / heads, causalWindow(config.sliding_window)),
    embeddings: wordsAlone(`${prefix}embed_tokens.weight`, config.vocab_size, width),
    rotary: rotary.spec,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}layers.${layer}.`, config.norm_epsilon)),
    ),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide, use_bias: bias } = config;
  const keys = (config.num_key_value_heads * width) / config.num_attention_heads;
  const linear = (name: string, from: number, to: number) => named.linear(name, from, to, { bias });
  return {
    order: 'pre',
    attentionNorm: named.layerNorm('input_layernorm', width),
    feedForwardNorm: named.layerNorm('post_attention_layernorm', width),
    projections: {
      kind: 'separate',
      query: linear('self_attn.q_proj', width, width),
      key: linear('self_attn.k_proj', width, keys),
      value: linear('self_attn.v_proj', width, keys),
    },
    queryNorm: null,
    keyNorm: null,
    output: linear('self_attn.o_proj', width, width),
    feedForward: {
      kind: 'plain',
      up: linear('mlp.c_fc', width, wide),
      down: linear('mlp.c_proj', wide, width),
      activation: config.hidden_act,
    },
  };
}
