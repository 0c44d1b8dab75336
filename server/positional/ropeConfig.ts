/** Rotary encoding as a Hugging Face `config.json` describes it, in its newer and its older form. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { PositionError } from './positionError';
import type { RopeScaling } from './ropeFrequencies';

/** What a model's configuration says of its rotary encoding. */
export interface RopeDescription {
  /** Columns of a head that turn. */
  rotatedWidth: number;
  base: number;
  scaling: RopeScaling;
}

/** The base where a configuration leaves it out (Su et al. 2021). */
const USUAL_BASE = 10_000;

const size = v.pipe(v.number(), v.integer(), v.minValue(1));
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const factor = v.pipe(v.number(), v.finite(), v.minValue(1));

const parametersSchema = v.object({
  rope_type: v.optional(v.string()),
  type: v.optional(v.string()),
  rope_theta: v.nullish(positive),
  partial_rotary_factor: v.nullish(v.pipe(positive, v.maxValue(1))),
  factor: v.nullish(factor),
  original_max_position_embeddings: v.nullish(size),
  beta_fast: v.nullish(positive),
  beta_slow: v.nullish(positive),
  attention_factor: v.nullish(positive),
  mscale: v.nullish(v.number()),
  mscale_all_dim: v.nullish(v.number()),
  truncate: v.nullish(v.boolean()),
  low_freq_factor: v.nullish(positive),
  high_freq_factor: v.nullish(positive),
  long_factor: v.nullish(v.array(positive)),
  short_factor: v.nullish(v.array(positive)),
});
type Parameters = v.InferOutput<typeof parametersSchema>;

const configSchema = v.object({
  hidden_size: size,
  num_attention_heads: size,
  head_dim: v.nullish(size),
  max_position_embeddings: size,
  rope_theta: v.nullish(positive),
  partial_rotary_factor: v.nullish(v.pipe(positive, v.maxValue(1))),
  original_max_position_embeddings: v.nullish(size),
  rope_parameters: v.nullish(parametersSchema),
  rope_scaling: v.nullish(parametersSchema),
});
type Config = v.InferOutput<typeof configSchema>;

/**
 * Reads a parsed `config.json` of a model that turns its queries and keys. `length` is
 * the text's in tokens: `dynamic` and `longrope` depend on it. Throws PositionError
 * `scheme` for a description that is damaged or of a kind that is not known.
 */
export function readRope(config: unknown, length: number): RopeDescription {
  const parsed = v.safeParse(configSchema, config);
  if (!parsed.success) throw damaged(v.getDotPath(parsed.issues[0]) ?? 'config');
  const known = parsed.output;
  const parameters: Parameters = known.rope_parameters ?? known.rope_scaling ?? {};
  const headSize = known.head_dim ?? Math.floor(known.hidden_size / known.num_attention_heads);
  const share = parameters.partial_rotary_factor ?? known.partial_rotary_factor ?? 1;
  return {
    rotatedWidth: Math.trunc(headSize * share),
    base: parameters.rope_theta ?? known.rope_theta ?? USUAL_BASE,
    scaling: scalingOf(parameters, known, length),
  };
}

function scalingOf(parameters: Parameters, config: Config, length: number): RopeScaling {
  const kind = parameters.rope_type ?? parameters.type ?? 'default';
  switch (kind) {
    case 'default':
      return { kind };
    case 'linear':
      return { kind, factor: needed(parameters, 'factor') };
    case 'dynamic':
      return {
        kind,
        factor: needed(parameters, 'factor'),
        trainedLength: config.max_position_embeddings,
        length,
      };
    case 'yarn':
      return yarnOf(parameters, config);
    case 'llama3':
      return {
        kind,
        factor: needed(parameters, 'factor'),
        lowFrequencyFactor: needed(parameters, 'low_freq_factor'),
        highFrequencyFactor: needed(parameters, 'high_freq_factor'),
        trainedLength: trainedLength(parameters, config),
      };
    case 'longrope':
      return {
        kind,
        factor: stretch(parameters, config),
        longFactors: needed(parameters, 'long_factor'),
        shortFactors: needed(parameters, 'short_factor'),
        trainedLength: trainedLength(parameters, config),
        length,
        attentionFactor: parameters.attention_factor ?? undefined,
      };
    default:
      throw new PositionError(
        'scheme',
        l10n.t(
          'The rotary encoding "{0}" is not known; its frequencies cannot be shown.',
          kind.slice(0, 40),
        ),
      );
  }
}

function yarnOf(parameters: Parameters, config: Config): RopeScaling {
  return {
    kind: 'yarn',
    factor: stretch(parameters, config),
    trainedLength: trainedLength(parameters, config),
    betaFast: parameters.beta_fast ?? undefined,
    betaSlow: parameters.beta_slow ?? undefined,
    attentionFactor: parameters.attention_factor ?? undefined,
    mscale: parameters.mscale ?? undefined,
    mscaleAllDim: parameters.mscale_all_dim ?? undefined,
    truncate: parameters.truncate ?? undefined,
  };
}

/** Longest text ÷ trained length where no factor is written, as Phi-3 and DeepSeek-V3 have it. */
function stretch(parameters: Parameters, config: Config): number {
  const given = parameters.factor;
  if (given !== null && given !== undefined) return given;
  return config.max_position_embeddings / trainedLength(parameters, config);
}

function trainedLength(parameters: Parameters, config: Config): number {
  return (
    parameters.original_max_position_embeddings ??
    config.original_max_position_embeddings ??
    config.max_position_embeddings
  );
}

function needed<Name extends keyof Parameters>(
  parameters: Parameters,
  name: Name,
): NonNullable<Parameters[Name]> {
  const value = parameters[name];
  if (value === null || value === undefined) throw damaged(name);
  return value;
}

function damaged(field: string): PositionError {
  return new PositionError(
    'scheme',
    l10n.t('The model\'s config.json describes its rotary encoding wrongly: look at "{0}".', field),
  );
}
