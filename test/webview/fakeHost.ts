/**
 * Stands in for the extension host in a page of a plain browser: it defines
 * `acquireVsCodeApi` and answers the panel with made-up attention. Tests reach it as
 * `window.fakeHost`.
 */
import { Channel, ChannelError } from '../../channel/channel';
import { errata } from '../../server/chapter/errata';
import { readChapterSettings } from '../../server/chapter/settings';
import { statementText } from '../../server/chapter/statement';
import {
  INITIAL_SELECTION,
  type EncodingChange,
  type ErratumText,
  type Model,
  type Range,
} from '../../server/protocol';
import { meanTotalVariation } from '../../server/positional/totalVariation';
import type {
  ExportKind,
  HostSide,
  PanelPlace,
  PanelSide,
  PanelState,
  PanelTokens,
} from '../../webview/protocol';
import {
  HEADS,
  LAYERS,
  pooled,
  syntheticText,
  syntheticWords,
  writtenText,
} from './syntheticAttention';
import { editedVersion, isShown } from './syntheticCompared';
import { SyntheticReadings } from './syntheticReadings';
import { syntheticCoverage, syntheticDocumentMap } from './syntheticDocument';
import { pairDocuments, syntheticDecoder, syntheticPair } from './syntheticPair';
import { syntheticStages } from './syntheticChapter';
import { syntheticPosition } from './syntheticPosition';
import { syntheticStatistics } from './syntheticStatistics';

export interface FakeHost {
  state: PanelState;
  /** Every request, in order. */
  calls: { method: string; params: unknown }[];
  /** Methods of the requests that were given up before they were answered. */
  cancelled: string[];
  /** How many of them are answered (held ones count, they may stay). */
  answered: number;
  saved: unknown;
  /** A head's made-up weights, [query, key]. */
  weightsOf(
    layer: number | null,
    head: number | null,
    encoding: EncodingChange | null,
  ): Float32Array;
  /** The text's words, as the panel gets them. */
  words: { of: number[]; texts: string[] };
  /** How many windows idle work has been through. */
  summarised: number;
  update(part: Partial<PanelState>): void;
  moveCursor(token: number | null): void;
  /** The text of these tokens is selected in the editor. */
  select(start: number, end: number): void;
  pin(tokens: number[]): void;
  show(place: PanelPlace): void;
  exportAs(kind: ExportKind): void;
  /** Requests of these methods wait until they are let go. */
  hold(...methods: string[]): void;
  release(): void;
  refuse(method: string, message: string | null): void;
}

export interface FakeHostOptions {
  /** Length of the text, the template's two tokens included. */
  tokens?: number;
  windows?: number;
  /** How many of them idle work has been through; all unless given. */
  summarised?: number;
  /** The text itself, line by line; every run of other than spaces is a token. */
  written?: string[];
  /** What the page had saved before it was loaded. */
  saved?: unknown;
  state?: Partial<PanelState>;
  /** The document is one of numbers. */
  numbers?: boolean;
  /** In another language than English. */
  errata?: ErratumText[];
  /** Whether the made-up model masks what comes after a query. */
  causal?: boolean;
  /** [layer]: how far the made-up model looks; its weights further away are as they are. */
  reaches?: number[];
  /** Of the made-up model. */
  position?: Model['position'];
  encodingModes?: Model['encodingModes'];
  /** The made-up model reads two texts; `source`: the URI of the one that is set. */
  pair?: { source?: string };
  strings?: { [english: string]: string };
  /** Methods that are not answered until they are let go. */
  held?: string[];
  /** Methods that fail, and with which sentence. */
  refused?: { [method: string]: string };
}

declare global {
  interface Window {
    fakeHost: FakeHost;
    fakeHostOptions?: FakeHostOptions;
    acquireVsCodeApi: () => unknown;
  }
}

const options = window.fakeHostOptions ?? {};
const { texts, places, lines } = options.written
  ? writtenText(options.written)
  : syntheticText(options.tokens ?? 160);
const count = texts.length;
const words = syntheticWords({ texts, places, lines });
let other: ReturnType<typeof editedVersion> | undefined;
/** Any other text than the one shown. */
const edited = (): ReturnType<typeof editedVersion> =>
  (other ??= editedVersion(texts, options.causal ?? false));
const readings = new SyntheticReadings(texts, words.of, options.causal ?? false);

/** A head's weights, or the mean of a layer's (head null) or of all (layer null). */
function weightsOf(
  layer: number | null,
  head: number | null,
  encoding: EncodingChange | null,
): Float32Array {
  return readings.map({ ...INITIAL_SELECTION, layer, head, encoding });
}

function rangeOf(place: (typeof places)[number]): Range | null {
  return (
    place && {
      start: { line: place.line, character: place.start },
      end: { line: place.line, character: place.end },
    }
  );
}

function isWithin(range: Range | null, other: Range): boolean {
  const after = (one: Range['start'], two: Range['start']): boolean =>
    (one.line - two.line || one.character - two.character) >= 0;
  return range !== null && after(range.start, other.start) && after(other.end, range.end);
}

const model: Model = {
  id: 'bundled',
  name: 'all-MiniLM-L6-v2',
  architecture: 'bert',
  layers: LAYERS,
  heads: HEADS,
  keyValueHeads: HEADS,
  width: 384,
  contextLength: Math.max(512, count),
  causal: options.causal ?? false,
  ...(options.reaches && { windows: options.reaches }),
  position: options.position ?? { kind: 'learned' },
  encodingModes: options.encodingModes ?? [
    'off',
    'scaled',
    'shuffled',
    'reversed',
    'shifted',
    'frozen',
  ],
  storage: 'fp16',
  hash: 'made-up',
  ...(options.pair && { decoder: syntheticDecoder }),
};

const host: FakeHost = {
  calls: [],
  cancelled: [],
  answered: 0,
  saved: options.saved,
  weightsOf,
  words,
  summarised: options.summarised ?? Infinity,
  state: {
    generation: 1,
    status: {
      state: 'ready',
      model,
      engine: { backend: 'wasm', threads: 1, detail: '', passedOver: [] },
      selection: INITIAL_SELECTION,
      chapter: options.state?.chapter ?? null,
      documents: options.pair ? pairDocuments(options.pair.source) : [],
    },
    document: { uri: 'file:///lighthouse.md', name: 'lighthouse.md', version: 3 },
    selection: { ...INITIAL_SELECTION, layer: 2, head: 2, reading: 'raw', encoding: null },
    locked: false,
    chapter: null,
    stale: false,
    progress: null,
    problem: null,
    ...options.state,
  },
  update(part) {
    host.state = { ...host.state, ...part };
    channel.send('state', host.state);
  },
  moveCursor(token) {
    channel.send('cursor', { generation: host.state.generation, token, selected: null });
  },
  select(start, end) {
    const { generation } = host.state;
    channel.send('cursor', { generation, token: start, selected: [start, end] });
  },
  pin(tokens) {
    channel.send('pinned', { generation: host.state.generation, tokens });
  },
  exportAs(kind) {
    channel.send('export', { kind });
  },
  show(place) {
    channel.send('show', place);
  },
  hold(...methods) {
    for (const method of methods) held.add(method);
  },
  release() {
    held.clear();
    for (const go of waiting.splice(0)) go();
  },
  refuse(method, message) {
    if (message === null) refused.delete(method);
    else refused.set(method, message);
  },
};
const held = new Set<string>(options.held);
const refused = new Map<string, string>(Object.entries(options.refused ?? {}));
const waiting: (() => void)[] = [];

let toPanel: (message: unknown) => void = () => undefined;
let fromPanel: (message: unknown) => void = () => undefined;
const channel = new Channel<HostSide, PanelSide>({
  post: (message) => toPanel(message),
  listen: (receive) => (fromPanel = receive),
});

function handle<M extends keyof HostSide['methods']>(
  method: M,
  answer: (params: HostSide['methods'][M]['params']) => HostSide['methods'][M]['result'],
): void {
  channel.handle(method, async (params, signal) => {
    host.calls.push({ method, params });
    // Counted before the answer is on its way: its effect is seen within a few frames.
    setTimeout(() => host.answered++);
    if (held.has(method)) await new Promise<void>((resolve) => waiting.push(resolve));
    if (signal.aborted) host.cancelled.push(method);
    if (signal.aborted) throw new ChannelError('cancelled', 'Cancelled.');
    const message = refused.get(method);
    if (message !== undefined) throw new ChannelError('engineDown', message);
    return answer(params);
  });
}

handle('hello', () => ({ state: host.state, strings: options.strings ?? {} }));
const tokensOf = (generation: number): PanelTokens => ({
  generation,
  version: 3,
  model,
  window: {
    index: 0,
    count: options.windows ?? 1,
    range: { start: { line: 0, character: 0 }, end: { line: lines.length - 1, character: 10 } },
  },
  texts,
  ranges: places.map(rangeOf),
  special: [0, count - 1],
  words: { ...words, ranges: words.places.map(rangeOf) },
  numbers: options.numbers ?? false,
});
handle('tokens', ({ generation }) => tokensOf(generation));
handle('comparable', () => ({
  documents: [{ uri: 'file:///harbour.md', name: 'harbour.md' }],
  saved: null,
  head: 'The document has not been committed yet.',
}));
handle('comparedTokens', ({ generation, text }) => {
  const tokens = { ...tokensOf(generation), ...(isShown(text) ? {} : edited().tokens) };
  return { ...tokens, uri: JSON.stringify(text), keys: tokens.texts };
});
handle('comparedRegion', ({ generation, text, selection, queries, keys }) => {
  const map = (isShown(text) ? readings : edited().readings).map(selection);
  const [rows, columns] = [queries[1] - queries[0], keys[1] - keys[0]];
  const values = pooled(map, Math.sqrt(map.length), queries, keys, rows, columns);
  return { generation, rows, columns, values };
});
handle('chooseModel', () => undefined);
handle('comparedHeads', ({ generation }) => ({
  generation,
  layers: LAYERS,
  heads: HEADS,
  totalVariation: Float32Array.from({ length: LAYERS * HEADS }, (_, head) => head / 100),
}));
handle('pair', ({ generation }) => ({
  pair: options.pair?.source ? syntheticPair(generation, options.pair.source) : null,
}));
handle('setSourceText', () => undefined);
handle('text', ({ generation }) => ({ generation, text: lines.join('\n') }));
handle('documentMap', ({ generation, size, selection, within }) => {
  const windows = options.windows ?? 1;
  const known = Math.min(windows, host.summarised);
  return { generation, ...syntheticDocumentMap(windows, known, size, selection, within) };
});
handle('overview', ({ generation, reading, encoding, size: wanted }) => {
  const size = Math.min(wanted, count);
  const scales = new Float32Array(LAYERS * HEADS);
  const thumbnails = new Uint8Array(LAYERS * HEADS * size * size);
  for (let layer = 0; layer < LAYERS; layer++)
    for (let head = 0; head < HEADS; head++) {
      const index = layer * HEADS + head;
      const values = pooled(
        readings.map({ ...INITIAL_SELECTION, layer, head, reading, encoding }),
        count,
        [0, count],
        [0, count],
        size,
        size,
      );
      const max = values.reduce((a, b) => Math.max(a, b), 0);
      scales[index] = max;
      thumbnails.set(
        values.map((value) => Math.round((value / max) * 255)),
        index * size * size,
      );
    }
  return { generation, layers: LAYERS, heads: HEADS, size, thumbnails, scales };
});
handle('statistics', ({ generation, encoding, scope }) => ({
  generation,
  ...syntheticStatistics(texts, (layer, head) => weightsOf(layer, head, encoding)),
  coverage: scope === 'window' ? null : syntheticCoverage(options.windows ?? 1, host.summarised),
}));
handle('region', ({ generation, selection, queries, keys, rows, columns, pool }) => {
  if (rows * columns > 187_500) throw new ChannelError('tooLarge', 'Ask for less.');
  const map = readings.map(selection);
  const values = pooled(map, Math.sqrt(map.length), queries, keys, rows, columns, pool);
  return { generation, rows, columns, values };
});
handle('row', ({ generation, selection, token: asked, queryRange, direction }) => {
  const all = readings.map(selection);
  const units = Math.sqrt(all.length);
  const queries = queryRange
    ? texts.flatMap((_, at) => (isWithin(rangeOf(places[at]!), queryRange) ? [at] : []))
    : [asked ?? 0];
  const weights = new Float32Array(units);
  for (const query of queries) {
    const unit = units === count ? query : words.of[query]!;
    for (let other = 0; other < units; other++)
      weights[other]! +=
        direction === 'reads'
          ? all[unit * units + other]! / queries.length
          : all[other * units + unit]!;
  }
  const [token = 0] = queries;
  const sum = weights.reduce((a, b) => a + b, 0);
  const entropy = -weights.reduce(
    (total, w) => (w > 0 ? total + (w / sum) * Math.log2(w / sum) : total),
    0,
  );
  const raw = readings.map({ ...selection, reading: 'raw', merge: 'tokens' });
  const share = raw[token * count]! + raw[token * count + count - 1]!;
  return {
    generation,
    token,
    weights,
    sink: direction === 'reads' ? { tokens: [0, units - 1], share } : null,
    entropy,
  };
});
handle('setSelection', (selection) => host.update({ selection }));
handle('setLocked', ({ locked }) => host.update({ locked }));
handle('setChapter', (part) => {
  if (!host.state.chapter) throw new ChannelError('notInThisModel', 'Choose the Chapter model.');
  host.update({
    chapter: readChapterSettings(part, host.state.chapter),
    generation: host.state.generation + 1,
  });
});
handle('selectModel', ({ model: id }) => {
  if (id !== 'chapter') throw new ChannelError('modelMissing', `There is no model "${id}".`);
  host.update({ chapter: readChapterSettings({}), generation: host.state.generation + 1 });
});
handle('position', (params) => syntheticPosition(model.position, params, count));
handle('positionEffect', ({ generation, encoding }) => ({
  generation,
  layers: LAYERS,
  heads: HEADS,
  totalVariation: Float32Array.from({ length: LAYERS * HEADS }, (_, index) => {
    const layer = Math.floor(index / HEADS);
    const head = index % HEADS;
    return meanTotalVariation(
      weightsOf(layer, head, null),
      weightsOf(layer, head, encoding),
      count,
    );
  }),
}));
handle('explain', ({ generation, layer, head, query, key, encoding }) => {
  const weights = weightsOf(layer, head, encoding);
  const of = (at: number): number => weights[query * count + at]!;
  const vector = (salt: number): Float32Array =>
    Float32Array.from({ length: 32 }, (_, at) => Math.sin(salt + at * 1.7) * (1 + (at % 5)) * 0.3);
  const [queryVector, keyVector] = [vector(query), vector(key + 0.3)];
  const products = queryVector.map((value, at) => value * keyVector[at]!);
  const dot = products.reduce((sum, product) => sum + product, 0);
  const scale = 1 / Math.sqrt(32);
  const logSumExp = dot * scale - Math.log(of(key));
  const strongest = Array.from({ length: count }, (_, at) => ({ key: at, weight: of(at) }))
    .sort((one, other) => other.weight - one.weight)
    .slice(0, 8)
    .map((each) => ({ ...each, score: Math.log(each.weight) + logSumExp }));
  return {
    generation,
    query: queryVector,
    key: keyVector,
    additive: null,
    products,
    dot,
    scale,
    bias: 0,
    masked: false,
    score: dot * scale,
    logSumExp,
    weight: of(key),
    valueNorm: 1.2,
    outputNorm: 2.5,
    contributionNorm: 2.5 * of(key),
    heads: Float32Array.from(
      { length: LAYERS * HEADS },
      (_, at) => weightsOf(Math.floor(at / HEADS), at % HEADS, encoding)[query * count + key]!,
    ),
    visible: count,
    strongest,
    positions: [query, key],
    before: model.position.kind === 'rope' ? { query: vector(1), key: vector(2) } : null,
    estimate:
      layer > 0 || encoding
        ? null
        : {
            method: 'nineTerms',
            of: 'score',
            position: dot * scale * 0.4,
            content: dot * scale * 0.6,
            limits: 'An estimate, made up for a test; it holds for nothing else.',
          },
  };
});
handle('positionShare', ({ generation, layer, head, query, key }) => {
  const weight = weightsOf(layer, head, null)[query * count + key]!;
  const limits = 'An estimate, made up for a test; it holds for nothing else.';
  if (layer > 0)
    return {
      generation,
      method: 'shuffledTokens',
      of: 'weight',
      weight,
      position: weight * 0.7,
      content: weight * 0.3,
      limits,
      samples: 8,
      standardError: weight * 0.05,
    };
  const terms = [3.1, 0.4, -0.2, 0.3, 1.9, 0.1, -0.6, 0.2, 0.05];
  const dot = terms.reduce((sum, term) => sum + term, 0);
  return {
    generation,
    method: 'nineTerms',
    of: 'score',
    weight,
    position: 2.3,
    content: dot - 2.3,
    limits,
    terms,
    dot,
    scale: 1,
  };
});
handle('stages', ({ generation, token, key }) => {
  if (!host.state.chapter) throw new ChannelError('notInThisModel', 'Choose the Chapter model.');
  return syntheticStages(host.state.chapter, texts, { generation, token, key });
});
handle('errata', () => ({
  errata:
    options.errata ??
    errata().map(({ number, section, title, printed, right, reason }) => ({
      number,
      section,
      title: statementText(title),
      printed: statementText(printed),
      right: statementText(right),
      reason: statementText(reason),
    })),
}));
handle('saveFile', () => ({ saved: true }));
handle('saveBundle', () => ({ saved: true }));
handle('choose', () => ({ index: 0 }));
handle('copyRow', () => undefined);
handle('showWindow', () => undefined);
handle('highlight', () => undefined);
handle('reveal', () => undefined);
handle('cancel', () => undefined);
handle('viewShown', () => undefined);
handle('chooseModel', () => undefined);
handle('restartEngine', () => undefined);

window.fakeHost = host;
window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => setTimeout(() => fromPanel(structuredClone(message))),
  getState: () => host.saved,
  setState: (state: unknown) => (host.saved = JSON.parse(JSON.stringify(state)) as unknown),
});
toPanel = (message) => window.postMessage(message, '*');
