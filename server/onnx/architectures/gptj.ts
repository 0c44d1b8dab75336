/** GPT-J (Wang & Komatsuzaki 2021): neighbouring columns turn together, both parts side by side. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { readRotary } from './rotary';

const schema = v.object({
  activation_function: activation,
  layer_norm_epsilon: epsilon,
  n_embd: size,
  n_head: size,
  n_inner: v.nullish(size),
  n_layer: layerCount,
  n_positions: size,
  rotary_dim: size,
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const gptj: Architecture = {
  types: ['gptj'],
  words: 'wte.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { n_embd: width, n_head: heads, n_positions, rotary_dim } = config;
  requireMultiple('n_embd', width, heads);
  const rope = {
    hidden_size: width,
    num_attention_heads: heads,
    max_position_embeddings: n_positions,
    partial_rotary_factor: (rotary_dim * heads) / width,
  };
  const rotary = readRotary(rope, n_positions, 'interleaved');
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: n_positions,
    score: scaledDot(width / heads, { causal: true }),
    embeddings: wordsAlone(`${prefix}wte.weight`, config.vocab_size, width),
    rotary: rotary.spec,
    layers: Array.from({ length: config.n_layer }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}h.${layer}.`, config.layer_norm_epsilon)),
    ),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { n_embd: width } = config;
  const wide = config.n_inner ?? 4 * width;
  const projection = (name: string) =>
    named.linear(`attn.${name}_proj`, width, width, { bias: false });
  return {
    order: 'parallel',
    attentionNorm: named.layerNorm('ln_1', width),
    feedForwardNorm: null,
    projections: {
      kind: 'separate',
      query: projection('q'),
      key: projection('k'),
      value: projection('v'),
    },
    queryNorm: null,
    keyNorm: null,
    output: projection('out'),
    feedForward: {
      kind: 'plain',
      up: named.linear('mlp.fc_in', width, wide),
      down: named.linear('mlp.fc_out', wide, width),
      activation: config.activation_function,
    },
  };
}
