/** A tokenizer and an engine whose answers can be worked out by hand. */
import type { Clock } from '../../../server/engine/clock';
import type { LensHost } from '../../../server/analysis/lens';
import type { AttentionEngine, ModelLoader, ReadyModel } from '../../../server/analysis/modelSlot';
import { DEFAULT_SETTINGS } from '../../../server/analysis/settings';
import type { Scheduler } from '../../../server/analysis/tokenized';
import { ChannelError } from '../../../channel/channel';
import { Groups } from '../../../server/engine/groups';
import type { AnalyseParams, RegionParams, RowParams } from '../../../server/engine/protocol';
import type { ModelManifest, ScoreRule } from '../../../server/models/manifest';
import type { Model } from '../../../server/protocol';
import type { Encoding, Tokenizer } from '../../../server/tokens/tokenizer';

export const CLS = 1;
export const SEP = 2;
const FIRST_ID = 3;
const PIECE_UNITS = 4;

/** Words are what stands between white space; their pieces have up to four units. */
export class FakeTokenizer implements Tokenizer {
  readonly vocabularySize = 1_000_000;
  readonly template = { before: [CLS], after: [SEP] };
  /** UTF-16 units encoded so far. */
  encoded = 0;
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map([
    [CLS, '[CLS]'],
    [SEP, '[SEP]'],
  ]);

  encode(text: string): Encoding {
    this.encoded += text.length;
    const list: Record<keyof Encoding, number[]> = { ids: [], starts: [], ends: [], words: [] };
    let word = 0;
    for (const match of text.matchAll(/\S+/g)) {
      for (let at = 0; at < match[0].length; at += PIECE_UNITS) {
        const piece = match[0].slice(at, at + PIECE_UNITS);
        list.ids.push(this.#idOf(piece));
        list.starts.push(match.index + at);
        list.ends.push(match.index + at + piece.length);
        list.words.push(word);
      }
      word++;
    }
    return {
      ids: Int32Array.from(list.ids),
      starts: Int32Array.from(list.starts),
      ends: Int32Array.from(list.ends),
      words: Int32Array.from(list.words),
    };
  }

  tokenText(id: number): string {
    return this.#texts.get(id) ?? '?';
  }

  lastCut(text: string, from: number, to: number): number {
    for (let cut = to; cut > from; cut--) if (/\s/.test(text.charAt(cut - 1))) return cut;
    return -1;
  }

  #idOf(piece: string): number {
    let id = this.#ids.get(piece);
    if (id === undefined) {
      id = FIRST_ID + this.#ids.size;
      this.#ids.set(piece, id);
      this.#texts.set(id, piece);
    }
    return id;
  }
}

/** Time that stands still; a pause is one turn of the event loop. */
export const scheduler: Scheduler = {
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
};

interface Job {
  params: AnalyseParams;
  finish(): void;
  aborted: boolean;
}

/**
 * Every token gives half its weight to the first token and shares the rest evenly.
 * With `manual`, analyses wait for `finish`; with `layers`, so many of their layers are there by then.
 */
export class FakeEngine implements AttentionEngine {
  readonly statisticsAsked: Parameters<AttentionEngine['statistics']>[0][] = [];
  readonly jobs: Job[] = [];
  readonly held = new Map<string, AnalyseParams>();
  manual = false;
  layers = 0;
  #changed: () => void = () => undefined;

  analyse: AttentionEngine['analyse'] = (params, { signal, onProgress } = {}) =>
    new Promise((resolve, reject) => {
      const job: Job = {
        params,
        aborted: false,
        finish: () => {
          this.held.set(params.window, params);
          onProgress?.({ done: 1, total: 1 });
          resolve({ tokens: params.ids.length });
        },
      };
      signal?.addEventListener('abort', () => {
        job.aborted = true;
        this.#changed();
        reject(new ChannelError('cancelled', 'cancelled'));
      });
      this.jobs.push(job);
      this.#changed();
      if (!this.manual) job.finish();
    });

  /** What rows, columns and regions were asked for, in order. */
  readonly asked: (RowParams | RegionParams)[] = [];

  row: AttentionEngine['row'] = (params) =>
    this.#withLayer(params, ({ ids, specialTokens }) => {
      this.asked.push(params);
      const weights = new Float32Array(ids.length).fill(0.5 / (ids.length - 1));
      weights[0] = 0.5;
      const share = specialTokens.reduce((sum, special) => sum + (weights[special] ?? 0), 0);
      const groups = Groups.of(ids.length, params.groups);
      return { weights: groups.sumKeys(weights), sink: { tokens: specialTokens, share } };
    });

  column: AttentionEngine['column'] = (params) =>
    this.#withLayer(params, ({ ids }) => {
      this.asked.push(params);
      const { token, end = token + 1 } = params;
      const weights = new Float32Array(ids.length).fill(0.25 * (end - token));
      return { weights: Groups.of(ids.length, params.groups).meanQueries(weights), sink: null };
    });

  region: AttentionEngine['region'] = (params) =>
    this.#withLayer(params, () => {
      this.asked.push(params);
      return { values: new Float32Array(params.rows * params.columns) };
    });

  overview: AttentionEngine['overview'] = ({ window, size }) =>
    this.#with(window, () => ({
      thumbnails: new Uint8Array(2 * 3 * size * size),
      scales: new Float32Array(2 * 3),
    }));

  /** Every head's self-attention is its number, in tenths, over the queries that count. */
  statistics: AttentionEngine['statistics'] = (params) =>
    this.#with(params.window, ({ ids }) => {
      this.statisticsAsked.push(params);
      const [start, end] = params.queries ?? [0, ids.length];
      return {
        statistics: { self: Float32Array.from({ length: 2 * 3 }, (_, head) => head / 10) },
        counted: { self: end - start, induction: 0 },
        even: { self: 1 / ids.length, induction: NaN },
      };
    });

  give: AttentionEngine['give'] = ({ window, tokens, specialTokens, positions, positionScale }) => {
    const ids = Int32Array.from({ length: tokens }, (_, token) => token);
    this.held.set(window, { window, ids, specialTokens, positions, positionScale });
    return Promise.resolve({ tokens });
  };

  /** Every score is 0. */
  explain: AttentionEngine['explain'] = ({ window }) =>
    this.#with(window, ({ ids }) => ({
      query: new Float32Array(4),
      key: new Float32Array(4),
      additive: null,
      products: new Float64Array(4),
      dot: 0,
      scale: 0.5,
      cap: null,
      sink: null,
      bias: 0,
      masked: false,
      scores: new Float64Array(ids.length),
      logSumExp: Math.log(ids.length),
      weight: 1 / ids.length,
      valueNorm: 1,
      outputNorm: null,
      contributionNorm: null,
      heads: new Float32Array(2 * 3).fill(1 / ids.length),
    }));

  /** Every head is as far from itself as its number says, in tenths. */
  compare: AttentionEngine['compare'] = ({ window, other }) =>
    this.#with(window, () =>
      this.#with(other, () => ({
        totalVariation: Float32Array.from({ length: 2 * 3 }, (_, head) => head / 10),
        unaligned: new Float32Array(2 * 2 * 3),
      })),
    ).then((answer) => answer);

  stages: AttentionEngine['stages'] = ({ window, slices }) =>
    this.#with(window, () => ({
      slices: slices.map(() => ({ shape: [1], values: new Float32Array(1) })),
    }));

  /** Position p has p + 1 in every place. */
  positionTable: AttentionEngine['positionTable'] = () =>
    Promise.resolve({
      positions: 32,
      width: 12,
      table: Float32Array.from({ length: 32 * 12 }, (_, cell) => 1 + Math.floor(cell / 12)),
    });

  headVectors: AttentionEngine['headVectors'] = ({ window }) =>
    this.#with(window, ({ ids }) => ({
      query: new Float32Array(4 * ids.length),
      key: new Float32Array(4 * ids.length),
    }));

  relativeBias: AttentionEngine['relativeBias'] = () =>
    Promise.reject(new ChannelError('notInThisModel', 'No layer adds any.'));

  firstLayer: AttentionEngine['firstLayer'] = () =>
    Promise.reject(new ChannelError('notInThisModel', 'Nothing is known of it.'));

  forget: AttentionEngine['forget'] = (windows) => {
    for (const window of windows) this.held.delete(window);
    return Promise.resolve();
  };

  /** Resolves when the jobs satisfy `test`. */
  until(test: (jobs: Job[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = () => test(this.jobs) && resolve();
      this.#changed();
    });
  }

  #withLayer<T>(
    { window, layer }: RowParams | RegionParams,
    answer: (params: AnalyseParams) => T,
  ): Promise<T> {
    const job = this.jobs.findLast(({ params }) => params.window === window);
    const isThere = job && !job.aborted && layer !== null && layer < this.layers;
    return isThere ? Promise.resolve(answer(job.params)) : this.#with(window, answer);
  }

  #with<T>(window: string, answer: (params: AnalyseParams) => T): Promise<T> {
    const params = this.held.get(window);
    if (!params) return Promise.reject(new ChannelError('unknownWindow', 'Not analysed.'));
    return Promise.resolve(answer(params));
  }
}

export function fakeModel(contextLength = 32): Model {
  return {
    id: 'fake',
    name: 'Fake',
    architecture: 'fake',
    layers: 2,
    heads: 3,
    keyValueHeads: 3,
    width: 12,
    contextLength,
    causal: false,
    position: { kind: 'none' },
    encodingModes: [],
    storage: 'fp32',
    hash: 'fake-hash',
  };
}

export function fakeReady(engine: FakeEngine, contextLength = 32): ReadyModel {
  const sizes = { layers: 2, heads: 3, keyValueHeads: 3, headSize: 4 };
  const taps = [{ output: null }, { output: null }];
  const score: ScoreRule = { kind: 'dot', scale: 0.5, bias: { causal: false } };
  const manifest = { ...sizes, taps, score } as Partial<ModelManifest> as ModelManifest;
  return {
    model: fakeModel(contextLength),
    manifest,
    tokenizer: new FakeTokenizer(),
    engine,
    report: { backend: 'wasm', threads: 1, detail: 'fake', probeError: 0, passedOver: [] },
  };
}

/** Time that passes when it is told to; what is due then happens in its order. */
export class FakeClock implements Clock {
  #now = 0;
  #due: { at: number; then: () => void }[] = [];

  now = (): number => this.#now;

  after(delayMs: number, then: () => void): () => void {
    const timer = { at: this.#now + delayMs, then };
    this.#due.push(timer);
    return () => (this.#due = this.#due.filter((other) => other !== timer));
  }

  /** Whether anything is waited for. */
  get waits(): boolean {
    return this.#due.length > 0;
  }

  /** Lets time pass; after each thing that happens, promises that are settled go on. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await scheduler.pause();
      const [next] = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      this.#due = this.#due.filter((timer) => timer !== next);
      next.then();
    }
    this.#now = end;
  }
}

/** A host whose model is there as soon as it is asked for. */
export function fakeHost(ready: ReadyModel, more: Partial<LensHost> = {}): LensHost {
  const loader: ModelLoader = {
    load: () => Promise.resolve(ready),
    restart: () => Promise.resolve(ready),
  };
  return {
    scheduler,
    clock: new FakeClock(),
    loader,
    settings: structuredClone(DEFAULT_SETTINGS),
    onDidChangeStatus: () => undefined,
    ...more,
  };
}
