/** GPT-2 (Radford et al. 2019). */
import * as v from 'valibot';
import type { LayerSpec, LinearSpec, TransformerSpec } from '../transformer/spec';
import { Named, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';

const schema = v.object({
  activation_function: activation,
  add_cross_attention: v.nullish(v.literal(false)),
  layer_norm_epsilon: epsilon,
  n_embd: size,
  n_head: size,
  n_inner: v.nullish(size),
  n_layer: layerCount,
  n_positions: size,
  scale_attn_by_inverse_layer_idx: v.nullish(v.literal(false)),
  scale_attn_weights: v.nullish(v.literal(true)),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const gpt2: Architecture = {
  types: ['gpt2'],
  words: 'wte.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { n_embd: width, n_head: heads } = config;
  requireMultiple('n_embd', width, heads);
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: config.n_positions,
    causal: true,
    scale: 1 / Math.sqrt(width / heads),
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
    slopes: null,
    layers: Array.from({ length: config.n_layer }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}h.${layer}.`, config.layer_norm_epsilon)),
    ),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { n_embd: width, activation_function: activation } = config;
  const wide = config.n_inner ?? 4 * width;
  const convolution = (name: string, from: number, to: number): LinearSpec => ({
    ...named.linear(name, from, to),
    stored: 'fromTo',
  });
  return {
    order: 'pre',
    attentionNorm: named.layerNorm('ln_1', width),
    feedForwardNorm: named.layerNorm('ln_2', width),
    projections: {
      kind: 'joined',
      linear: convolution('attn.c_attn', width, 3 * width),
      order: 'stacked',
    },
    queryNorm: null,
    keyNorm: null,
    output: convolution('attn.c_proj', width, width),
    feedForward: {
      kind: 'plain',
      up: convolution('mlp.c_fc', width, wide),
      down: convolution('mlp.c_proj', wide, width),
      activation,
    },
  };
}
