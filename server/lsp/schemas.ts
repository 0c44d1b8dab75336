/** What a client may send, and what of it this version cannot do yet. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { readChapterChange } from '../analysis/chapterControls';
import { readEncodingChange, requireEncodingChange } from '../analysis/readEncodingChange';
import { InvalidParams, RequestFailed } from '../analysis/errors';
import { SCALE_VARIANTS } from '../chapter/controls';
import { AGGREGATES, MERGES, READINGS, STACKS } from '../protocol';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const size = v.pipe(v.number(), v.integer(), v.minValue(1));
const span = v.pipe(
  v.tuple([whole, whole]),
  v.check(([start, end]) => start <= end, 'must not end before it starts'),
);

export const position = v.object({ line: whole, character: whole });
export const range = v.object({ start: position, end: position });
const document = v.object({ uri: v.string() });

/** Throws by itself: what is wrong with a change of position takes a sentence of its own. */
const encoding = v.optional(v.pipe(v.unknown(), v.transform(readEncodingChange)));

/** NaN, which JSON cannot write, arrives as null: both get the sentence about a scale. */
const numberOrNaN = v.pipe(
  v.unknown(),
  v.transform((value) => (typeof value === 'number' ? value : NaN)),
);

const stack = v.optional(v.picklist(STACKS));
const where = { textDocument: document, position: v.optional(position) };
/** Of one text, or of the decoder's beside the encoder's. */
const ofStack = {
  ...where,
  stack,
  source: v.optional(v.object({ uri: v.string(), position: v.optional(position) })),
};
const select = {
  layer: v.optional(v.nullable(whole)),
  head: v.optional(v.nullable(whole)),
  heads: v.optional(v.nullable(v.array(whole))),
  aggregate: v.optional(v.picklist(AGGREGATES)),
  reading: v.optional(v.picklist(READINGS)),
  merge: v.optional(v.picklist(MERGES)),
  encoding,
};

const wholeDocument = {
  within: v.optional(v.pipe(v.number(), v.minValue(0))),
  fill: v.optional(v.boolean()),
};

export const nothing = v.nullish(v.object({}), {});
export const tokensParams = v.object({ ...ofStack, slice: v.optional(span) });
export const rowParams = v.object({
  ...ofStack,
  ...select,
  token: v.optional(whole),
  queryRange: v.optional(range),
  direction: v.optional(v.picklist(['reads', 'readBy'])),
  fit: v.optional(v.boolean()),
});
export const mapParams = v.object({
  ...ofStack,
  ...select,
  queries: v.optional(span),
  keys: v.optional(span),
  size: v.optional(v.object({ rows: size, columns: size })),
  pool: v.optional(v.picklist(['max', 'mean'])),
});
export const overviewParams = v.object({
  ...ofStack,
  reading: v.optional(v.picklist(READINGS)),
  size: v.optional(size),
  encoding,
  statistics: v.optional(v.boolean()),
});
export const statisticsParams = v.object({
  ...ofStack,
  ...wholeDocument,
  encoding,
  scope: v.optional(v.picklist(['window', 'document'])),
});
export const documentMapParams = v.object({
  textDocument: document,
  ...select,
  ...wholeDocument,
  size: v.optional(size),
});
export const setSelectionParams = v.object({
  ...select,
  stack,
  textDocument: v.optional(document),
  chapter: v.optional(v.pipe(v.unknown(), v.transform(readChapterChange))),
});
export const setSourceParams = v.object({
  textDocument: document,
  source: v.nullable(document),
});
export const positionParams = v.object({
  ...where,
  layer: select.layer,
  token: v.optional(whole),
  positions: v.optional(span),
  encoding,
  scale: v.optional(numberOrNaN),
  scaleVariant: v.optional(v.picklist(SCALE_VARIANTS)),
  dimension: v.optional(whole),
});
export const positionEffectParams = v.object({
  ...where,
  encoding: v.pipe(v.unknown(), v.transform(requireEncodingChange)),
});
export const compareParams = v.object({
  ...where,
  encoding,
  other: v.object({ ...where, encoding }),
});
export const positionShareParams = v.object({
  ...where,
  layer: whole,
  head: whole,
  query: whole,
  key: whole,
});
export const explainParams = v.object({
  ...ofStack,
  layer: whole,
  head: whole,
  query: whole,
  key: whole,
  encoding,
  strongest: v.optional(whole),
});
export const stagesParams = v.object({
  ...where,
  token: v.optional(whole),
  key: v.optional(whole),
  encoding,
});
export const selectModelParams = v.object({ model: v.pipe(v.string(), v.nonEmpty()) });
export const deleteDownloadParams = v.object({
  model: v.pipe(v.string(), v.nonEmpty()),
  commit: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/, 'must be a whole commit id')),
});
export const hoverParams = v.object({
  textDocument: document,
  position,
  queryRange: v.optional(range),
});

export const viewParams = v.object({
  textDocument: document,
  cursor: v.optional(position),
  visible: v.optional(v.array(range)),
  pinned: v.optional(v.array(position)),
  focused: v.optional(v.boolean()),
});
export const openParams = v.object({
  textDocument: v.object({ uri: v.string(), version: v.number(), text: v.string() }),
});
export const changeParams = v.object({
  textDocument: v.object({ uri: v.string(), version: v.number() }),
  contentChanges: v.array(v.object({ range: v.optional(range), text: v.string() })),
});
export const closeParams = v.object({ textDocument: document });

/** Parameters of the protocol that not every method understands yet. */
const LATER = ['stack', 'source'];

/**
 * `params` as the schema has them. Throws {@link InvalidParams} naming the field that
 * is wrong, and {@link RequestFailed} `notYet` for what a later version will understand.
 */
export function parseParams<S extends v.GenericSchema>(
  schema: S,
  params: unknown,
): v.InferOutput<S> {
  refuseLater(schema, params);
  const parsed = v.safeParse(schema, params);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? 'params';
  throw new InvalidParams(
    field.split('.')[0] ?? field,
    l10n.t('"{0}" cannot be used: {1}.', field, issue.message.replace(/\.$/, '')),
  );
}

function refuseLater(schema: v.GenericSchema, params: unknown): void {
  if (typeof params !== 'object' || params === null) return;
  const known = 'entries' in schema ? (schema.entries as object) : {};
  const later = LATER.find(
    (name) => !(name in known) && (Reflect.get(params, name) ?? 'encoder') !== 'encoder',
  );
  if (later !== undefined) throw notYet(later);
}

export function notYet(name: string): RequestFailed {
  return new RequestFailed('notYet', l10n.t('"{0}" is not available in this version.', name));
}
