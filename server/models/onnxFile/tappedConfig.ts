/** What a `config.json` beside an ONNX file says of the model: nothing that the graph shows better. */
import * as v from 'valibot';

const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000_000));
/** What has no such number has none for us; the graph does not hang on it. */
const optionalSize = v.fallback(v.optional(size), undefined);

const schema = v.object({
  model_type: v.fallback(v.optional(v.string()), undefined),
  hidden_size: optionalSize,
  d_model: optionalSize,
  n_embd: optionalSize,
  dim: optionalSize,
  max_position_embeddings: optionalSize,
  n_positions: optionalSize,
  n_ctx: optionalSize,
  max_seq_len: optionalSize,
  seq_length: optionalSize,
  sliding_window: optionalSize,
  use_sliding_window: v.fallback(v.optional(v.boolean()), undefined),
});

/** RoBERTa and its kin leave the first rows of the table to padding. */
const PADDED = /roberta|camembert|mpnet|longformer/;
const PADDED_ROWS = 2;

export interface TappedConfig {
  type: string | undefined;
  width: number | undefined;
  /** Tokens. */
  contextLength: number | undefined;
  /** Tokens of a sliding window. */
  window: number | undefined;
}

export function readTappedConfig(parsed: unknown): TappedConfig {
  const result = v.safeParse(schema, parsed);
  const config = result.success ? result.output : ({} as v.InferOutput<typeof schema>);
  const type = config.model_type?.slice(0, 60);
  const longest =
    config.max_position_embeddings ??
    config.n_positions ??
    config.n_ctx ??
    config.max_seq_len ??
    config.seq_length;
  const padded = PADDED.test(type ?? '') ? PADDED_ROWS : 0;
  return {
    type,
    width: config.hidden_size ?? config.d_model ?? config.n_embd ?? config.dim,
    contextLength: longest === undefined ? undefined : Math.max(1, longest - padded),
    window: config.use_sliding_window === false ? undefined : config.sliding_window,
  };
}
