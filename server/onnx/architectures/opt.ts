/** OPT (Zhang et al. 2022). */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, type Architecture } from './architecture';
import { activation, layerCount, readConfig, requireMultiple, size } from './readConfig';

const schema = v.object({
  activation_function: activation,
  do_layer_norm_before: v.optional(v.boolean(), true),
  enable_bias: v.optional(v.boolean(), true),
  ffn_dim: size,
  hidden_size: size,
  layer_norm_elementwise_affine: v.nullish(v.literal(true)),
  max_position_embeddings: size,
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  vocab_size: size,
  word_embed_proj_dim: v.nullish(size),
});
type Config = v.InferOutput<typeof schema>;

/** PyTorch's own; the configuration has none. */
const EPSILON = 1e-5;
/** The table begins with two rows that no token has. */
const OFFSET = 2;

export const opt: Architecture = {
  types: ['opt'],
  words: 'decoder.embed_tokens.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads } = config;
  requireMultiple('hidden_size', width, heads);
  const embedded = config.word_embed_proj_dim ?? width;
  const decoder = `${prefix}decoder.`;
  const projection = new Named(decoder, EPSILON).linear('project_in', embedded, width, {
    bias: false,
  });
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: config.max_position_embeddings,
    score: scaledDot(width / heads, { causal: true }),
    embeddings: {
      words: `${decoder}embed_tokens.weight`,
      vocabulary: config.vocab_size,
      width: embedded,
      factor: 1,
      positions: {
        table: `${decoder}embed_positions.weight`,
        rows: config.max_position_embeddings + OFFSET,
        offset: OFFSET,
      },
      constant: null,
      norm: null,
      projection: embedded === width ? null : projection,
    },
    rotary: null,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(config, new Named(`${decoder}layers.${layer}.`, EPSILON)),
    ),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { hidden_size: width, ffn_dim: wide, enable_bias: bias } = config;
  const projection = (name: string) =>
    named.linear(`self_attn.${name}_proj`, width, width, { bias });
  return {
    order: config.do_layer_norm_before ? 'pre' : 'post',
    attentionNorm: named.layerNorm('self_attn_layer_norm', width),
    feedForwardNorm: named.layerNorm('final_layer_norm', width),
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
      up: named.linear('fc1', width, wide, { bias }),
      down: named.linear('fc2', wide, width, { bias }),
      activation: config.activation_function,
    },
  };
}
