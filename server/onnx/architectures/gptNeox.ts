/** GPT-NeoX (Black et al. 2022) and with it Pythia. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { readRotary } from './rotary';

/** The share of a head that turns where nothing else is written. */
const USUAL_SHARE = 0.25;

const schema = v.object({
  attention_bias: v.optional(v.boolean(), true),
  hidden_act: activation,
  hidden_size: size,
  intermediate_size: size,
  layer_norm_eps: epsilon,
  max_position_embeddings: size,
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  use_parallel_residual: v.optional(v.boolean(), true),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

/** Older configurations call base and share by other names. */
const oldNames = v.looseObject({
  rotary_pct: v.optional(v.number(), USUAL_SHARE),
  rotary_emb_base: v.optional(v.number(), 10_000),
});

export const gptNeox: Architecture = {
  types: ['gpt_neox'],
  words: 'embed_in.weight',
  describe: (config, prefix) => {
    const { rotary_pct, rotary_emb_base, ...rest } = readConfig(oldNames, config);
    const renamed = { partial_rotary_factor: rotary_pct, rope_theta: rotary_emb_base, ...rest };
    return describe(readConfig(schema, config), renamed, prefix);
  },
};

function describe(config: Config, rope: unknown, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads } = config;
  requireMultiple('hidden_size', width, heads);
  const rotary = readRotary(rope, config.max_position_embeddings);
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: rotary.longest,
    score: scaledDot(width / heads, { causal: true }),
    embeddings: wordsAlone(`${prefix}embed_in.weight`, config.vocab_size, width),
    rotary: rotary.spec,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}layers.${layer}.`, config.layer_norm_eps)),
    ),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide, attention_bias: bias } = config;
  return {
    order: config.use_parallel_residual ? 'parallel' : 'pre',
    attentionNorm: named.layerNorm('input_layernorm', width),
    feedForwardNorm: named.layerNorm('post_attention_layernorm', width),
    projections: {
      kind: 'joined',
      linear: named.linear('attention.query_key_value', width, 3 * width, { bias }),
      order: 'perGroup',
    },
    queryNorm: null,
    keyNorm: null,
    output: named.linear('attention.dense', width, width, { bias }),
    feedForward: {
      kind: 'plain',
      up: named.linear('mlp.dense_h_to_4h', width, wide),
      down: named.linear('mlp.dense_4h_to_h', wide, width),
      activation: config.hidden_act,
    },
  };
}
