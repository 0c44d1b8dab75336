/**
 * The engine as the server sees it: calls that survive a worker that crashes or
 * hangs. The worker is restarted once: the model is loaded again, windows are
 * analysed again when something is asked of them, and calls under way are made
 * again. A second failure within a minute leaves the engine down until somebody
 * restarts it.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { Deferred } from './deferred';
import { Generation, WORKER_LOST } from './generation';
import { until } from './until';
import type { Clock } from './clock';
import type { StartWorker } from './engineWorker';
import type { KnownWindow, Loss, Params, Progress, Result } from './generation';
import type {
  AnalyseParams,
  ExplainAnswer,
  ExplainParams,
  FirstLayerAnswer,
  FirstLayerParams,
  GiveParams,
  LoadParams,
  LoadReport,
  OverviewAnswer,
  OverviewParams,
  PositionTableAnswer,
  RegionParams,
  RowAnswer,
  RowParams,
  Slice,
  SliceParams,
  StatisticsAnswer,
  StatisticsParams,
} from './protocol';

/** Failing twice within this time means that a restart does not help. */
export const RESTART_WINDOW_MS = 60_000;

export interface EngineState {
  state: 'starting' | 'ready' | 'failed';
  /** One line for a person, when there is something to say. */
  message?: string;
}

export interface EngineOptions {
  startWorker: StartWorker;
  clock: Clock;
  /** Receives lines without any text of a document. */
  log: (line: string) => void;
}

export interface CallOptions {
  /** Its abort rejects the call at once with reason `cancelled`. */
  signal?: AbortSignal;
}

type Reader =
  'row' | 'column' | 'region' | 'overview' | 'statistics' | 'explain' | 'compare' | 'stages';

/** A worker that has loaded the model in use, and what it said about it. */
interface Loaded {
  generation: Generation;
  report: LoadReport;
}

export class Engine {
  readonly #options: EngineOptions;
  readonly #listeners = new Set<(state: EngineState) => void>();
  /** Windows of the model in use, as they were asked for; a new worker has to come by them again. */
  readonly #windows = new Map<string, KnownWindow>();
  #state: EngineState = { state: 'starting' };
  /** The model in use. */
  #model: LoadParams | undefined;
  /** The last model asked for, whether it could be loaded or not. */
  #wanted: LoadParams | undefined;
  #generation: Generation | undefined;
  /** Resolves with the worker that has loaded the model in use; rejects when there will be none. */
  #ready = new Deferred<Loaded>();
  #down: Error | undefined;
  #lastLoss = -Infinity;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Returns the function that stops listening. */
  onDidChangeState(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Loads a model, checks it, and only then lets the one before and its windows
   * go. Fails with `modelMissing`, `modelRefused`, `backendUnavailable`,
   * `engineDown`, `cancelled` or `closed`; a model before stays in use. An engine
   * that is down is started again.
   */
  async load(params: LoadParams, { signal }: CallOptions = {}): Promise<LoadReport> {
    if (this.#down) this.#startAgain();
    this.#wanted = params;
    if (!this.#model) this.#tell({ state: 'starting' });
    try {
      const loaded = await this.#loadSomewhere(params, signal);
      this.#model = params;
      this.#windows.clear();
      loaded.generation.forget();
      this.#ready.resolve(loaded);
      this.#tell({ state: 'ready' });
      return loaded.report;
    } catch (error) {
      this.#logFailure(error);
      if (!this.#model && !this.#down && !ChannelError.is(error, 'cancelled')) {
        this.#goDown(asError(error));
      }
      throw error;
    }
  }

  /**
   * Analyses a window; the same name again replaces it. Fails with `tooLong`,
   * `modelRefused`, `cancelled`, `engineDown` or `closed`. Waits for the first load.
   */
  analyse(
    params: AnalyseParams,
    { signal, onProgress }: CallOptions & { onProgress?: Progress } = {},
  ): Promise<{ tokens: number }> {
    return this.#obtain({ method: 'analyse', params }, signal, onProgress);
  }

  /** Takes in a window whose tensors are given; the same name again replaces it. Fails as {@link analyse}, and with `badRequest`. */
  give(params: GiveParams, { signal }: CallOptions = {}): Promise<{ tokens: number }> {
    return this.#obtain({ method: 'give', params }, signal);
  }

  /**
   * What one token reads. This and the following fail with `unknownWindow`,
   * `badRequest`, `notInThisModel`, `cancelled`, `engineDown` or `closed`.
   */
  row(params: RowParams, options?: CallOptions): Promise<RowAnswer> {
    return this.#read('row', params, options);
  }

  /** Who reads one token: a column as it stands; its sink is null. */
  column(params: RowParams, options?: CallOptions): Promise<RowAnswer> {
    return this.#read('column', params, options);
  }

  /** A rectangle of the map, pooled to rows × columns: float32 [row, column]. */
  region(params: RegionParams, options?: CallOptions): Promise<{ values: Float32Array }> {
    return this.#read('region', params, options);
  }

  /** Every head's whole map as a thumbnail of size × size bytes. */
  overview(params: OverviewParams, options?: CallOptions): Promise<OverviewAnswer> {
    return this.#read('overview', params, options);
  }

  /** What each head does, in numbers: by name float32 [layer, head]. */
  statistics(params: StatisticsParams, options?: CallOptions): Promise<StatisticsAnswer> {
    return this.#read('statistics', params, options);
  }

  /** One weight of one head, with all that it is computed from. */
  explain(params: ExplainParams, options?: CallOptions): Promise<ExplainAnswer> {
    return this.#read('explain', params, options);
  }

  /** How far two windows' rows are apart: float32 [layer, head], mean total variation. */
  compare(
    params: { window: string; other: string },
    options?: CallOptions,
  ): Promise<{ totalVariation: Float32Array }> {
    return this.#read('compare', params, options);
  }

  /** Named tensors of the graph for an analysed window, each cut as asked, in the order asked. */
  stages(
    params: { window: string; slices: SliceParams[] },
    options?: CallOptions,
  ): Promise<{ slices: Slice[] }> {
    return this.#read('stages', params, options);
  }

  /** The learned position table; fails with `notInThisModel` where there is none. */
  positionTable({ signal }: CallOptions = {}): Promise<PositionTableAnswer> {
    return this.#survive(signal, (generation) => generation.call('positionTable', {}, signal));
  }

  /** What the first layer's queries and keys are made of; fails with `notInThisModel` or `badRequest`. */
  firstLayer(params: FirstLayerParams, { signal }: CallOptions = {}): Promise<FirstLayerAnswer> {
    return this.#survive(signal, (generation) => generation.call('firstLayer', params, signal));
  }

  /**
   * Lets windows go; unknown names are ignored. An analysis under way is not
   * stopped by it: cancel that first.
   */
  forget(windows: string[]): Promise<void> {
    for (const window of windows) this.#windows.delete(window);
    this.#drop(windows);
    return Promise.resolve();
  }

  /** Starts afresh, with the model in use or else the last one asked for. Fails as {@link load}. */
  async restart(): Promise<LoadReport> {
    this.#startAgain();
    if (this.#model) return (await this.#ready.promise).report;
    if (this.#wanted) return this.load(this.#wanted);
    throw new ChannelError('modelMissing', l10n.t('No model is loaded.'));
  }

  /** Ends the worker; everything pending and later fails with `closed`. */
  dispose(): void {
    this.#listeners.clear();
    this.#goDown(new ChannelError('closed', l10n.t('Attention Lens is shutting down.')));
  }

  /** A worker that is lost has forgotten all by itself, so nothing can go wrong. */
  #drop(windows: string[]): void {
    this.#generation?.forget(windows);
    this.#generation?.call('forget', { windows }).catch(() => undefined);
  }

  /** Has a window analysed or taken in, and remembers how. */
  async #obtain(
    known: KnownWindow,
    signal?: AbortSignal,
    onProgress?: Progress,
  ): Promise<{ tokens: number }> {
    const { window } = known.params;
    try {
      const answer = await this.#survive(signal, (generation) =>
        generation.obtain(known, signal, onProgress),
      );
      this.#windows.set(window, known);
      return answer;
    } catch (error) {
      // A cancellation that came too late for the worker leaves a window nobody knows of.
      if (ChannelError.is(error, 'cancelled') && !this.#windows.has(window)) this.#drop([window]);
      throw error;
    }
  }

  #read<M extends Reader>(
    method: M,
    params: Params<M>,
    { signal }: CallOptions = {},
  ): Promise<Result<M>> {
    const names = 'other' in params ? [params.window, params.other] : [params.window];
    return this.#survive(signal, async (generation) => {
      for (const name of names) {
        const window = this.#windows.get(name);
        if (window) await until(generation.ensure(window), signal);
      }
      return generation.call(method, params, signal);
    });
  }

  /** Attempts again with the next worker as long as the worker is lost meanwhile. */
  async #survive<T>(
    signal: AbortSignal | undefined,
    attempt: (generation: Generation) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const { generation } = await until(this.#ready.promise, signal);
      try {
        return await attempt(generation);
      } catch (error) {
        if (!ChannelError.is(error, WORKER_LOST)) throw error;
      }
    }
  }

  /** As {@link #survive}, for the load itself, which waits for no other. */
  async #loadSomewhere(params: LoadParams, signal: AbortSignal | undefined): Promise<Loaded> {
    for (;;) {
      if (this.#down) throw this.#down;
      const generation = this.#generation ?? this.#start();
      try {
        return { generation, report: await generation.call('load', params, signal) };
      } catch (error) {
        if (!ChannelError.is(error, WORKER_LOST)) throw error;
      }
    }
  }

  /** Fails with `engineDown` where no worker can be started at all. */
  #start(): Generation {
    const { startWorker, clock } = this.#options;
    try {
      const generation: Generation = new Generation(startWorker(), clock, (loss, why) => {
        if (generation === this.#generation) this.#onLost(loss, why);
      });
      this.#generation = generation;
      return generation;
    } catch (error) {
      throw new ChannelError(
        'engineDown',
        l10n.t('The attention engine could not be started: {0}', asError(error).message),
      );
    }
  }

  /** A new worker for the model in use. */
  #startWith(model: LoadParams): void {
    try {
      void this.#reload(this.#start(), model);
    } catch (error) {
      this.#goDown(asError(error));
    }
  }

  async #reload(generation: Generation, model: LoadParams): Promise<void> {
    try {
      const report = await generation.call('load', model);
      this.#ready.resolve({ generation, report });
      this.#tell({ state: 'ready', message: l10n.t('The attention engine was restarted.') });
    } catch (error) {
      if (!ChannelError.is(error, WORKER_LOST)) this.#goDown(asError(error));
    }
  }

  #onLost(loss: Loss, why: string): void {
    const { clock, log } = this.#options;
    log(`The engine's worker is lost: ${why}.`);
    const again = clock.now() - this.#lastLoss < RESTART_WINDOW_MS;
    this.#lastLoss = clock.now();
    this.#generation = undefined;
    if (again) {
      this.#goDown(new ChannelError('engineDown', downSentence()));
      return;
    }
    this.#renewReady();
    this.#tell({ state: 'starting', message: lossSentence(loss) });
    // Without a model in use a load is under way, which starts its next worker itself.
    if (this.#model) this.#startWith(this.#model);
  }

  /** Nothing is answered from now on, until {@link #startAgain}. */
  #goDown(error: Error): void {
    this.#down = error;
    this.#generation?.end();
    this.#generation = undefined;
    this.#renewReady();
    this.#ready.reject(error);
    this.#tell({ state: 'failed', message: error.message });
  }

  /** Lets the worker go if there is one, forgives what was, and starts over with the model in use. */
  #startAgain(): void {
    if (ChannelError.is(this.#down, 'closed')) throw this.#down;
    const generation = this.#generation;
    this.#generation = undefined;
    this.#down = undefined;
    this.#lastLoss = -Infinity;
    this.#renewReady();
    generation?.end();
    if (!this.#model) return;
    this.#tell({ state: 'starting' });
    this.#startWith(this.#model);
  }

  /** Who still waits for the worker before waits for the next one instead. */
  #renewReady(): void {
    const before = this.#ready;
    this.#ready = new Deferred();
    before.resolve(this.#ready.promise);
  }

  /** What the runtime itself said is for the log; the sentence for a person leaves it out. */
  #logFailure(error: unknown): void {
    const data: unknown = error instanceof ChannelError ? error.data : undefined;
    if (typeof data === 'object' && data !== null && 'detail' in data) {
      this.#options.log(`The model could not be loaded: ${String(data.detail)}`);
    }
  }

  #tell(state: EngineState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}

function lossSentence(loss: Loss): string {
  return loss === 'silent'
    ? l10n.t('The attention engine stopped answering and is being restarted.')
    : l10n.t('The attention engine stopped unexpectedly and is being restarted.');
}

function downSentence(): string {
  return l10n.t(
    'The attention engine stopped twice within a minute and stays off. Restart it to go on.',
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
