/** BLOOM (BigScience 2022): ALiBi instead of positions. */
import * as v from 'valibot';
import { alibiSlopes } from '../../positional/alibi';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, type Architecture } from './architecture';
import { epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';

/** ALiBi has no longest text; this is what BLOOM was trained on. */
const TRAINED_LENGTH = 2048;

const schema = v.object({
  apply_residual_connection_post_layernorm: v.nullish(v.literal(false)),
  hidden_size: v.nullish(size),
  n_embed: v.nullish(size),
  n_head: size,
  n_layer: layerCount,
  layer_norm_epsilon: epsilon,
  seq_length: v.nullish(size),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const bloom: Architecture = {
  types: ['bloom'],
  words: 'word_embeddings.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { n_head: heads } = config;
  const width = readConfig(size, config.hidden_size ?? config.n_embed);
  requireMultiple('hidden_size', width, heads);
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: config.seq_length ?? TRAINED_LENGTH,
    score: scaledDot(width / heads, { causal: true, alibi: { slopes: [...alibiSlopes(heads)] } }),
    embeddings: {
      words: `${prefix}word_embeddings.weight`,
      vocabulary: config.vocab_size,
      width,
      factor: 1,
      positions: null,
      constant: null,
      norm: new Named(prefix, config.layer_norm_epsilon).layerNorm(
        'word_embeddings_layernorm',
        width,
      ),
      projection: null,
    },
    rotary: null,
    layers: Array.from({ length: config.n_layer }, (_, layer) =>
      describeLayer(width, new Named(`${prefix}h.${layer}.`, config.layer_norm_epsilon)),
    ),
  };
}

function describeLayer(width: number, named: Named): LayerSpec {
  return {
    order: 'pre',
    attentionNorm: named.layerNorm('input_layernorm', width),
    feedForwardNorm: named.layerNorm('post_attention_layernorm', width),
    projections: {
      kind: 'joined',
      linear: named.linear('self_attention.query_key_value', width, 3 * width),
      order: 'perGroup',
    },
    queryNorm: null,
    keyNorm: null,
    output: named.linear('self_attention.dense', width, width),
    feedForward: {
      kind: 'plain',
      up: named.linear('mlp.dense_h_to_4h', width, 4 * width),
      down: named.linear('mlp.dense_4h_to_h', 4 * width, width),
      activation: 'geluTanh',
    },
  };
}
