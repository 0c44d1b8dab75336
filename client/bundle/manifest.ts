/** What a bundle says of itself: its part `manifest.json`. docs/exports.md describes it. */
import * as v from 'valibot';
import { readEncodingChange } from '../../server/analysis/readEncodingChange';
import { readChapterSettings } from '../../server/chapter/settings';
import { AGGREGATES, ENCODING_MODES, MERGES, READINGS } from '../../server/protocol';
import { BundleError } from './bundleError';

export const BUNDLE_FORMAT = 'attention-lens-bundle';
/** Of the format. Parts and fields may be added to it; whatever else changes makes a new version. */
export const BUNDLE_VERSION = 1;

/** Tokens of a window: the map of one head of more would not fit. */
const MOST_TOKENS = 2 ** 15;
const MOST_HEADS = 4096;

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_HEADS));
const short = v.pipe(v.string(), v.maxLength(500));
const position = v.object({ line: whole, character: whole });
export const rangeSchema = v.object({ start: position, end: position });

/** `parse` throws for what it does not understand. */
function passing<T>(parse: (given: unknown) => T): v.GenericSchema<unknown, T> {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value);
      } catch {
        addIssue({ message: 'is not understood' });
        return NEVER;
      }
    }),
  );
}

const selection = v.object({
  layer: v.nullable(whole),
  head: v.nullable(whole),
  heads: v.nullable(v.pipe(v.array(whole), v.minLength(1), v.maxLength(MOST_HEADS))),
  aggregate: v.picklist(AGGREGATES),
  reading: v.picklist(READINGS),
  merge: v.picklist(MERGES),
  encoding: passing(readEncodingChange),
});

const model = v.object({
  id: short,
  name: short,
  architecture: short,
  layers: count,
  heads: count,
  keyValueHeads: count,
  width: whole,
  contextLength: whole,
  causal: v.boolean(),
  windows: v.optional(v.array(v.nullable(whole))),
  encodingModes: v.array(v.picklist(ENCODING_MODES)),
  storage: short,
  hash: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  licence: v.optional(short),
});

const schema = v.object({
  format: v.literal(BUNDLE_FORMAT),
  version: v.literal(BUNDLE_VERSION),
  created: v.pipe(v.string(), v.isoTimestamp()),
  writtenBy: short,
  document: v.object({ name: short }),
  window: v.object({
    index: whole,
    count: v.nullable(whole),
    range: rangeSchema,
    tokens: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_TOKENS)),
  }),
  model,
  engine: v.object({ backend: short, detail: short }),
  selection,
  /** The Chapter model's controls. */
  chapter: v.nullable(
    passing((given) => readChapterSettings(v.parse(v.record(v.string(), v.unknown()), given))),
  ),
  /** A document of numbers. */
  numbers: v.boolean(),
  view: v.object({
    /** As the panel keeps it; each field that is not understood is passed over. */
    saved: v.record(v.string(), v.unknown()),
    chosen: v.nullable(v.object({ query: whole, key: whole })),
  }),
  /** Of `weights.npy`: the heads it has in their order, as [layer, head]; null: all. */
  heads: v.nullable(v.pipe(v.array(v.tuple([whole, whole])), v.maxLength(MOST_HEADS ** 2))),
});

export type BundleManifest = v.InferOutput<typeof schema>;

const heading = v.object({ format: v.literal(BUNDLE_FORMAT), version: v.number() });

/** The manifest in a JSON text. Throws {@link BundleError} `newerVersion` or `badManifest`, naming the field. */
export function readManifest(text: string): BundleManifest {
  const json = parseJson(text);
  const head = v.safeParse(heading, json);
  if (head.success && head.output.version > BUNDLE_VERSION)
    throw new BundleError('newerVersion', String(head.output.version));
  const parsed = v.safeParse(schema, json);
  if (!parsed.success)
    throw new BundleError('badManifest', v.getDotPath(parsed.issues[0]) ?? 'manifest.json');
  requireInModel(parsed.output);
  return parsed.output;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BundleError('badManifest', 'manifest.json');
  }
}

/** What is chosen, and what is stored, must be heads and tokens that there are. */
function requireInModel({ model, selection, window, view, heads }: BundleManifest): void {
  const { layer, head } = selection;
  const asked = [head ?? 0, ...(selection.heads ?? [])];
  if ((layer ?? 0) >= model.layers || asked.some((each) => each >= model.heads))
    throw new BundleError('badManifest', 'selection');
  if (model.windows && model.windows.length !== model.layers)
    throw new BundleError('badManifest', 'model.windows');
  if (view.chosen && Math.max(view.chosen.query, view.chosen.key) >= window.tokens)
    throw new BundleError('badManifest', 'view.chosen');
  const stored = heads ?? [];
  const isThere = stored.every(([at, each]) => at < model.layers && each < model.heads);
  if (!isThere || new Set(stored.map(String)).size !== stored.length)
    throw new BundleError('badManifest', 'heads');
}
