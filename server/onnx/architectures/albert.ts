/** ALBERT (Lan et al. 2020): narrow embeddings, and layers that share their weights by groups. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';

const schema = v.object({
  hidden_act: activation,
  position_embedding_type: v.nullish(v.literal('absolute')),
  hidden_size: size,
  embedding_size: size,
  intermediate_size: size,
  inner_group_num: v.optional(v.literal(1), 1),
  layer_norm_eps: epsilon,
  max_position_embeddings: size,
  num_attention_heads: size,
  num_hidden_groups: size,
  num_hidden_layers: layerCount,
  type_vocab_size: size,
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const albert: Architecture = {
  types: ['albert'],
  words: 'embeddings.word_embeddings.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads, embedding_size: embedded } = config;
  requireMultiple('hidden_size', width, heads);
  const named = new Named(prefix, config.layer_norm_eps);
  const table = (name: string) => `${prefix}embeddings.${name}.weight`;
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: config.max_position_embeddings,
    score: scaledDot(width / heads, { causal: false }),
    embeddings: {
      words: table('word_embeddings'),
      vocabulary: config.vocab_size,
      width: embedded,
      factor: 1,
      positions: {
        table: table('position_embeddings'),
        rows: config.max_position_embeddings,
        offset: 0,
      },
      constant: { table: table('token_type_embeddings'), rows: config.type_vocab_size },
      norm: named.layerNorm('embeddings.LayerNorm', embedded),
      projection: named.linear('encoder.embedding_hidden_mapping_in', embedded, width),
    },
    rotary: null,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(config, groupOf(layer, config), prefix),
    ),
  };
}

/** As many layers as fit go to each group, in order. */
function groupOf(layer: number, config: Config): number {
  return Math.floor(layer / (config.num_hidden_layers / config.num_hidden_groups));
}

function describeLayer(config: Config, group: number, prefix: string): LayerSpec {
  const { hidden_size: width, intermediate_size: wide } = config;
  const stem = `${prefix}encoder.albert_layer_groups.${group}.albert_layers.0.`;
  const named = new Named(stem, config.layer_norm_eps);
  const projection = (name: string) => named.linear(`attention.${name}`, width, width);
  return {
    order: 'post',
    attentionNorm: named.layerNorm('attention.LayerNorm', width),
    feedForwardNorm: named.layerNorm('full_layer_layer_norm', width),
    projections: {
      kind: 'separate',
      query: projection('query'),
      key: projection('key'),
      value: projection('value'),
    },
    queryNorm: null,
    keyNorm: null,
    output: projection('dense'),
    feedForward: {
      kind: 'plain',
      up: named.linear('ffn', width, wide),
      down: named.linear('ffn_output', wide, width),
      activation: config.hidden_act,
    },
  };
}
