/**
 * Llama (Touvron et al. 2023) and its kin: Mistral (Jiang et al. 2023), Qwen2 (Yang et al.
 * 2024), Qwen3 (Yang et al. 2025, norms over queries and keys), Gemma (Gemma Team 2024,
 * gains stored as their distance from 1, scaled embeddings), SmolLM3 (Bakouch et al. 2025,
 * layers without positions), Granite (Granite Team 2024, factors of its own), OLMo 2
 * (OLMo Team 2024, norms behind each part and over all heads together).
 */
import * as v from 'valibot';
import type { ScoreRule } from '../../models/manifest';
import type { LayerSpec, RotarySpec, TransformerSpec } from '../transformer/spec';
import { causalWindow, Named, scaledDot, wordsAlone, type Architecture } from './architecture';
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
import { readRotary } from './rotary';

const TYPES = [
  'llama',
  'mistral',
  'ministral',
  'qwen2',
  'qwen3',
  'gemma',
  'smollm3',
  'granite',
  'olmo2',
] as const;

const schema = v.object({
  model_type: v.picklist(TYPES),
  attention_bias: v.nullish(v.boolean()),
  attention_multiplier: v.nullish(factor),
  embedding_multiplier: v.nullish(factor),
  head_dim: v.nullish(size),
  hidden_act: activation,
  hidden_activation: v.nullish(activation),
  hidden_size: size,
  intermediate_size: size,
  layer_types: layerTypes,
  max_position_embeddings: size,
  max_window_layers: v.nullish(v.number()),
  mlp_bias: v.nullish(v.boolean()),
  no_rope_layer_interval: v.nullish(size),
  no_rope_layers: v.nullish(v.array(v.number())),
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  num_key_value_heads: v.nullish(size),
  residual_multiplier: v.nullish(factor),
  rms_norm_eps: epsilon,
  sliding_window: v.nullish(size),
  use_sliding_window: v.nullish(v.boolean()),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const llamaFamily: Architecture = {
  types: TYPES,
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
  const score = ruleOf(config, headSize);
  const local: ScoreRule = { ...score, bias: causalWindow(config.sliding_window) };
  const slides = slidingLayers(config.layer_types, config.num_hidden_layers, (layer) =>
    slidesByHabit(config, layer),
  );
  return {
    width,
    heads,
    keyValueHeads,
    headSize,
    contextLength: rotary.longest,
    score,
    embeddings: {
      ...wordsAlone(`${prefix}embed_tokens.weight`, config.vocab_size, width),
      factor: model_type === 'gemma' ? Math.sqrt(width) : (config.embedding_multiplier ?? 1),
    },
    rotary: rotary.spec,
    layers: slides.map((sliding, layer) => ({
      ...describeLayer(
        config,
        headSize,
        new Named(`${prefix}layers.${layer}.`, config.rms_norm_eps),
      ),
      ...(sliding && config.sliding_window ? { score: local } : {}),
      ...turning(config, layer),
    })),
  };
}

function ruleOf({ model_type, attention_multiplier }: Config, headSize: number): ScoreRule {
  const rule = scaledDot(headSize, { causal: true });
  return model_type === 'granite' && attention_multiplier
    ? { kind: 'dot', scale: attention_multiplier, bias: rule.bias }
    : rule;
}

/** Without `layer_types`: Mistral slides everywhere, Qwen and SmolLM3 where they are told to. */
function slidesByHabit(config: Config, layer: number): boolean {
  switch (config.model_type) {
    case 'mistral':
    case 'ministral':
      return true;
    case 'qwen2':
    case 'qwen3':
      return config.use_sliding_window === true && layer >= (config.max_window_layers ?? Infinity);
    case 'smollm3':
      return config.use_sliding_window === true && !turns(config, layer);
    default:
      return false;
  }
}

/** SmolLM3 turns no heads in some layers, every fourth one unless they are listed. */
function turns({ no_rope_layers, no_rope_layer_interval }: Config, layer: number): boolean {
  const interval = no_rope_layer_interval ?? 4;
  return (no_rope_layers?.[layer] ?? (layer + 1) % interval) !== 0;
}

function turning(config: Config, layer: number): { rotary?: RotarySpec | null } {
  return config.model_type === 'smollm3' && !turns(config, layer) ? { rotary: null } : {};
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
  const headNorm = (name: string, all: number) => {
    if (model_type === 'qwen3') return named.rmsNorm(`self_attn.${name}_norm`, headSize);
    return model_type === 'olmo2' ? named.rmsNorm(`self_attn.${name}_norm`, all) : null;
  };
  return {
    order: 'pre',
    ...layerNorms(config, named),
    residualFactor: config.residual_multiplier ?? 1,
    projections: {
      kind: 'separate',
      query: projection('q', queries),
      key: projection('k', keys),
      value: projection('v', keys),
    },
    queryNorm: headNorm('q', queries),
    keyNorm: headNorm('k', keys),
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

type LayerNorms = Pick<
  LayerSpec,
  'attentionNorm' | 'feedForwardNorm' | 'attentionOutputNorm' | 'feedForwardOutputNorm'
>;

function layerNorms({ hidden_size: width, model_type }: Config, named: Named): LayerNorms {
  if (model_type === 'olmo2') {
    return {
      attentionNorm: null,
      feedForwardNorm: null,
      attentionOutputNorm: named.rmsNorm('post_attention_layernorm', width),
      feedForwardOutputNorm: named.rmsNorm('post_feedforward_layernorm', width),
    };
  }
  const gainOffset = model_type === 'gemma' ? 1 : 0;
  return {
    attentionNorm: named.rmsNorm('input_layernorm', width, gainOffset),
    feedForwardNorm: named.rmsNorm('post_attention_layernorm', width, gainOffset),
  };
}
