/**
 * Gemma 2 (Gemma Team 2024) and the text part of Gemma 3 (Gemma Team 2025): most layers see
 * a window, norms stand before and behind each part, Gemma 2's scores have a soft cap.
 */
import * as v from 'valibot';
import type { ScoreRule } from '../../models/manifest';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { causalWindow, Named, wordsAlone, type Architecture } from './architecture';
import { layerTypes, slidingLayers } from './layerTypes';
import {
  activation,
  epsilon,
  factor,
  layerCount,
  readConfig,
  requireMultiple,
  size,
} from './readConfig';
import { readLayerRotaries, readRotary, type LayerRotaries } from './rotary';

const schema = v.looseObject({
  model_type: v.picklist(['gemma2', 'gemma3_text']),
  attention_bias: v.nullish(v.literal(false)),
  attn_logit_softcapping: v.nullish(factor),
  head_dim: v.optional(size, 256),
  hidden_activation: v.optional(activation, 'gelu_pytorch_tanh'),
  hidden_size: size,
  intermediate_size: size,
  layer_types: layerTypes,
  max_position_embeddings: v.optional(size, 131_072),
  num_attention_heads: v.optional(size, 8),
  num_hidden_layers: layerCount,
  num_key_value_heads: v.optional(size, 4),
  query_pre_attn_scalar: v.optional(factor, 256),
  rms_norm_eps: v.optional(epsilon, 1e-6),
  rope_local_base_freq: v.optional(v.number(), 10_000),
  rope_theta: v.nullish(v.number()),
  sliding_window: v.optional(size, 4096),
  sliding_window_pattern: v.nullish(size),
  use_bidirectional_attention: v.nullish(v.boolean()),
  vocab_size: v.optional(size, 262_208),
});
type Config = v.InferOutput<typeof schema>;

/** Gemma 3 with images: what reads text is described inside. */
const withImages = v.looseObject({ text_config: v.looseObject({}) });

export const gemmaLocal: Architecture = {
  types: [...schema.entries.model_type.options, 'gemma3'],
  words: 'embed_tokens.weight',
  describe: (config, prefix) => {
    const { model_type } = readConfig(v.looseObject({ model_type: v.string() }), config);
    if (model_type !== 'gemma3') return describe(readConfig(schema, config), prefix);
    const { text_config } = readConfig(withImages, config);
    return describe(readConfig(schema, { ...text_config, model_type: 'gemma3_text' }), prefix);
  },
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads, head_dim: headSize } = config;
  requireMultiple('num_attention_heads', heads, config.num_key_value_heads);
  const rotaries = rotariesOf(config);
  const [score, local] = rulesOf(config);
  const slides = slidingLayers(config.layer_types, config.num_hidden_layers, (layer) =>
    slidesByHabit(config, layer),
  );
  const alike = config.model_type === 'gemma2';
  return {
    width,
    heads,
    keyValueHeads: config.num_key_value_heads,
    headSize,
    contextLength: rotaries.full.longest,
    score,
    embeddings: {
      ...wordsAlone(`${prefix}embed_tokens.weight`, config.vocab_size, width),
      factor: Math.sqrt(width),
    },
    rotary: rotaries.full.spec,
    layers: slides.map((sliding, layer) => ({
      ...describeLayer(config, new Named(`${prefix}layers.${layer}.`, config.rms_norm_eps)),
      ...(sliding ? { score: local } : {}),
      ...(sliding && !alike ? { rotary: rotaries.sliding.spec } : {}),
    })),
  };
}

function rotariesOf(config: Config): LayerRotaries {
  if (config.model_type === 'gemma2') {
    const rotary = readRotary(config, config.max_position_embeddings);
    return { full: rotary, sliding: rotary };
  }
  const bases = { full: config.rope_theta ?? 1_000_000, sliding: config.rope_local_base_freq };
  return readLayerRotaries(config, config.max_position_embeddings, bases);
}

/** Gemma 2 slides in every other layer, Gemma 3 in five of six. */
function slidesByHabit({ model_type, sliding_window_pattern }: Config, layer: number): boolean {
  const usual = model_type === 'gemma2' ? 2 : 6;
  return (layer + 1) % (sliding_window_pattern ?? usual) !== 0;
}

/** Of layers that see everything, and of those that slide. */
function rulesOf(config: Config): [full: ScoreRule, local: ScoreRule] {
  const scale = config.query_pre_attn_scalar ** -0.5;
  const cap = config.attn_logit_softcapping;
  const rule = (bias: ScoreRule['bias']): ScoreRule =>
    cap ? { kind: 'softcappedDot', scale, cap, bias } : { kind: 'dot', scale, bias };
  const { sliding_window: window } = config;
  // Without a causal mask the window lies on both sides, half of it on each.
  return config.use_bidirectional_attention
    ? [rule({ causal: false }), rule({ causal: false, window: Math.floor(window / 2) })]
    : [rule({ causal: true }), rule(causalWindow(window))];
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide, head_dim: headSize } = config;
  const queries = config.num_attention_heads * headSize;
  const keys = config.num_key_value_heads * headSize;
  const linear = (name: string, from: number, to: number) =>
    named.linear(`${name}_proj`, from, to, { bias: false });
  const norm = (name: string) => named.rmsNorm(`${name}_layernorm`, width, 1);
  const headNorm = (name: string) =>
    config.model_type === 'gemma2' ? null : named.rmsNorm(`self_attn.${name}_norm`, headSize, 1);
  return {
    order: 'pre',
    attentionNorm: norm('input'),
    attentionOutputNorm: norm('post_attention'),
    feedForwardNorm: norm('pre_feedforward'),
    feedForwardOutputNorm: norm('post_feedforward'),
    projections: {
      kind: 'separate',
      query: linear('self_attn.q', width, queries),
      key: linear('self_attn.k', width, keys),
      value: linear('self_attn.v', width, keys),
    },
    queryNorm: headNorm('q'),
    keyNorm: headNorm('k'),
    output: linear('self_attn.o', queries, width),
    feedForward: {
      kind: 'gated',
      gate: linear('mlp.gate', width, wide),
      up: linear('mlp.up', width, wide),
      down: linear('mlp.down', wide, width),
      activation: config.hidden_activation,
    },
  };
}
