/** Gathers what goes into a bundle: asks the server for the numbers, a part of a map at a time. */
import { ChannelError } from '../../channel/channel';
import type { ChapterSettings } from '../../server/chapter/controls';
import {
  INITIAL_SELECTION,
  type Model,
  type Selection,
  type StatisticsResult,
  type Status,
  type TokensResult,
} from '../../server/protocol';
import { decodeBytes, decodeFloats } from '../bytes';
import type { DataMethod, DataResult, Rest } from '../panel/gaze';
import { BUNDLE_FORMAT, BUNDLE_VERSION, type BundleManifest } from './manifest';
import type { BundleStatistics } from './parts';
import type { BundlePlan } from './plan';
import { stored, type BundleContent, type WrittenArray } from './writeBundle';

/** What is looked at, and how more is learnt about it. */
export interface BundleSource {
  /** Asks about the window; rejects when its text has changed. */
  ask<M extends DataMethod>(method: M, rest: Rest<M>, signal: AbortSignal): Promise<DataResult<M>>;
  /** The document's. */
  name: string;
  text: string;
  tokens: TokensResult;
  selection: Selection;
  chapter: ChapterSettings | null;
  engine: Status['engine'];
  /** What the page keeps. */
  saved: unknown;
  chosen: { query: number; key: number } | null;
}

/** Numbers of one answer; see the protocol's limit. */
const MOST_NUMBERS = 147_456;
const THUMBNAIL = 64;

interface Work {
  source: BundleSource;
  signal: AbortSignal;
  progress: (share: number) => void;
}

/** The bundle's content by a plan. Rejects as `source.ask` does. */
export async function gather(
  plan: BundlePlan,
  work: Work,
  created: Date,
  writtenBy: string,
): Promise<BundleContent> {
  const { source } = work;
  const { tokens, words } = source.tokens;
  return {
    manifest: manifestOf(source, plan, created, writtenBy),
    text: source.text,
    tokens,
    words,
    arrays: await gatherArrays(plan, work),
    statistics: await gatherStatistics(work),
  };
}

function manifestOf(
  { name, tokens: answer, selection, chapter, engine, saved, chosen }: BundleSource,
  { heads }: BundlePlan,
  created: Date,
  writtenBy: string,
): BundleManifest {
  const { model, window, tokens, numbers } = answer;
  return {
    format: BUNDLE_FORMAT,
    version: BUNDLE_VERSION,
    created: created.toISOString(),
    writtenBy,
    document: { name },
    window: { ...window, tokens: tokens.length },
    model: storedModel(model),
    engine: { backend: engine.backend, detail: engine.detail },
    selection,
    chapter,
    numbers,
    view: { saved: withoutPlaces(saved), chosen },
    heads,
  };
}

/** What of a model a bundle tells: nothing of where it lies on this machine. */
function storedModel(model: Model): BundleManifest['model'] {
  const { id, name, architecture, layers, heads, keyValueHeads, width, contextLength } = model;
  const { causal, windows, encodingModes, storage, hash, licence } = model;
  return {
    ...{ id: publicId(id), name, architecture, layers, heads, keyValueHeads, width, contextLength },
    ...{ causal, encodingModes, storage, hash },
    ...(windows && { windows }),
    ...(licence !== undefined && { licence }),
  };
}

/** Of a model's path only its last part. */
export function publicId(id: string): string {
  if (!id.startsWith('file:')) return id;
  return `file:${
    id
      .split(/[\\/]/)
      .filter(Boolean)
      .at(-1)
      ?.replace(/^file:/, '') ?? ''
  }`;
}

/** What the page keeps, but for where the document lies. */
function withoutPlaces(saved: unknown): Record<string, unknown> {
  if (typeof saved !== 'object' || saved === null) return {};
  return { ...saved, document: null, window: null };
}

async function gatherArrays(plan: BundlePlan, work: Work): Promise<BundleContent['arrays']> {
  const { model } = work.source.tokens;
  const { selection } = work.source;
  const { layers, heads } = model;
  const listed =
    plan.heads ??
    Array.from({ length: layers * heads }, (_, at) => [Math.floor(at / heads), at % heads]);
  const perHead = (reading: Selection['reading']): Selection[] =>
    listed.map(([layer, head]) => ({ ...INITIAL_SELECTION, layer: layer, head: head, reading }));
  const rolled = Array.from({ length: layers }, (_, layer) => ({
    ...INITIAL_SELECTION,
    layer,
    reading: 'rollout' as const,
  }));
  const shape = plan.heads ? [listed.length] : [layers, heads];
  const parts = [
    { part: 'weights', maps: perHead('raw'), shape },
    { part: 'valueWeighted', maps: plan.valueWeighted ? perHead('valueWeighted') : [], shape },
    { part: 'rollout', maps: plan.rollout ? rolled : [], shape: [layers] },
    { part: 'shown', maps: plan.shown ? [selection] : [], shape: [] },
  ] as const;
  const total = parts.reduce((sum, { maps }) => sum + maps.length, 0);
  let done = 0;
  const found: { [part: string]: WrittenArray } = {};
  for (const { part, maps, shape: outer } of parts) {
    if (maps.length === 0) continue;
    const precision = part === 'shown' ? plan.shown : plan.precision;
    found[part] = await gatherMaps(maps, outer, precision === 'float16', work, () =>
      work.progress(++done / total),
    );
  }
  const images = plan.heads && selection.reading !== 'rollout' ? await thumbnails(work) : {};
  return { ...found, ...images };
}

/** Maps one after the other, [map, query, key]. */
async function gatherMaps(
  maps: readonly Selection[],
  outer: readonly number[],
  halved: boolean,
  work: Work,
  done: () => void,
): Promise<WrittenArray> {
  const count = work.source.tokens.tokens.length;
  const size = count * count;
  const values = halved
    ? new Uint16Array(maps.length * size)
    : new Float32Array(maps.length * size);
  const rows = Math.max(1, Math.floor(MOST_NUMBERS / count));
  for (const [at, selection] of maps.entries()) {
    for (let start = 0; start < count; start += rows) {
      const end = Math.min(count, start + rows);
      const part = await gatherRows(selection, [start, end], count, work);
      values.set(stored(part, halved), at * size + start * count);
    }
    done();
  }
  return { shape: [...outer, count, count], values };
}

async function gatherRows(
  selection: Selection,
  queries: [number, number],
  count: number,
  { source, signal }: Work,
): Promise<Float32Array> {
  const { encoding } = source.selection;
  const asked = { ...selection, encoding, merge: 'tokens' } as const;
  const size = { rows: queries[1] - queries[0], columns: count };
  const keys: [number, number] = [0, count];
  const answer = await source.ask('attentionLens/map', { ...asked, queries, keys, size }, signal);
  return decodeFloats(answer.values);
}

async function thumbnails({ source, signal }: Work): Promise<BundleContent['arrays']> {
  const { reading, encoding } = source.selection;
  const what = { reading, encoding, size: THUMBNAIL, statistics: false };
  const answer = await source.ask('attentionLens/overview', what, signal);
  const { layers, heads, size } = answer;
  return {
    thumbnails: { shape: [layers, heads, size, size], values: decodeBytes(answer.thumbnails) },
    scales: { shape: [layers, heads], values: decodeFloats(answer.scales) },
  };
}

/** Null where the model has none: a bundle is one without them. */
async function gatherStatistics({ source, signal }: Work): Promise<BundleStatistics | null> {
  const { encoding } = source.selection;
  try {
    return storedStatistics(
      await source.ask('attentionLens/statistics', { encoding, scope: 'window' }, signal),
    );
  } catch (error) {
    if (ChannelError.is(error, 'notInThisModel')) return null;
    throw error;
  }
}

function storedStatistics({ statistics, counted, even }: StatisticsResult): BundleStatistics {
  const lists = Object.entries(statistics).map(([name, numbers]) => [
    name,
    Array.from(decodeFloats(numbers), (value) => (Number.isFinite(value) ? value : null)),
  ]);
  return {
    statistics: Object.fromEntries(lists) as BundleStatistics['statistics'],
    counted,
    even,
  };
}
