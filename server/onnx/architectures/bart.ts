/** BART (Lewis et al. 2020), mBART (Liu et al. 2020) and PLBART (Ahmad et al. 2021). */
import * as v from 'valibot';
import type {
  CrossSpec,
  DecoderSpec,
  FeedForwardSpec,
  LayerSpec,
  TransformerSpec,
} from '../transformer/spec';
import { Named, scaledDot, type Architecture } from './architecture';
import { activation, layerCount, readConfig, requireMultiple, size, token } from './readConfig';

const schema = v.object({
  model_type: v.picklist(['bart', 'mbart', 'plbart']),
  activation_function: v.optional(activation, 'gelu'),
  d_model: size,
  decoder_attention_heads: size,
  decoder_ffn_dim: size,
  decoder_layers: layerCount,
  decoder_start_token_id: v.nullish(token),
  encoder_attention_heads: size,
  encoder_ffn_dim: size,
  encoder_layers: layerCount,
  eos_token_id: v.nullish(token),
  max_position_embeddings: size,
  scale_embedding: v.optional(v.boolean(), false),
  vocab_size: size,
});
type Config = v.InferOutput<typeof schema>;
type StackName = 'encoder' | 'decoder';

/** PyTorch's own; the configuration has none. */
const EPSILON = 1e-5;
/** The tables begin with two rows that no token has. */
const OFFSET = 2;
/** The usual end of a text, which these decoders begin with. */
const END = 2;

export const bart: Architecture = {
  types: schema.entries.model_type.options,
  words: 'shared.weight',
  describe: (config, prefix) => describeStack(readConfig(schema, config), prefix, 'encoder'),
  decoder: {
    tensor: 'decoder.layers.0.encoder_attn.q_proj.weight',
    describe: (config, prefix) => describeDecoder(readConfig(schema, config), prefix),
  },
};

function describeDecoder(config: Config, prefix: string): DecoderSpec {
  const self = describeStack(config, prefix, 'decoder');
  return {
    self,
    cross: self.layers.map((_, layer) =>
      describeCross(config, new Named(`${prefix}decoder.layers.${layer}.`, EPSILON)),
    ),
    crossScale: 1 / Math.sqrt(self.headSize),
    startToken: config.decoder_start_token_id ?? config.eos_token_id ?? END,
  };
}

function describeStack(config: Config, prefix: string, stack: StackName): TransformerSpec {
  const { d_model: width, max_position_embeddings: positions } = config;
  const heads = config[`${stack}_attention_heads`];
  requireMultiple('d_model', width, heads);
  const named = new Named(`${prefix}${stack}.`, EPSILON);
  return {
    width,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    contextLength: positions,
    score: scaledDot(width / heads, { causal: stack === 'decoder' }),
    embeddings: {
      words: `${prefix}shared.weight`,
      vocabulary: config.vocab_size,
      width,
      factor: config.scale_embedding ? Math.sqrt(width) : 1,
      positions: {
        table: `${prefix}${stack}.embed_positions.weight`,
        rows: positions + OFFSET,
        offset: OFFSET,
      },
      constant: null,
      norm: named.layerNorm('layernorm_embedding', width),
      projection: null,
    },
    rotary: null,
    layers: Array.from({ length: config[`${stack}_layers`] }, (_, layer) =>
      describeLayer(config, new Named(`${prefix}${stack}.layers.${layer}.`, EPSILON), stack),
    ),
    ...(config.model_type === 'mbart' ? { finalNorm: named.layerNorm('layer_norm', width) } : {}),
  };
}

function describeLayer(config: Config, named: Named, stack: StackName): LayerSpec {
  const { d_model: width } = config;
  const { query, key, value, output } = projectionsOf(config, named, 'self_attn');
  return {
    order: config.model_type === 'mbart' ? 'pre' : 'post',
    attentionNorm: named.layerNorm('self_attn_layer_norm', width),
    feedForwardNorm: named.layerNorm('final_layer_norm', width),
    projections: { kind: 'separate', query, key, value },
    queryNorm: null,
    keyNorm: null,
    output,
    feedForward: feedForwardOf(config, named, config[`${stack}_ffn_dim`]),
  };
}

function describeCross(config: Config, named: Named): CrossSpec {
  return {
    norm: named.layerNorm('encoder_attn_layer_norm', config.d_model),
    ...projectionsOf(config, named, 'encoder_attn'),
  };
}

function projectionsOf(
  { d_model: width }: Config,
  named: Named,
  part: string,
): Omit<CrossSpec, 'norm'> {
  const projection = (name: string) => named.linear(`${part}.${name}_proj`, width, width);
  return {
    query: projection('q'),
    key: projection('k'),
    value: projection('v'),
    output: projection('out'),
  };
}

function feedForwardOf(config: Config, named: Named, wide: number): FeedForwardSpec {
  const { d_model: width } = config;
  return {
    kind: 'plain',
    up: named.linear('fc1', width, wide),
    down: named.linear('fc2', wide, width),
    activation: config.activation_function,
  };
}
