/** The encoder of T5 (Raffel et al. 2020), mT5 (Xue et al. 2021) and UMT5 (Chung et al. 2023). */
import * as v from 'valibot';
import type { ScoreRule } from '../../models/manifest';
import type { FeedForwardSpec, LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, wordsAlone, type Architecture } from './architecture';
import { epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { relativeBuckets } from './relativeBuckets';

/** Distances have no longest text; this is what T5 was trained on. */
const TRAINED_LENGTH = 512;

const schema = v.object({
  model_type: v.picklist(['t5', 'mt5', 'umt5']),
  d_ff: size,
  d_kv: size,
  d_model: size,
  feed_forward_proj: v.optional(v.picklist(['relu', 'gated-gelu']), 'relu'),
  layer_norm_epsilon: epsilon,
  n_positions: v.nullish(size),
  num_heads: size,
  num_layers: layerCount,
  relative_attention_max_distance: v.optional(size, 128),
  relative_attention_num_buckets: v.optional(size, 32),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const t5Encoder: Architecture = {
  types: schema.entries.model_type.options,
  words: 'shared.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { d_model: width, num_heads: heads, relative_attention_num_buckets: buckets } = config;
  requireMultiple('relative_attention_num_buckets', buckets, 4);
  const block = (layer: number) => `${prefix}encoder.block.${layer}.`;
  const ruleOf = (layer: number): ScoreRule => ({
    kind: 'dot',
    scale: 1,
    bias: {
      causal: false,
      relative: {
        buckets: relativeBuckets(buckets, config.relative_attention_max_distance),
        table: { tensor: `${block(layer)}layer.0.SelfAttention.relative_attention_bias.weight` },
      },
    },
  });
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: config.d_kv,
    contextLength: config.n_positions ?? TRAINED_LENGTH,
    score: ruleOf(0),
    embeddings: wordsAlone(`${prefix}shared.weight`, config.vocab_size, width),
    rotary: null,
    layers: Array.from({ length: config.num_layers }, (_, layer) => ({
      ...describeLayer(config, new Named(block(layer), config.layer_norm_epsilon)),
      // The others share the first layer's table.
      ...(config.model_type === 'umt5' && layer > 0 ? { score: ruleOf(layer) } : {}),
    })),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { d_model: width, d_kv, num_heads } = config;
  const inner = d_kv * num_heads;
  const linear = (name: string, from: number, to: number) =>
    named.linear(name, from, to, { bias: false });
  const projection = (name: string) => linear(`layer.0.SelfAttention.${name}`, width, inner);
  return {
    order: 'pre',
    attentionNorm: named.rmsNorm('layer.0.layer_norm', width),
    feedForwardNorm: named.rmsNorm('layer.1.layer_norm', width),
    projections: {
      kind: 'separate',
      query: projection('q'),
      key: projection('k'),
      value: projection('v'),
    },
    queryNorm: null,
    keyNorm: null,
    output: linear('layer.0.SelfAttention.o', inner, width),
    feedForward: feedForwardOf(config, (name, from, to) =>
      linear(`layer.1.DenseReluDense.${name}`, from, to),
    ),
  };
}

function feedForwardOf(
  { d_model: width, d_ff: wide, feed_forward_proj }: Config,
  linear: (name: string, from: number, to: number) => ReturnType<Named['linear']>,
): FeedForwardSpec {
  const down = linear('wo', wide, width);
  if (feed_forward_proj === 'relu')
    return { kind: 'plain', up: linear('wi', width, wide), down, activation: 'relu' };
  return {
    kind: 'gated',
    gate: linear('wi_0', width, wide),
    up: linear('wi_1', width, wide),
    down,
    activation: 'geluTanh',
  };
}
