/** Falcon (Almazrouei et al. 2023): one or a few key heads, both parts of a layer side by side. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { readRotary } from './rotary';

const schema = v.looseObject({
  activation: v.optional(activation, 'gelu'),
  // With ALiBi the reference rounds the distances, so that its numbers cannot be met.
  alibi: v.optional(v.literal(false), false),
  bias: v.optional(v.boolean(), false),
  ffn_hidden_size: v.nullish(size),
  hidden_size: size,
  layer_norm_epsilon: v.optional(epsilon, 1e-5),
  max_position_embeddings: v.optional(size, 2048),
  multi_query: v.optional(v.boolean(), true),
  new_decoder_architecture: v.optional(v.boolean(), false),
  num_attention_heads: v.nullish(size),
  n_head: v.nullish(size),
  num_hidden_layers: v.nullish(layerCount),
  n_layer: v.nullish(layerCount),
  num_kv_heads: v.nullish(size),
  num_ln_in_parallel_attn: v.nullish(v.picklist([1, 2])),
  parallel_attn: v.optional(v.boolean(), true),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const falcon: Architecture = {
  types: ['falcon'],
  words: 'word_embeddings.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { hidden_size: width } = config;
  const heads = readConfig(size, config.num_attention_heads ?? config.n_head);
  const layers = readConfig(layerCount, config.num_hidden_layers ?? config.n_layer);
  const keyValueHeads = keyValueHeadsOf(config, heads);
  requireMultiple('hidden_size', width, heads);
  requireMultiple('num_attention_heads', heads, keyValueHeads);
  const rope = { ...config, num_attention_heads: heads };
  const rotary = readRotary(rope, config.max_position_embeddings);
  return {
    width,
    heads,
    keyValueHeads,
    headSize: width / heads,
    contextLength: rotary.longest,
    score: scaledDot(width / heads, { causal: true }),
    embeddings: wordsAlone(`${prefix}word_embeddings.weight`, config.vocab_size, width),
    rotary: rotary.spec,
    layers: Array.from({ length: layers }, (_, layer) =>
      describeLayer(
        config,
        width + (2 * keyValueHeads * width) / heads,
        new Named(`${prefix}h.${layer}.`, config.layer_norm_epsilon),
      ),
    ),
  };
}

function keyValueHeadsOf(config: Config, heads: number): number {
  if (config.new_decoder_architecture) return config.num_kv_heads ?? heads;
  return config.multi_query ? 1 : heads;
}

function describeLayer(config: Config, joined: number, named: Named): LayerSpec {
  const { hidden_size: width, bias } = config;
  const wide = config.ffn_hidden_size ?? 4 * width;
  const linear = (name: string, from: number, to: number) => named.linear(name, from, to, { bias });
  return {
    ...arranged(config, named),
    projections: {
      kind: 'joined',
      linear: linear('self_attention.query_key_value', width, joined),
      order: 'perGroup',
    },
    queryNorm: null,
    keyNorm: null,
    output: linear('self_attention.dense', width, width),
    feedForward: {
      kind: 'plain',
      up: linear('mlp.dense_h_to_4h', width, wide),
      down: linear('mlp.dense_4h_to_h', wide, width),
      activation: config.activation,
    },
  };
}

function arranged(
  config: Config,
  named: Named,
): Pick<LayerSpec, 'order' | 'attentionNorm' | 'feedForwardNorm'> {
  const norm = (name: string) => named.layerNorm(name, config.hidden_size);
  const { new_decoder_architecture: grouped, parallel_attn: parallel } = config;
  if (grouped && (config.num_ln_in_parallel_attn ?? 2) === 2)
    return { order: 'parallel', attentionNorm: norm('ln_attn'), feedForwardNorm: norm('ln_mlp') };
  const attentionNorm = norm('input_layernorm');
  if (grouped || parallel) return { order: 'parallel', attentionNorm, feedForwardNorm: null };
  return { order: 'pre', attentionNorm, feedForwardNorm: norm('post_attention_layernorm') };
}
