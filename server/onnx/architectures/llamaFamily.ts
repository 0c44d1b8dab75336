/**
 * Llama (Touvron et al. 2023) and its kin: Mistral (Jiang et al. 2023), Qwen2 (Yang et al.
 * 2024), Qwen3 (Yang et al. 2025, norms over queries and keys), Gemma (Gemma Team 2024,
 * gains stored as their distance from 1, scaled embeddings).
 */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { readRotary } from './rotary';

const schema = v.object({
  model_type: v.picklist(['llama', 'mistral', 'qwen2', 'qwen3', 'gemma']),
  attention_bias: v.nullish(v.boolean()),
  head_dim: v.nullish(size),
  hidden_act: activation,
  hidden_activation: v.nullish(activation),
  hidden_size: size,
  intermediate_size: size,
  max_position_embeddings: size,
  mlp_bias: v.nullish(v.boolean()),
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  num_key_value_heads: v.nullish(size),
  rms_norm_eps: epsilon,
  sliding_window: v.nullish(size),
  use_sliding_window: v.nullish(v.boolean()),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const llamaFamily: Architecture = {
  types: schema.entries.model_type.options,
  words: 'embed_tokens.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), config, prefix),
};

function describe(config: Config, rope: unknown, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads, model_type } = config;
  const keyValueHeads = config.num_key_value_heads ?? heads;
  requireMultiple('num_attention_heads', heads, keyValueHeads);
  if (!config.head_dim) requireMultiple('hidden_size', width, heads);
  const headSize = config.head_dim ?? width / heads;
  const rotary = readRotary(rope, config.max_position_embeddings);
  return {
    width,
    heads,
    keyValueHeads,
    headSize,
    contextLength: Math.min(rotary.longest, windowOf(config)),
    causal: true,
    scale: 1 / Math.sqrt(headSize),
    embeddings: {
      words: `${prefix}embed_tokens.weight`,
      vocabulary: config.vocab_size,
      width,
      factor: model_type === 'gemma' ? Math.sqrt(width) : 1,
      positions: null,
      constant: null,
      norm: null,
      projection: null,
    },
    rotary: rotary.spec,
    slopes: null,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(config, headSize, new Named(`${prefix}layers.${layer}.`, config.rms_norm_eps)),
    ),
  };
}

/** Up to this many tokens a sliding window hides nothing; longer texts are read in several parts. */
function windowOf({ model_type, sliding_window, use_sliding_window }: Config): number {
  const slides = model_type.startsWith('qwen') ? use_sliding_window === true : true;
  return slides ? (sliding_window ?? Infinity) : Infinity;
}

function describeLayer(config: Config, headSize: number, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide, model_type } = config;
  const queries = config.num_attention_heads * headSize;
  const keys = (config.num_key_value_heads ?? config.num_attention_heads) * headSize;
  const biases = {
    projections: model_type === 'qwen2' || config.attention_bias === true,
    output: model_type !== 'qwen2' && config.attention_bias === true,
    feedForward: config.mlp_bias === true,
  };
  const projection = (name: string, to: number) =>
    named.linear(`self_attn.${name}_proj`, width, to, { bias: biases.projections });
  const dense = (name: string, from: number, to: number) =>
    named.linear(`mlp.${name}_proj`, from, to, { bias: biases.feedForward });
  const gainOffset = model_type === 'gemma' ? 1 : 0;
  const headNorm = (name: string) =>
    model_type === 'qwen3' ? named.rmsNorm(`self_attn.${name}_norm`, headSize) : null;
  return {
    order: 'pre',
    attentionNorm: named.rmsNorm('input_layernorm', width, gainOffset),
    feedForwardNorm: named.rmsNorm('post_attention_layernorm', width, gainOffset),
    projections: {
      kind: 'separate',
      query: projection('q', queries),
      key: projection('k', keys),
      value: projection('v', keys),
    },
    queryNorm: headNorm('q'),
    keyNorm: headNorm('k'),
    output: named.linear('self_attn.o_proj', queries, width, { bias: biases.output }),
    feedForward: {
      kind: 'gated',
      gate: dense('gate', width, wide),
      up: dense('up', width, wide),
      down: dense('down', wide, width),
      // Gemma's first configurations say `gelu` where `hidden_activation` or the tanh formula is meant.
      activation:
        model_type === 'gemma' ? (config.hidden_activation ?? 'geluTanh') : config.hidden_act,
    },
  };
}
