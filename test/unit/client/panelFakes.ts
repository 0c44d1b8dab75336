/** A server, editors and a page for the panel's host, all in hand. */
import { Channel, type Port } from '../../../channel/channel';
import type {
  AttentionServer,
  Method,
  RequestOptions,
} from '../../../client/connection/attentionServer';
import { ServerFailure } from '../../../client/connection/failure';
import type { OtherTexts } from '../../../client/compare/otherTexts';
import type { BundleSaver } from '../../../client/bundle/source';
import type { EditorView, PanelEditors, Quiet } from '../../../client/panel/editors';
import { PanelHost } from '../../../client/panel/host';
import type { ChapterSettings } from '../../../server/chapter/controls';
import {
  INITIAL_SELECTION,
  type Position,
  type Range,
  type ServerRequests,
  type Status,
} from '../../../server/protocol';
import type { ComparedText, PanelComparable } from '../../../webview/compare/protocol';
import type {
  ExportFile,
  HostSide,
  PanelPlace,
  PanelSide,
  PanelState,
} from '../../../webview/protocol';
import { english } from './english';

export const READY: Status = {
  state: 'ready',
  model: {
    id: 'tiny',
    name: 'tiny',
    architecture: 'bert',
    layers: 2,
    heads: 2,
    keyValueHeads: 2,
    width: 8,
    contextLength: 8,
    causal: false,
    position: { kind: 'learned' },
    encodingModes: ['off', 'scaled', 'shuffled', 'reversed', 'shifted', 'frozen'],
    storage: 'fp32',
    hash: 'hash',
  },
  engine: { backend: 'wasm', threads: 1, detail: '', passedOver: [] },
  selection: INITIAL_SELECTION,
  chapter: null,
  documents: [],
};

export const CHAPTER: ChapterSettings = {
  similarity: 'scaledDot',
  heads: 8,
  encoding: 'sinusoidal',
  wiring: 'formula',
  scale: 1,
  scaleVariant: 'usual',
  causal: false,
};

/** Each token is one character on line 0; a window has ten, and windows follow one another. */
const WINDOW = 10;

const numbers = (...values: number[]): string =>
  Buffer.from(Float32Array.from(values).buffer).toString('base64');

type Params = { textDocument: { uri: string }; position?: Position; token?: number };

export class FakeServer implements AttentionServer {
  status: Status | null = null;
  version = 1;
  windows = 1;
  readonly asked: { method: Method; params: Params }[] = [];
  /** Requests wait here while it is set, so that a test decides when they are answered. */
  gate: Promise<void> | null = null;
  failure: ServerFailure | null = null;
  restarted = 0;
  progress: ((share: number) => void) | undefined;
  readonly #listeners = new Set<(status: Status | null) => void>();

  async request<M extends Method>(
    method: M,
    params: ServerRequests[M]['params'],
    { signal, onProgress }: RequestOptions = {},
  ): Promise<ServerRequests[M]['result']> {
    this.asked.push({ method, params: params as Params });
    this.progress = onProgress ?? this.progress;
    if (this.gate) await Promise.race([this.gate, aborted(signal)]);
    if (signal?.aborted) throw new ServerFailure('cancelled', 'Cancelled.');
    if (this.failure) throw this.failure;
    return this.#answer(method, params as Params) as ServerRequests[M]['result'];
  }

  notify(): void {}

  onStatus(listener: (status: Status | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  restart(): Promise<void> {
    this.restarted++;
    return Promise.resolve();
  }

  tell(status: Status): void {
    this.status = status;
    for (const listener of this.#listeners) listener(status);
  }

  #answer(method: Method, params: Params): unknown {
    const character = params.position?.character ?? 0;
    const index = Math.min(Math.floor(character / WINDOW), this.windows - 1);
    const start = index * WINDOW;
    const about = {
      version: this.version,
      window: { index, count: this.windows, range: on(start, start + WINDOW) },
      model: 'hash',
    };
    switch (method) {
      case 'attentionLens/tokens':
        return {
          ...about,
          model: READY.model,
          total: WINDOW + 2,
          tokens: [
            { id: 101, text: '[CLS]', range: null },
            ...Array.from({ length: WINDOW }, (_, at) => ({
              id: at,
              text: `t${start + at}`,
              range: on(start + at, start + at + 1),
            })),
            { id: 102, text: '[SEP]', range: null },
          ],
          words: [...new Array<number>(WINDOW + 2).keys()],
        };
      case 'attentionLens/row':
        return {
          ...about,
          token: params.token,
          units: 'tokens',
          weights: numbers(0.25, 0.75),
          sink: null,
          entropy: 1,
        };
      case 'attentionLens/map':
        return { ...about, units: 'tokens', rows: 1, columns: 2, values: numbers(0.5, 0.5) };
      case 'attentionLens/overview':
        return {
          ...about,
          layers: 1,
          heads: 1,
          size: 1,
          thumbnails: Buffer.from([255]).toString('base64'),
          scales: numbers(0.5),
          statistics: {},
        };
      case 'attentionLens/statistics':
        return {
          ...about,
          layers: 1,
          heads: 2,
          statistics: { self: numbers(0.25, 0.5) },
          counted: { self: 4, induction: 0 },
          even: { self: 0.125, induction: null },
        };
      case 'attentionLens/position':
        return {
          ...about,
          scheme: { kind: 'learned' },
          positions: [0, 1],
          total: WINDOW + 2,
          positionIds: [3],
          dimensions: 2,
          matrix: numbers(0.5, -0.5),
          similarity: {
            distances: 1,
            mean: numbers(1),
            spread: numbers(0),
            smallest: numbers(1),
            largest: numbers(1),
          },
          wavelengths: null,
          angles: numbers(0.25, 0.75),
          slopes: null,
          formula: null,
          token: params.token ?? 1,
          tokenPosition: 3,
        };
      case 'attentionLens/compare':
        return {
          ...about,
          other: { version: 1, window: about.window, tokens: 3 },
          tokens: 3,
          pairs: [[0, 0]],
          layers: 1,
          heads: 2,
          totalVariation: numbers(0.125, 0.5),
          unaligned: numbers(0, 0, 0, 0),
        };
      case 'attentionLens/positionEffect':
        return { ...about, layers: 1, heads: 2, totalVariation: numbers(0.25, 0.5) };
      case 'attentionLens/explain':
        return {
          ...about,
          query: numbers(1, 2),
          key: numbers(3, -1),
          additive: null,
          products: numbers(3, -2),
          dot: 1,
          scale: 0.5,
          bias: 0,
          masked: false,
          score: 0.5,
          logSumExp: 1.5,
          weight: Math.exp(-1),
          valueNorm: 2,
          outputNorm: 3,
          contributionNorm: 3 * Math.exp(-1),
          heads: numbers(0.25, Math.exp(-1)),
          visible: 3,
          strongest: [{ key: 0, score: 0.5, weight: Math.exp(-1) }],
          positions: [1, 0],
          position: { query: numbers(0, 1), key: numbers(1, 0) },
        };
      case 'attentionLens/positionShare':
        return {
          ...about,
          method: 'nineTerms',
          of: 'score',
          weight: 0.5,
          position: 1,
          content: 2,
          limits: 'Layer 0.',
        };
      case 'attentionLens/stages':
        return {
          ...about,
          settings: CHAPTER,
          token: params.token,
          stages: [
            {
              stage: 'input',
              title: 'Input',
              tensors: [
                {
                  name: 'input',
                  title: 'Input',
                  shape: [12, 2],
                  axes: ['token', 'dimension'],
                  values: numbers(1, 2),
                  sliceShape: [2],
                  sliceAxes: ['dimension'],
                },
              ],
            },
          ],
          pair: {
            key: 0,
            heads: [
              { head: 0, similarity: 1, scaled: null, weight: 0, contribution: numbers(0, 0) },
            ],
          },
          notes: [],
        };
      case 'attentionLens/errata':
        return { errata: [] };
      case 'attentionLens/selectModel':
        return { model: READY.model };
      case 'attentionLens/setSelection':
        return { selection: params };
      default:
        throw new Error(method);
    }
  }
}

function on(start: number, end: number): Range {
  return { start: { line: 0, character: start }, end: { line: 0, character: end } };
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) =>
    signal?.addEventListener('abort', () => reject(new ServerFailure('cancelled', 'Cancelled.'))),
  );
}

export class FakeEditors implements PanelEditors {
  active: EditorView | null = view('file:///a.txt');
  readonly documents = new Map([
    ['file:///a.txt', 1],
    ['file:///b.txt', 1],
  ]);
  highlighted: unknown[] = [];
  revealed: unknown[] = [];

  current(): EditorView | null {
    return this.active;
  }
  open(uri: string): Promise<{ name: string; version: number } | null> {
    const version = this.documents.get(uri);
    return Promise.resolve(version === undefined ? null : { name: uri, version });
  }
  /** What stands in the documents, in the newest version. */
  written: string | null = null;
  textAt(uri: string, version: number): string | null {
    return this.documents.get(uri) === version ? this.written : null;
  }

  positionAt(_uri: string, share: number): Position {
    return { line: 0, character: Math.floor(share * 30) };
  }
  highlight(...tokens: unknown[]): void {
    this.highlighted = tokens;
  }
  reveal(...tokens: unknown[]): Promise<void> {
    this.revealed = tokens;
    return Promise.resolve();
  }
}

export function view(uri: string, character = 0, version = 1): EditorView {
  return { uri, name: uri.slice(8), version, cursor: { line: 0, character } };
}

/** A timer that runs out when the test says so. */
export class FakeQuiet implements Quiet {
  action: (() => void) | undefined;
  run(action: () => void): void {
    this.action = action;
  }
  cancel(): void {
    this.action = undefined;
  }
  runOut(): void {
    const { action } = this;
    this.action = undefined;
    action?.();
  }
}

/** What can be compared with: one open document, and what was saved. */
export class FakeTexts implements OtherTexts {
  readonly listed: PanelComparable = {
    documents: [{ uri: 'file:///other.txt', name: 'other.txt' }],
    saved: null,
    head: 'Not committed.',
  };

  list(): Promise<PanelComparable> {
    return Promise.resolve(this.listed);
  }

  locate(text: ComparedText, shown: string): Promise<string> {
    if (text.kind === 'document') return Promise.resolve(text.uri);
    if (text.kind === 'saved') return Promise.resolve(`saved:${shown}`);
    return Promise.reject(new ServerFailure('invalidParams', 'Not committed.'));
  }

  chooseModel(): Promise<void> {
    return Promise.resolve();
  }

  onDidChange(): { dispose(): void } {
    return { dispose: () => undefined };
  }
}
type HostCursor = HostSide['events']['cursor'];

/** A host with a page on the other side of a real channel. */
export class Stage {
  readonly server = new FakeServer();
  readonly editors = new FakeEditors();
  readonly others = new FakeTexts();
  readonly quiets: FakeQuiet[] = [];
  readonly host: PanelHost;
  readonly cursors: HostCursor[] = [];
  readonly pinned: { generation: number; tokens: number[] }[] = [];
  readonly shown: PanelPlace[] = [];
  readonly names: [name: string | null, locked: boolean][] = [];
  copied: string | null = null;
  save: (file: ExportFile) => Promise<boolean> = () => Promise.resolve(true);
  saveBundle: BundleSaver = () => Promise.resolve(true);
  page!: Channel<PanelSide, HostSide>;
  state!: PanelState;

  constructor() {
    this.host = new PanelHost({
      server: this.server,
      editors: this.editors,
      others: this.others,
      translate: english,
      strings: { word: 'Wort' },
      selection: () => ({
        ...INITIAL_SELECTION,
        layer: 1,
        head: null,
        reading: 'raw',
        encoding: null,
      }),
      saveFile: (file) => this.save(file),
      saveBundle: (source, signal) => this.saveBundle(source, signal),
      choose: () => Promise.resolve(0),
      chooseModel: () => undefined,
      chooseSource: () => undefined,
      copy: (text) => {
        this.copied = text;
        return Promise.resolve();
      },
      named: (...name) => this.names.push(name),
      quiet: () => {
        const quiet = new FakeQuiet();
        this.quiets.push(quiet);
        return quiet;
      },
    });
  }

  /** Loads the page; returns what `hello` gave. */
  async load(saved: unknown = undefined): Promise<HostSide['methods']['hello']['result']> {
    const [hostPort, pagePort] = ports();
    this.host.serve(new Channel(hostPort));
    this.page = new Channel(pagePort);
    this.page.on('state', (state) => (this.state = state));
    this.page.on('cursor', (cursor) => this.cursors.push(cursor));
    this.page.on('pinned', (pinned) => this.pinned.push(pinned));
    this.page.on('show', (place) => this.shown.push(place));
    const hello = await this.page.request('hello', { saved });
    this.state = hello.state;
    return hello;
  }

  /** Server is ready, page loaded, the first analysis done. */
  async ready(): Promise<this> {
    this.server.status = READY;
    await this.load();
    await settled();
    return this;
  }

  /** Waits out the timers of the moment. */
  async quiet(): Promise<void> {
    for (const quiet of this.quiets) quiet.runOut();
    await settled();
  }
}

/** All that needs no timer has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}

function ports(): [Port, Port] {
  const receivers: ((message: unknown) => void)[] = [];
  const make = (mine: number, other: number): Port => ({
    post: (message) => {
      const copy = structuredClone(message);
      queueMicrotask(() => receivers[other]?.(copy));
    },
    listen: (receive) => {
      receivers[mine] = receive;
    },
  });
  return [make(0, 1), make(1, 0)];
}
