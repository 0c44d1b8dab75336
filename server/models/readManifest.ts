/** Reads and checks `manifest.json`. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { ModelManifest } from './manifest';
import { ModelError } from './modelError';

const MAX_LAYERS = 1000;
const MAX_SIZE = 100_000_000;

const text = v.pipe(v.string(), v.nonEmpty());
const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SIZE));

/** A name inside the model's folder: no way out of it, on any system. */
const path = v.pipe(
  v.string(),
  v.regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, 'must be a relative path inside the model folder'),
);

const file = v.object({
  path,
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')),
});

const finite = v.pipe(v.number(), v.finite());
const numbers = v.union([v.array(finite), v.object({ tensor: text })]);
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SIZE));
const bias = v.object({
  causal: v.boolean(),
  window: v.optional(count),
  alibi: v.optional(v.object({ slopes: v.array(finite) })),
  relative: v.optional(v.object({ buckets: v.array(count), table: numbers })),
});
const sinks = v.optional(numbers);
const scoreRule = v.variant('kind', [
  v.object({ kind: v.literal('dot'), scale: finite, bias, sinks }),
  v.object({ kind: v.literal('softcappedDot'), scale: finite, cap: finite, bias, sinks }),
  v.object({ kind: v.literal('additive'), v: v.array(finite), bias, sinks }),
]);

const tap = v.object({
  query: text,
  key: text,
  value: text,
  weights: text,
  output: v.nullish(text),
  score: v.optional(scoreRule),
});

const linear = v.object({ weight: text, bias: text });
const embedding = v.object({
  words: text,
  constant: v.nullable(text),
  norm: v.nullable(v.object({ gain: text, bias: text, epsilon: finite })),
  query: linear,
  key: linear,
});

/** A model in a folder of ours is one of these; others get their manifests when they are opened. */
const positionScheme = v.variant('kind', [
  v.object({ kind: v.literal('learned') }),
  v.object({ kind: v.literal('alibi'), slopes: v.array(finite) }),
  v.object({ kind: v.picklist(['relative', 'none', 'unknown']) }),
]);

const manifestSchema = v.pipe(
  v.object({
    id: text,
    name: text,
    architecture: text,
    layers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LAYERS)),
    heads: size,
    keyValueHeads: size,
    headSize: size,
    width: size,
    contextLength: size,
    causal: v.boolean(),
    position: positionScheme,
    storage: text,
    licence: text,
    graph: file,
    weights: v.array(file),
    tokenizer: file,
    inputs: v.object({
      ids: text,
      positions: v.optional(text),
      positionScale: v.optional(text),
      slopes: v.optional(text),
    }),
    taps: v.array(tap),
    score: scoreRule,
    positionTable: v.optional(text),
    embedding: v.optional(embedding),
    source: v.object({
      package: text,
      version: text,
      url: text,
      sha256: text,
      madeBy: text,
    }),
  }),
  v.check(({ taps, layers }) => taps.length === layers, 'taps must have one entry per layer'),
  v.check(
    ({ heads, keyValueHeads }) => heads % keyValueHeads === 0,
    'heads must be a multiple of keyValueHeads',
  ),
  v.check(
    ({ score, headSize }) => score.kind !== 'additive' || score.v.length === headSize,
    'score.v must have one number per place of a head',
  ),
  v.check(
    ({ score, heads }) => (score.bias.alibi?.slopes.length ?? heads) === heads,
    'score.bias.alibi.slopes must have one number per head',
  ),
);

/** The manifest in `bytes` (UTF-8 JSON). Throws ModelError `modelRefused` naming what is wrong with it. */
export function readManifest(bytes: Uint8Array): ModelManifest {
  const parsed = v.safeParse(manifestSchema, parseJson(bytes));
  if (parsed.success) return parsed.output satisfies ModelManifest;
  const [issue] = parsed.issues;
  throw new ModelError(
    'modelRefused',
    l10n.t(
      'The model\'s manifest.json cannot be used: "{0}": {1}. Reinstall the extension.',
      v.getDotPath(issue) ?? 'manifest',
      issue.message,
    ),
  );
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ModelError(
      'modelRefused',
      l10n.t("The model's manifest.json is not valid JSON. Reinstall the extension."),
      { cause: error },
    );
  }
}
