/**
 * GPT-2 (Radford et al. 2019), and GPT-BigCode (Allal et al. 2023, "SantaCoder"), whose
 * heads share one key head and whose matrices lie the other way.
 */
import * as v from 'valibot';
import type { LayerSpec, LinearSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';

const schema = v.object({
  model_type: v.picklist(['gpt2', 'gpt_bigcode']),
  activation_function: activation,
  add_cross_attention: v.nullish(v.literal(false)),
  layer_norm_epsilon: epsilon,
  n_embd: size,
  n_head: size,
  n_inner: v.nullish(size),
  n_layer: layerCount,
  multi_query: v.optional(v.boolean(), true),
  n_positions: size,
  scale_attn_by_inverse_layer_idx: v.nullish(v.literal(false)),
  scale_attn_weights: v.nullish(v.literal(true)),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const gpt2: Architecture = {
  types: schema.entries.model_type.options,
  words: 'wte.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { n_embd: width, n_head: heads } = config;
  requireMultiple('n_embd', width, heads);
  return {
    width,
    heads,
    keyValueHeads: keyValueHeadsOf(config),
    headSize: width / heads,
    contextLength: config.n_positions,
    score: scaledDot(width / heads, { causal: true }),
    embeddings: {
      words: `${prefix}wte.weight`,
      vocabulary: config.vocab_size,
      width,
      factor: 1,
      positions: { table: `${prefix}wpe.weight`, rows: config.n_positions, offset: 0 },
      constant: null,
      norm: null,
      projection: null,
    },
    rotary: null,
    layers: Array.from({ length: config.n_layer }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}h.${layer}.`, config.layer_norm_epsilon)),
    ),
  };
}

function keyValueHeadsOf({ model_type, multi_query, n_head }: Config): number {
  return model_type === 'gpt_bigcode' && multi_query ? 1 : n_head;
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { n_embd: width, activation_function: activation } = config;
  const wide = config.n_inner ?? 4 * width;
  const isConvolution = config.model_type === 'gpt2';
  const linear = (name: string, from: number, to: number): LinearSpec => ({
    ...named.linear(name, from, to),
    stored: isConvolution ? 'fromTo' : 'toFrom',
  });
  const joined = width + (2 * keyValueHeadsOf(config) * width) / config.n_head;
  return {
    order: 'pre',
    attentionNorm: named.layerNorm('ln_1', width),
    feedForwardNorm: named.layerNorm('ln_2', width),
    projections: {
      kind: 'joined',
      linear: linear('attn.c_attn', width, joined),
      order: isConvolution ? 'stacked' : 'perGroup',
    },
    queryNorm: null,
    keyNorm: null,
    output: linear('attn.c_proj', width, width),
    feedForward: {
      kind: 'plain',
      up: linear('mlp.c_fc', width, wide),
      down: linear('mlp.c_proj', wide, width),
      activation,
    },
  };
}
