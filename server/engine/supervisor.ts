/**
 * Keeps a worker alive that may crash or hang. It is restarted once, with the model in
 * use, and calls under way are made again. A second failure within a minute leaves the
 * engine down until somebody restarts it.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { Deferred } from './deferred';
import { Generation, WORKER_LOST } from './generation';
import { until } from './until';
import type { Clock } from './clock';
import type { StartWorker } from './engineWorker';
import type { Loss } from './generation';
import type { LoadParams, LoadReport } from './protocol';

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
  /** What computes could not run the model; the call that found out fails once this resolves. */
  onBackendFailed?: (error: ChannelError) => Promise<void>;
}

/** A worker that has loaded the model in use, and what it said about it. */
export interface Loaded {
  generation: Generation;
  report: LoadReport;
}

export class Supervisor {
  readonly #options: EngineOptions;
  readonly #listeners = new Set<(state: EngineState) => void>();
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

  /** The worker that lives now, if one does. */
  get generation(): Generation | undefined {
    return this.#generation;
  }

  /** Returns the function that stops listening. */
  onDidChangeState(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Loads a model, and only then lets the one before and its windows go: `onTaken` is
   * called before anything is asked of the new one. Fails as the engine's `load`.
   */
  async load(params: LoadParams, onTaken: () => void, signal?: AbortSignal): Promise<LoadReport> {
    if (this.#down) this.#startAgain();
    this.#wanted = params;
    if (!this.#model) this.#tell({ state: 'starting' });
    try {
      const loaded = await this.#loadSomewhere(params, signal);
      this.#model = params;
      onTaken();
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

  /** Starts afresh with the model in use; undefined where there is none. Fails as {@link load}. */
  async restart(): Promise<LoadReport | undefined> {
    this.#startAgain();
    return this.#model && (await this.#ready.promise).report;
  }

  /** The last model asked for, whether it could be loaded or not. */
  get wanted(): LoadParams | undefined {
    return this.#wanted;
  }

  /** Ends the worker; everything pending and later fails with `closed`. */
  dispose(): void {
    this.#listeners.clear();
    this.#goDown(new ChannelError('closed', l10n.t('Attention Lens is shutting down.')));
  }

  /** Attempts again with the next worker as long as the worker is lost meanwhile. */
  async survive<T>(
    attempt: (generation: Generation) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    for (;;) {
      try {
        const { generation } = await until(this.#ready.promise, signal);
        return await attempt(generation);
      } catch (error) {
        if (isBackendsFault(error)) await this.#options.onBackendFailed?.(error);
        if (!ChannelError.is(error, WORKER_LOST)) throw error;
      }
    }
  }

  /** As {@link survive}, for the load itself, which waits for no other. */
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

/** What computes broke down; the model itself may be fine. */
function isBackendsFault(error: unknown): error is ChannelError {
  return ChannelError.is(error, 'backendFailed') || ChannelError.is(error, 'engineDown');
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
