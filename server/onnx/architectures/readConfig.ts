/** Reads the part of a `config.json` that decides a graph, as strictly as numbers need it. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { OnnxError } from '../onnxError';
import type { Activation } from '../transformer/spec';

/** More than any published model has; it keeps a damaged file from asking for a graph without end. */
const MAX_LAYERS = 1000;
const MAX_SIZE = 10_000_000;

export const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SIZE));
export const layerCount = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LAYERS));
/** An id of the vocabulary. */
export const token = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SIZE));
/** What something is multiplied with or divided by. */
export const factor = v.pipe(v.number(), v.gtValue(0), v.maxValue(1e6));
export const epsilon = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const ACTIVATIONS = {
  gelu: 'gelu',
  gelu_new: 'geluTanh',
  gelu_pytorch_tanh: 'geluTanh',
  gelu_fast: 'geluTanh',
  relu: 'relu',
  relu2: 'reluSquared',
  silu: 'silu',
  swish: 'silu',
} as const satisfies { [name: string]: Activation };

/** The activation by its name in transformers; others are refused by name. */
export const activation = v.pipe(
  v.picklist(Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]),
  v.transform((name): Activation => ACTIVATIONS[name]),
);

/** What `schema` makes of a parsed `config.json`. Throws OnnxError naming the first field that does not fit. */
export function readConfig<Schema extends v.GenericSchema>(
  schema: Schema,
  config: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, config);
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

/** Throws OnnxError where `part` is more than `whole`. */
export function requireAtMost(name: string, part: number, whole: number): void {
  if (part <= whole) return;
  throw new OnnxError(
    l10n.t(
      'The model\'s config.json cannot be used: "{0}": {1}.',
      name,
      l10n.t('{0} is more than {1}', part, whole),
    ),
  );
}

/** Throws OnnxError unless `whole` is a multiple of `part`. */
export function requireMultiple(name: string, whole: number, part: number): void {
  if (whole % part === 0) return;
  throw new OnnxError(
    l10n.t(
      'The model\'s config.json cannot be used: "{0}": {1}.',
      name,
      l10n.t('{0} is not a multiple of {1}', whole, part),
    ),
  );
}
