/** The part of a BERT `config.json` that decides the graph. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { OnnxError } from '../onnxError';

/** More than any published model has; it keeps a damaged file from asking for a graph without end. */
const MAX_LAYERS = 1000;
const MAX_SIZE = 10_000_000;

const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SIZE));

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
    num_hidden_layers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LAYERS)),
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
  const parsed = v.safeParse(configSchema, config);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new OnnxError(
    l10n.t(
      'The model\'s config.json cannot be used: "{0}": {1}.',
      v.getDotPath(issue) ?? 'config',
      issue.message,
    ),
  );
}
