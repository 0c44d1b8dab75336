/**
 * BERT (Devlin et al. 2019) and those that differ from it in names, in where positions
 * begin or in the width of their embeddings: RoBERTa (Liu et al. 2019), XLM-RoBERTa
 * (Conneau et al. 2020), CamemBERT (Martin et al. 2020), ELECTRA (Clark et al. 2020).
 */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';

const schema = v.object({
  model_type: v.string(),
  hidden_act: activation,
  position_embedding_type: v.nullish(v.literal('absolute')),
  is_decoder: v.nullish(v.literal(false)),
  hidden_size: size,
  embedding_size: v.nullish(size),
  intermediate_size: size,
  layer_norm_eps: epsilon,
  max_position_embeddings: size,
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  pad_token_id: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  type_vocab_size: size,
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

/** Their first position is the one after the padding's. */
const COUNT_FROM_PADDING = ['roberta', 'xlm-roberta', 'camembert'];

export const bertFamily: Architecture = {
  types: ['bert', 'electra', ...COUNT_FROM_PADDING],
  words: 'embeddings.word_embeddings.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads } = config;
  requireMultiple('hidden_size', width, heads);
  const embedded = config.embedding_size ?? width;
  const offset = COUNT_FROM_PADDING.includes(config.model_type)
    ? (config.pad_token_id ?? 1) + 1
    : 0;
  const named = new Named(prefix, config.layer_norm_eps);
  const table = (name: string) => `${prefix}embeddings.${name}.weight`;
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: config.max_position_embeddings - offset,
    score: scaledDot(width / heads, { causal: false }),
    embeddings: {
      words: table('word_embeddings'),
      vocabulary: config.vocab_size,
      width: embedded,
      factor: 1,
      positions: {
        table: table('position_embeddings'),
        rows: config.max_position_embeddings,
        offset,
      },
      constant: { table: table('token_type_embeddings'), rows: config.type_vocab_size },
      norm: named.layerNorm('embeddings.LayerNorm', embedded),
      projection: embedded === width ? null : named.linear('embeddings_project', embedded, width),
    },
    rotary: null,
    layers: Array.from({ length: config.num_hidden_layers }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}encoder.layer.${layer}.`, config.layer_norm_eps)),
    ),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide } = config;
  const projection = (name: string) => named.linear(`attention.self.${name}`, width, width);
  return {
    order: 'post',
    attentionNorm: named.layerNorm('attention.output.LayerNorm', width),
    feedForwardNorm: named.layerNorm('output.LayerNorm', width),
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
      activation: config.hidden_act,
    },
  };
}
