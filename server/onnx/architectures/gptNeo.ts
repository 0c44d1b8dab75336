/** GPT-Neo (Black et al. 2021): every other layer sees a window, and scores are not scaled. */
import * as v from 'valibot';
import type { ScoreRule } from '../../models/manifest';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { causalWindow, Named, wordsAlone, type Architecture } from './architecture';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';

const kind = v.picklist(['global', 'local']);
const schema = v.object({
  activation_function: activation,
  /** Patterns of layers, and how often each is repeated. */
  attention_types: v.array(v.tuple([v.array(kind), v.pipe(layerCount)])),
  hidden_size: size,
  intermediate_size: v.nullish(size),
  layer_norm_epsilon: epsilon,
  max_position_embeddings: size,
  num_heads: size,
  num_layers: layerCount,
  vocab_size: size,
  window_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const gptNeo: Architecture = {
  types: ['gpt_neo'],
  words: 'wte.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { hidden_size: width, num_heads: heads, max_position_embeddings: rows } = config;
  requireMultiple('hidden_size', width, heads);
  const score: ScoreRule = { kind: 'dot', scale: 1, bias: { causal: true } };
  const local: ScoreRule = { ...score, bias: causalWindow(config.window_size) };
  const kinds = config.attention_types.flatMap(([pattern, times]) =>
    Array.from({ length: times }, () => pattern).flat(),
  );
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: rows,
    score,
    embeddings: {
      ...wordsAlone(`${prefix}wte.weight`, config.vocab_size, width),
      positions: { table: `${prefix}wpe.weight`, rows, offset: 0 },
    },
    rotary: null,
    layers: Array.from({ length: config.num_layers }, (_, layer) => ({
      ...describeLayer(config, new Named(`${prefix}h.${layer}.`, config.layer_norm_epsilon)),
      ...(kinds[layer] === 'local' ? { score: local } : {}),
    })),
  };
}

function describeLayer(config: Config, named: Named): LayerSpec {
  const { hidden_size: width } = config;
  const wide = config.intermediate_size ?? 4 * width;
  const projection = (name: string) =>
    named.linear(`attn.attention.${name}_proj`, width, width, { bias: false });
  return {
    order: 'pre',
    attentionNorm: named.layerNorm('ln_1', width),
    feedForwardNorm: named.layerNorm('ln_2', width),
    projections: {
      kind: 'separate',
      query: projection('q'),
      key: projection('k'),
      value: projection('v'),
    },
    queryNorm: null,
    keyNorm: null,
    output: named.linear('attn.attention.out_proj', width, width),
    feedForward: {
      kind: 'plain',
      up: named.linear('mlp.c_fc', width, wide),
      down: named.linear('mlp.c_proj', wide, width),
      activation: config.activation_function,
    },
  };
}
