/** Phi-1 and Phi-2 (Li et al. 2023): attention and feed-forward side by side under one norm. */
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
  qk_layernorm: v.nullish(v.literal(false)),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const phi: Architecture = {
  types: ['phi'],
  words: 'embed_tokens.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), config, prefix),
};

function describe(config: Config, rope: unknown, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads } = config;
  const keyValueHeads = config.num_key_value_heads ?? heads;
  requireMultiple('num_attention_heads', heads, keyValueHeads);
  requireMultiple('hidden_size', width, heads);
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
  const { hidden_size: width, intermediate_size: wide } = config;
  const projection = (name: string, to: number) =>
    named.linear(`self_attn.${name}_proj`, width, to);
  return {
    order: 'parallel',
    attentionNorm: named.layerNorm('input_layernorm', width),
    feedForwardNorm: null,
    projections: {
      kind: 'separate',
      query: projection('q', width),
      key: projection('k', keys),
      value: projection('v', keys),
    },
    queryNorm: null,
    keyNorm: null,
    output: named.linear('self_attn.dense', width, width),
    feedForward: {
      kind: 'plain',
      up: named.linear('mlp.fc1', width, wide),
      down: named.linear('mlp.fc2', wide, width),
      activation: config.hidden_act,
    },
  };
}
