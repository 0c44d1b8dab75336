/** DistilBERT (Sanh et al. 2019). */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, type Architecture } from './architecture';
import { activation, layerCount, readConfig, requireMultiple, size } from './readConfig';

const schema = v.object({
  activation,
  dim: size,
  hidden_dim: size,
  max_position_embeddings: size,
  n_heads: size,
  n_layers: layerCount,
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

/** Written into the model's code, not into its configuration. */
const EPSILON = 1e-12;

export const distilbert: Architecture = {
  types: ['distilbert'],
  words: 'embeddings.word_embeddings.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { dim: width, n_heads: heads } = config;
  requireMultiple('dim', width, heads);
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: config.max_position_embeddings,
    score: scaledDot(width / heads, { causal: false }),
    embeddings: {
      words: `${prefix}embeddings.word_embeddings.weight`,
      vocabulary: config.vocab_size,
      width,
      factor: 1,
      positions: {
        table: `${prefix}embeddings.position_embeddings.weight`,
        rows: config.max_position_embeddings,
        offset: 0,
      },
      constant: null,
      norm: new Named(prefix, EPSILON).layerNorm('embeddings.LayerNorm', width),
      projection: null,
    },
    rotary: null,
    layers: Array.from({ length: config.n_layers }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}transformer.layer.${layer}.`, EPSILON)),
    ),
  };
}

function describeLayer(
  { dim: width, hidden_dim: wide, activation }: Config,
  named: Named,
): LayerSpec {
  const projection = (name: string) => named.linear(`attention.${name}_lin`, width, width);
  return {
    order: 'post',
    attentionNorm: named.layerNorm('sa_layer_norm', width),
    feedForwardNorm: named.layerNorm('output_layer_norm', width),
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
      up: named.linear('ffn.lin1', width, wide),
      down: named.linear('ffn.lin2', wide, width),
      activation,
    },
  };
}
