/** Phi-3 (Abdin et al. 2024): Llama's layers with joined matrices. */
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
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  num_key_value_heads: v.nullish(size),
  rms_norm_eps: epsilon,
  sliding_window: v.nullish(size),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const phi3: Architecture = {
  types: ['phi3'],
  words: 'embed_tokens.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), config, prefix),
};

function describe(config: Config, rope: unknown, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads } = config;
  const keyValueHeads = config.num_key_value_heads ?? heads;
  requireMultiple('num_attention_heads', heads, keyValueHeads);
  requireMultiple('hidden_size', width, heads);
  const headSize = width / heads;
  const rotary = readRotary(rope, config.max_position_embeddings);
  return {
    width,
    heads,
    keyValueHeads,
    headSize,
    contextLength: rotary.longest,
    score: scaledDot(headSize, causalWindow(config.sliding_window)),
    embeddings: wordsAlone(`${prefix}embed_tokens.weight`, config.vocab_size, width),
    rotary: rotary.spec,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(
        config,
        (heads + 2 * keyValueHeads) * headSize,
        new Named(`${prefix}layers.${layer}.`, config.rms_norm_eps),
      ),
    ),
  };
}

function describeLayer(config: Config, joined: number, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide } = config;
  const linear = (name: string, from: number, to: number) =>
    named.linear(name, from, to, { bias: false });
  return {
    order: 'pre',
    attentionNorm: named.rmsNorm('input_layernorm', width),
    feedForwardNorm: named.rmsNorm('post_attention_layernorm', width),
    projections: {
      kind: 'joined',
      linear: linear('self_attn.qkv_proj', width, joined),
      order: 'stacked',
    },
    queryNorm: null,
    keyNorm: null,
    output: linear('self_attn.o_proj', width, width),
    feedForward: {
      kind: 'joinedGate',
      gateUp: linear('mlp.gate_up_proj', width, 2 * wide),
      down: linear('mlp.down_proj', wide, width),
      activation: config.hidden_act,
    },
  };
}
