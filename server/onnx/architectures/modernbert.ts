/** ModernBERT (Warner et al. 2024): rotary encoding, and two of three layers that see a window. */
import * as v from 'valibot';
import type { LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, scaledDot, wordsAlone, type Architecture } from './architecture';
import { layerTypes, slidingLayers } from './layerTypes';
import { activation, epsilon, layerCount, readConfig, requireMultiple, size } from './readConfig';
import { readLayerRotaries } from './rotary';

const schema = v.looseObject({
  attention_bias: v.optional(v.boolean(), false),
  global_attn_every_n_layers: v.optional(size, 3),
  global_rope_theta: v.optional(v.number(), 160_000),
  hidden_activation: v.optional(activation, 'gelu'),
  hidden_size: size,
  intermediate_size: size,
  layer_types: layerTypes,
  local_attention: v.optional(size, 128),
  local_rope_theta: v.optional(v.number(), 10_000),
  max_position_embeddings: size,
  mlp_bias: v.optional(v.boolean(), false),
  norm_bias: v.optional(v.boolean(), false),
  norm_eps: v.optional(epsilon, 1e-5),
  num_attention_heads: size,
  num_hidden_layers: layerCount,
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;

export const modernbert: Architecture = {
  types: ['modernbert'],
  words: 'embeddings.tok_embeddings.weight',
  describe: (config, prefix) => describe(readConfig(schema, config), prefix),
};

function describe(config: Config, prefix: string): TransformerSpec {
  const { hidden_size: width, num_attention_heads: heads, max_position_embeddings } = config;
  requireMultiple('hidden_size', width, heads);
  const bases = { full: config.global_rope_theta, sliding: config.local_rope_theta };
  const { full, sliding } = readLayerRotaries(config, max_position_embeddings, bases);
  // The window counts both sides together.
  const local = scaledDot(width / heads, {
    causal: false,
    window: Math.floor(config.local_attention / 2),
  });
  const slides = slidingLayers(
    config.layer_types,
    config.num_hidden_layers,
    (layer) => layer % config.global_attn_every_n_layers !== 0,
  );
  const named = (stem: string) => new Named(`${prefix}${stem}`, config.norm_eps);
  const { norm_bias: bias } = config;
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: full.longest,
    score: scaledDot(width / heads, { causal: false }),
    embeddings: {
      ...wordsAlone(`${prefix}embeddings.tok_embeddings.weight`, config.vocab_size, width),
      norm: named('embeddings.').layerNorm('norm', width, { bias }),
    },
    rotary: full.spec,
    layers: slides.map((slid, layer) => ({
      ...describeLayer(config, layer, named(`layers.${layer}.`)),
      ...(slid ? { score: local, rotary: sliding.spec } : {}),
    })),
  };
}

function describeLayer(config: Config, layer: number, named: Named): LayerSpec {
  const { hidden_size: width, intermediate_size: wide, norm_bias: bias } = config;
  const attention = { bias: config.attention_bias };
  return {
    order: 'pre',
    // The first layer's input is normalised already.
    attentionNorm: layer === 0 ? null : named.layerNorm('attn_norm', width, { bias }),
    feedForwardNorm: named.layerNorm('mlp_norm', width, { bias }),
    projections: {
      kind: 'joined',
      linear: named.linear('attn.Wqkv', width, 3 * width, attention),
      order: 'stacked',
    },
    queryNorm: null,
    keyNorm: null,
    output: named.linear('attn.Wo', width, width, attention),
    feedForward: {
      kind: 'joinedGate',
      gateUp: named.linear('mlp.Wi', width, 2 * wide, { bias: config.mlp_bias }),
      down: named.linear('mlp.Wo', wide, width, { bias: config.mlp_bias }),
      activation: config.hidden_activation,
    },
  };
}
