/**
 * Models like others but that a router chooses feed-forwards for each token: Mixtral (Jiang
 * et al. 2024) is so like Mistral, Qwen3-MoE (Yang et al. 2025) like Qwen3, OLMoE
 * (Muennighoff et al. 2024) like Llama with norms over all queries and all keys.
 */
import * as v from 'valibot';
import type { ExpertsSpec, LayerSpec, TransformerSpec } from '../transformer/spec';
import { Named, type Architecture } from './architecture';
import { llamaFamily } from './llamaFamily';
import { activation, epsilon, factor, readConfig, requireAtMost, size } from './readConfig';

/** What each is like but for its feed-forwards. */
const LIKE = { mixtral: 'mistral', qwen3_moe: 'qwen3', olmoe: 'llama' } as const;
const TYPES = Object.keys(LIKE) as (keyof typeof LIKE)[];

/** More than any published model has. */
const expertCount = v.pipe(size, v.maxValue(1024));

const schema = v.object({
  model_type: v.picklist(TYPES),
  clip_qkv: v.nullish(factor),
  decoder_sparse_step: v.nullish(size),
  hidden_act: activation,
  hidden_size: size,
  intermediate_size: size,
  mlp_only_layers: v.nullish(v.array(v.number())),
  moe_intermediate_size: v.nullish(size),
  norm_topk_prob: v.nullish(v.boolean()),
  num_experts: v.nullish(expertCount),
  num_experts_per_tok: size,
  num_local_experts: v.nullish(expertCount),
  rms_norm_eps: epsilon,
});
type Config = v.InferOutput<typeof schema>;

export const mixtureFamily: Architecture = {
  types: TYPES,
  words: llamaFamily.words,
  describe: (config, prefix) => describe(readConfig(schema, config), config, prefix),
};

function describe(config: Config, whole: unknown, prefix: string): TransformerSpec {
  const like = { ...(whole as object), model_type: LIKE[config.model_type] };
  const spec = llamaFamily.describe(like, prefix);
  return {
    ...spec,
    layers: spec.layers.map((layer, index) => {
      const named = new Named(`${prefix}layers.${index}.`, config.rms_norm_eps);
      const own = config.model_type === 'olmoe' ? olmoeAttention(config, spec, named) : {};
      const feedForward = isPlain(config, index) ? layer.feedForward : experts(config, named);
      return { ...layer, ...own, feedForward };
    }),
  };
}

function olmoeAttention(
  config: Config,
  { heads, keyValueHeads, headSize }: TransformerSpec,
  named: Named,
): Partial<LayerSpec> {
  return {
    queryNorm: named.rmsNorm('self_attn.q_norm', heads * headSize),
    keyNorm: named.rmsNorm('self_attn.k_norm', keyValueHeads * headSize),
    projectionLimit: config.clip_qkv ?? undefined,
  };
}

/** Qwen's configurations can leave layers without a router. */
function isPlain(
  { model_type, mlp_only_layers, decoder_sparse_step }: Config,
  layer: number,
): boolean {
  if (model_type !== 'qwen3_moe') return false;
  return (mlp_only_layers ?? []).includes(layer) || (layer + 1) % (decoder_sparse_step ?? 1) !== 0;
}

function experts(config: Config, named: Named): ExpertsSpec {
  const { model_type, hidden_size: width, num_experts_per_tok: used } = config;
  const count = readConfig(v.object({ num_experts: expertCount }), {
    num_experts: config.num_local_experts ?? config.num_experts,
  }).num_experts;
  requireAtMost('num_experts_per_tok', used, count);
  const wide = config.moe_intermediate_size ?? config.intermediate_size;
  const [part, gate, up, down] =
    model_type === 'mixtral'
      ? ['block_sparse_moe', 'w1', 'w3', 'w2']
      : ['mlp', 'gate_proj', 'up_proj', 'down_proj'];
  const linear = (name: string, from: number, to: number) =>
    named.linear(`${part}.${name}`, from, to, { bias: false });
  return {
    kind: 'experts',
    router: linear('gate', width, count),
    used,
    // Mixtral divides the shares of the used by their sum: the softmax over them alone.
    shares: model_type === 'mixtral' || config.norm_topk_prob === true ? 'ofUsed' : 'ofAll',
    experts: Array.from({ length: count }, (_, index) => ({
      kind: 'gated',
      gate: linear(`experts.${index}.${gate}`, width, wide),
      up: linear(`experts.${index}.${up}`, width, wide),
      down: linear(`experts.${index}.${down}`, wide, width),
      activation: config.hidden_act,
    })),
  };
}
