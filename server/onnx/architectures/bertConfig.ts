/** The part of a BERT `config.json` that decides the graph. */
import * as v from 'valibot';
import { layerCount, readConfig, size } from './readConfig';

const configSchema = v.pipe(
  v.object({
    model_type: v.literal('bert'),
    hidden_act: v.literal('gelu'),
    position_embedding_type: v.optional(v.literal('absolute'), 'absolute'),
    hidden_size: size,
    intermediate_size: size,
    layer_norm_eps: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    max_position_embeddings: size,
    num_attention_heads: size,
    num_hidden_layers: layerCount,
    type_vocab_size: size,
    vocab_size: size,
  }),
  v.check(
    (config) => config.hidden_size % config.num_attention_heads === 0,
    'hidden_size must be a multiple of num_attention_heads',
  ),
);

export type BertConfig = v.InferOutput<typeof configSchema>;

/** Checks a parsed `config.json`. Throws OnnxError naming the first field that does not fit. */
export function readBertConfig(config: unknown): BertConfig {
  return readConfig(configSchema, config);
}
