/** ESM-2 (Lin et al. 2023), which reads proteins: BERT's parts with norms in front, and rotary encoding. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { readRotary } from './rotary';

/** In training 80 % of the 15 % of tokens that were picked became the mask token. */
const UNMASKED_IN_TRAINING = 1 - 0.15 * 0.8;

const schema = v.object({
  emb_layer_norm_before: v.nullish(v.literal(false)),
  hidden_size: size,
  intermediate_size: size,
  is_decoder: v.nullish(v.literal(false)),
  is_folding_model: v.nullish(v.literal(false)),
  layer_norm_eps: epsilon,
  mask_token_id: v.nullish(v.pipe(v.number(), v.integer())),
  max_position_embeddings: size,
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  position_embedding_type: v.literal('rotary'),
  token_dropout: v.nullish(v.boolean()),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const esm: Architecture = {
  types: ['esm'],
  words: 'embeddings.word_embeddings.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads, mask_token_id } = config;
  requireMultiple('hidden_size', width, heads);
  const rotary = readRotary(config, config.max_position_embeddings);
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: rotary.longest,
    score: scaledDot(width / heads, { causal: false }),
    embeddings: {
      ...wordsAlone(`${prefix}embeddings.word_embeddings.weight`, config.vocab_size, width),
      ...(config.token_dropout === true
        ? { dropped: { token: mask_token_id ?? -1, factor: UNMASKED_IN_TRAINING } }
        : {}),
    },
    rotary: rotary.spec,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}encoder.layer.${layer}.`, config.layer_norm_eps)),
    ),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide } = config;
  const projection = (name: string) => named.linear(`attention.self.${name}`, width, width);
  return {
    order: 'pre',
    attentionNorm: named.layerNorm('attention.LayerNorm', width),
    feedForwardNorm: named.layerNorm('LayerNorm', width),
    projections: {
      kind: 'separate',
      query: projection('query'),
      key: projection('key'),
      value: projection('value'),
    },
    queryNorm: null,
    keyNorm: null,
    output: named.linear('attention.output.dense', width, width),
    feedForward: {
      kind: 'plain',
      up: named.linear('intermediate.dense', width, wide),
      down: named.linear('output.dense', wide, width),
      activation: 'gelu',
    },
  };
}
