/**
 * gpt-oss (OpenAI 2025): every other layer sees a window, each head has a learned score
 * that belongs to no key, and a router chooses feed-forwards for each token.
 */
import * as v from 'valibot';
import type { ExpertsSpec, LayerSpec, LinearSpec, TransformerSpec } from '../transformer/spec';
import { causalWindow, Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { layerTypes, slidingLayers } from './layerTypes';
import {
  epsilon,
  factor,
  layerCount,
  readConfig,
  requireAtMost,
  requireMultiple,
  size,
} from './readConfig';
import { readRotary } from './rotary';

const schema = v.object({
  attention_bias: v.optional(v.boolean(), true),
  head_dim: v.optional(size, 64),
  hidden_size: size,
  intermediate_size: size,
  layer_types: layerTypes,
  max_position_embeddings: size,
  num_attention_heads: size,
  num_experts_per_tok: size,
  num_hidden_layers: layerCount,
  num_key_value_heads: size,
  num_local_experts: v.pipe(size, v.maxValue(1024)),
  rms_norm_eps: epsilon,
  sliding_window: size,
  swiglu_alpha: v.optional(factor, 1.702),
  swiglu_limit: v.optional(factor, 7),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const gptOss: Architecture = {
  types: ['gpt_oss'],
  words: 'embed_tokens.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), config, prefix),
};

function describe(config: Config, rope: unknown, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads, head_dim: headSize } = config;
  requireMultiple('num_attention_heads', heads, config.num_key_value_heads);
  const rotary = readRotary(rope, config.max_position_embeddings);
  const slides = slidingLayers(
    config.layer_types,
    config.num_hidden_layers,
    (layer) => layer % 2 === 0,
  );
  return {
    width,
    heads,
    keyValueHeads: config.num_key_value_heads,
    headSize,
    contextLength: rotary.longest,
    score: scaledDot(headSize, { causal: true }),
    embeddings: wordsAlone(`${prefix}embed_tokens.weight`, config.vocab_size, width),
    rotary: rotary.spec,
    layers: slides.map((sliding, layer) => {
      const named = new Named(`${prefix}layers.${layer}.`, config.rms_norm_eps);
      const bias = causalWindow(sliding ? config.sliding_window : undefined);
      const sinks = { tensor: `${named.prefix}self_attn.sinks` };
      return { ...describeLayer(config, named), score: { ...scaledDot(headSize, bias), sinks } };
    }),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { hidden_size: width, head_dim: headSize, attention_bias: bias } = config;
  const queries = config.num_attention_heads * headSize;
  const keys = config.num_key_value_heads * headSize;
  const projection = (name: string, from: number, to: number) =>
    named.linear(`self_attn.${name}_proj`, from, to, { bias });
  return {
    order: 'pre',
    attentionNorm: named.rmsNorm('input_layernorm', width),
    feedForwardNorm: named.rmsNorm('post_attention_layernorm', width),
    projections: {
      kind: 'separate',
      query: projection('q', width, queries),
      key: projection('k', width, keys),
      value: projection('v', width, keys),
    },
    queryNorm: null,
    keyNorm: null,
    output: projection('o', queries, width),
    feedForward: experts(config, named),
  };
}

function experts(config: Config, named: Named): ExpertsSpec {
  const { hidden_size: width, intermediate_size: wide } = config;
  const { num_local_experts: of, num_experts_per_tok: used } = config;
  requireAtMost('num_experts_per_tok', used, of);
  const part = (name: string, index: number, from: number, to: number): LinearSpec => {
    const weight = `${named.prefix}mlp.experts.${name}_proj`;
    return { weight, bias: `${weight}_bias`, from, to, stored: 'fromTo', part: { index, of } };
  };
  return {
    kind: 'experts',
    router: named.linear('mlp.router', width, of),
    used,
    shares: 'ofUsed',
    experts: Array.from({ length: of }, (_, index) => ({
      kind: 'clampedGate',
      gateUp: part('gate_up', index, width, 2 * wide),
      down: part('down', index, wide, width),
      limit: config.swiglu_limit,
      slope: config.swiglu_alpha,
    })),
  };
}
