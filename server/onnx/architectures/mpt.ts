/** MPT (MosaicML 2023): ALiBi instead of positions. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, wordsAlone, type Architecture } from './architecture';
import { epsilon, factor, layerCount, readConfig, requireMultiple, size } from './readConfig';

const schema = v.object({
  attn_config: v.optional(
    v.object({
      alibi: v.optional(v.literal(true)),
      alibi_bias_max: v.optional(factor, 8),
      clip_qkv: v.nullish(v.literal(0)),
      qk_ln: v.optional(v.literal(false)),
      softmax_scale: v.nullish(factor),
    }),
    {},
  ),
  d_model: size,
  expansion_ratio: v.optional(v.literal(4)),
  layer_norm_epsilon: v.optional(epsilon, 1e-5),
  max_seq_len: v.optional(size, 2048),
  n_heads: size,
  n_layers: layerCount,
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const mpt: Architecture = {
  types: ['mpt'],
  words: 'wte.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { d_model: width, n_heads: heads, attn_config } = config;
  requireMultiple('d_model', width, heads);
  const slopes = slopesOf(heads, attn_config.alibi_bias_max);
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: config.max_seq_len,
    score: {
      kind: 'dot',
      scale: attn_config.softmax_scale ?? 1 / Math.sqrt(width / heads),
      bias: { causal: true, alibi: { slopes } },
    },
    embeddings: wordsAlone(`${prefix}wte.weight`, config.vocab_size, width),
    rotary: null,
    layers: Array.from({ length: config.n_layers }, (_, layer) =>
      describeLayer(width, new Named(`${prefix}blocks.${layer}.`, config.layer_norm_epsilon)),
    ),
  };
}

/** Those of the next power of two, every other one first where there are fewer heads than that. */
function slopesOf(heads: number, most: number): number[] {
  const power = 2 ** Math.ceil(Math.log2(heads));
  const all = Array.from({ length: power }, (_, at) => 2 ** (-(at + 1) * (most / power)));
  if (power === heads) return all;
  const [even, odd] = [0, 1].map((rest) => all.filter((_, at) => at % 2 === rest));
  return [...odd!, ...even!].slice(0, heads);
}

function describeLayer(width: number, named: Named): LayerSpec {
  const linear = (name: string, from: number, to: number) =>
    named.linear(name, from, to, { bias: false });
  const norm = (name: string) => named.layerNorm(name, width, { bias: false });
  return {
    order: 'pre',
    attentionNorm: norm('norm_1'),
    feedForwardNorm: norm('norm_2'),
    projections: {
      kind: 'joined',
      linear: linear('attn.Wqkv', width, 3 * width),
      order: 'stacked',
    },
    queryNorm: null,
    keyNorm: null,
    output: linear('attn.out_proj', width, width),
    feedForward: {
      kind: 'plain',
      up: linear('ffn.up_proj', width, 4 * width),
      down: linear('ffn.down_proj', 4 * width, width),
      activation: 'gelu',
    },
  };
}
