/** T5 (Raffel et al. 2020), mT5 (Xue et al. 2021) and UMT5 (Chung et al. 2023): the encoder, and the decoder where there is one. */
import * as v from 'valibot';
import type { ScoreRule } from '../../models/manifest';
import type {
  CrossSpec,
  DecoderSpec,
  FeedForwardSpec,
  LayerSpec,
  TransformerSpec,
} from '../transformer/spec';
import { Named, wordsAlone, type Architecture } from './architecture';
import { epsilon, layerCount, readConfig, requireMultiple, size, token } from './readConfig';
import { earlierBuckets, relativeBuckets } from './relativeBuckets';

/** Distances have no longest text; this is what T5 was trained on. */
const TRAINED_LENGTH = 512;

const schema = v.object({
  model_type: v.picklist(['t5', 'mt5', 'umt5']),
  d_ff: size,
  d_kv: size,
  d_model: size,
  decoder_start_token_id: v.nullish(token),
  feed_forward_proj: v.optional(v.picklist(['relu', 'gated-gelu']), 'relu'),
  layer_norm_epsilon: epsilon,
  n_positions: v.nullish(size),
  num_decoder_layers: v.nullish(layerCount),
  num_heads: size,
  num_layers: layerCount,
  pad_token_id: v.nullish(token),
  relative_attention_max_distance: v.optional(size, 128),
  relative_attention_num_buckets: v.optional(size, 32),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const t5: Architecture = {
  types: schema.entries.model_type.options,
  words: 'shared.weight',
  describe: (config, prefix) => describeEncoder(readConfig(schema, config), prefix),
  decoder: {
    tensor: 'decoder.block.0.layer.1.EncDecAttention.q.weight',
    describe: (config, prefix) => describeDecoder(readConfig(schema, config), prefix),
  },
};

function describeEncoder(config: Config, prefix: string): TransformerSpec {
  const { relative_attention_num_buckets: buckets } = config;
  requireMultiple('relative_attention_num_buckets', buckets, 4);
  const distances = relativeBuckets(buckets, config.relative_attention_max_distance);
  return describeStack(config, prefix, 'encoder', config.num_layers, distances);
}

function describeDecoder(config: Config, prefix: string): DecoderSpec {
  const layers = config.num_decoder_layers ?? config.num_layers;
  const { relative_attention_num_buckets: buckets } = config;
  const distances = earlierBuckets(buckets, config.relative_attention_max_distance);
  return {
    self: describeStack(config, prefix, 'decoder', layers, distances),
    cross: Array.from({ length: layers }, (_, layer) =>
      describeCross(config, namedBlock(config, prefix, 'decoder', layer)),
    ),
    crossScale: 1,
    startToken: config.decoder_start_token_id ?? config.pad_token_id ?? 0,
  };
}

type StackName = 'encoder' | 'decoder';

function blockOf(prefix: string, stack: StackName, layer: number): string {
  return `${prefix}${stack}.block.${layer}.`;
}

function namedBlock(config: Config, prefix: string, stack: StackName, layer: number): Named {
  return new Named(blockOf(prefix, stack, layer), config.layer_norm_epsilon);
}

/** `distances`: the bucket of each. */
function describeStack(
  config: Config,
  prefix: string,
  stack: StackName,
  layers: number,
  distances: readonly number[],
): TransformerSpec {
  const { d_model: width, num_heads: heads } = config;
  const ruleOf = (layer: number): ScoreRule => ({
    kind: 'dot',
    scale: 1,
    bias: {
      causal: stack === 'decoder',
      relative: {
        buckets: distances,
        table: {
          tensor: `${blockOf(prefix, stack, layer)}layer.0.SelfAttention.relative_attention_bias.weight`,
        },
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
    layers: Array.from({ length: layers }, (_, layer) => ({
      ...describeLayer(config, namedBlock(config, prefix, stack, layer), stack),
      // The others share the first layer's table.
      ...(config.model_type === 'umt5' && layer > 0 ? { score: ruleOf(layer) } : {}),
    })),
    finalNorm: new Named(`${prefix}${stack}.`, config.layer_norm_epsilon).rmsNorm(
      'final_layer_norm',
      width,
    ),
  };
}

function describeLayer(config: Config, named: Named, stack: StackName): LayerSpec {
  const { d_model: width } = config;
  const { query, key, value, output } = projectionsOf(config, named, 'layer.0.SelfAttention');
  const last = stack === 'encoder' ? 'layer.1' : 'layer.2';
  return {
    order: 'pre',
    attentionNorm: named.rmsNorm('layer.0.layer_norm', width),
    feedForwardNorm: named.rmsNorm(`${last}.layer_norm`, width),
    projections: { kind: 'separate', query, key, value },
    queryNorm: null,
    keyNorm: null,
    output,
    feedForward: feedForwardOf(config, (name, from, to) =>
      named.linear(`${last}.DenseReluDense.${name}`, from, to, { bias: false }),
    ),
  };
}

function describeCross(config: Config, named: Named): CrossSpec {
  return {
    norm: named.rmsNorm('layer.1.layer_norm', config.d_model),
    ...projectionsOf(config, named, 'layer.1.EncDecAttention'),
  };
}

function projectionsOf(
  { d_model: width, d_kv, num_heads }: Config,
  named: Named,
  part: string,
): Omit<CrossSpec, 'norm'> {
  const inner = d_kv * num_heads;
  const inward = (name: string) => named.linear(`${part}.${name}`, width, inner, { bias: false });
  return {
    query: inward('q'),
    key: inward('k'),
    value: inward('v'),
    output: named.linear(`${part}.o`, inner, width, { bias: false }),
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
