/** MPNet (Song et al. 2020): BERT's layers with a learned bias for each distance. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { relativeBuckets } from './relativeBuckets';

/** Its code asks for so many, whatever the configuration says, up to this distance. */
const BUCKETS = 32;
const MAX_DISTANCE = 128;
/** Its first position is the one after the padding's. */
const OFFSET = 2;

const schema = v.object({
  hidden_act: activation,
  hidden_size: size,
  intermediate_size: size,
  layer_norm_eps: epsilon,
  max_position_embeddings: size,
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  relative_attention_num_buckets: v.optional(v.literal(BUCKETS), BUCKETS),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const mpnet: Architecture = {
  types: ['mpnet'],
  words: 'embeddings.word_embeddings.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads } = config;
  requireMultiple('hidden_size', width, heads);
  const named = new Named(`${prefix}embeddings.`, config.layer_norm_eps);
  const { max_position_embeddings: rows } = config;
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: rows - OFFSET,
    score: scaledDot(width / heads, {
      causal: false,
      relative: {
        buckets: relativeBuckets(BUCKETS, MAX_DISTANCE),
        table: { tensor: `${prefix}encoder.relative_attention_bias.weight` },
      },
    }),
    embeddings: {
      ...wordsAlone(`${prefix}embeddings.word_embeddings.weight`, config.vocab_size, width),
      positions: { table: `${prefix}embeddings.position_embeddings.weight`, rows, offset: OFFSET },
      norm: named.layerNorm('LayerNorm', width),
    },
    rotary: null,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}encoder.layer.${layer}.`, config.layer_norm_eps)),
    ),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide } = config;
  const projection = (name: string) => named.linear(`attention.attn.${name}`, width, width);
  return {
    order: 'post',
    attentionNorm: named.layerNorm('attention.LayerNorm', width),
    feedForwardNorm: named.layerNorm('output.LayerNorm', width),
    projections: {
      kind: 'separate',
      query: projection('q'),
      key: projection('k'),
      value: projection('v'),
    },
    queryNorm: null,
    keyNorm: null,
    output: projection('o'),
    feedForward: {
      kind: 'plain',
      up: named.linear('intermediate.dense', width, wide),
      down: named.linear('output.dense', wide, width),
      activation: config.hidden_act,
    },
  };
}
