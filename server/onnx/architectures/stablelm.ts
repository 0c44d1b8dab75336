/** StableLM 2 (Bellagente et al. 2024): Llama's layers with LayerNorm and heads that turn in part. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { readRotary } from './rotary';

const schema = v.object({
  hidden_act: activation,
  hidden_size: size,
  intermediate_size: size,
  layer_norm_eps: epsilon,
  max_position_embeddings: size,
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  num_key_value_heads: v.nullish(size),
  qk_layernorm: v.optional(v.literal(false), false),
  use_parallel_residual: v.optional(v.boolean(), false),
  use_qkv_bias: v.optional(v.boolean(), false),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

/** The share of a head that turns where nothing else is written. */
const usualShare = v.looseObject({ partial_rotary_factor: v.optional(v.number(), 0.25) });

export const stablelm: Architecture = {
  types: ['stablelm'],
  words: 'embed_tokens.weight',
  describe: (config, prefix) =>
    describe(readConfig(schema, config), readConfig(usualShare, config), prefix),
};

function describe(config: Config, rope: unknown, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads } = config;
  const keyValueHeads = config.num_key_value_heads ?? heads;
  requireMultiple('hidden_size', width, heads);
  requireMultiple('num_attention_heads', heads, keyValueHeads);
  const rotary = readRotary(rope, config.max_position_embeddings);
  return {
    width,
    heads,
    keyValueHeads,
    headSize: width / heads,
    contextLength: rotary.longest,
    score: scaledDot(width / heads, { causal: true }),
    embeddings: wordsAlone(`${prefix}embed_tokens.weight`, config.vocab_size, width),
    rotary: rotary.spec,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(
        config,
        (keyValueHeads * width) / heads,
        new Named(`${prefix}layers.${layer}.`, config.layer_norm_eps),
      ),
    ),
  };
}

function describeLayer(config: Config, keys: number, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide, use_parallel_residual } = config;
  const linear = (name: string, from: number, to: number, bias = false) =>
    named.linear(`${name}_proj`, from, to, { bias });
  const projection = (name: string, to: number) =>
    linear(`self_attn.${name}`, width, to, config.use_qkv_bias);
  return {
    order: use_parallel_residual ? 'parallel' : 'pre',
    attentionNorm: named.layerNorm('input_layernorm', width),
    feedForwardNorm: use_parallel_residual
      ? null
      : named.layerNorm('post_attention_layernorm', width),
    projections: {
      kind: 'separate',
      query: projection('q', width),
      key: projection('k', keys),
      value: projection('v', keys),
    },
    queryNorm: null,
    keyNorm: null,
    output: linear('self_attn.o', width, width),
    feedForward: {
      kind: 'gated',
      gate: linear('mlp.gate', width, wide),
      up: linear('mlp.up', width, wide),
      down: linear('mlp.down', wide, width),
      activation: config.hidden_act,
    },
  };
}
