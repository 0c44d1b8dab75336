/** The model in use: loading, ready or failed; those who need it wait here. */
import type { ChapterSettings } from '../chapter/controls';
import type { EngineReport } from '../engine/backends/engines';
import type { FetchOptions } from '../models/hub/hub';
import type { ModelManifest } from '../models/manifest';
import type { Model, NotShown } from '../protocol';
import type { Engine } from '../engine/engine';
import type { Tokenizer } from '../tokens/tokenizer';
import { RequestFailed, unlessAborted } from './errors';

/** What the analysis asks the engine. */
export type AttentionEngine = Pick<
  Engine,
  | 'analyse'
  | 'give'
  | 'forget'
  | 'row'
  | 'column'
  | 'region'
  | 'overview'
  | 'statistics'
  | 'explain'
  | 'headVectors'
  | 'compare'
  | 'stages'
  | 'positionTable'
  | 'relativeBias'
  | 'firstLayer'
>;

/** Everything that answers need. */
export interface ReadyModel {
  model: Model;
  manifest: ModelManifest;
  tokenizer: Tokenizer;
  engine: AttentionEngine;
  report: EngineReport;
  /** Parts of the model that are left out. */
  notShown?: readonly NotShown[];
  /** The controls, where it is the Chapter model. */
  chapter?: ChapterSettings;
}

/** A model by the name that settings and `selectModel` use. */
export interface WantedModel {
  id: string;
  /** For the Chapter model. */
  chapter: ChapterSettings;
  /** For one that has to be downloaded. */
  fetch?: FetchWish;
}

/** Who wants a model, and who hears how much of it has come. */
export type FetchWish = Pick<FetchOptions, 'wantedBy' | 'onProgress'>;

export interface ModelLoader {
  /** Rejects with {@link RequestFailed}. */
  load(wanted: WantedModel, signal: AbortSignal): Promise<ReadyModel>;
  /** Starts the engine again after it failed, then loads. */
  restart(wanted: WantedModel, signal: AbortSignal): Promise<ReadyModel>;
}

export type SlotState =
  { state: 'starting' } | { state: 'ready'; ready: ReadyModel } | { state: 'failed'; error: Error };

export class ModelSlot {
  readonly #loader: ModelLoader;
  readonly #onChange: (previous: ReadyModel | undefined) => void;
  #state: SlotState = { state: 'starting' };
  #current: ReadyModel | undefined;
  #settled: Promise<ReadyModel>;
  #settle: { resolve(ready: ReadyModel): void; reject(error: Error): void };
  #loads = 0;

  /** `onChange` runs after every change of state, with the model that was in use before. */
  constructor(loader: ModelLoader, onChange: (previous: ReadyModel | undefined) => void) {
    this.#loader = loader;
    this.#onChange = onChange;
    [this.#settled, this.#settle] = deferred();
  }

  get state(): SlotState {
    return this.#state;
  }

  /** The model in use; while the engine is down the one that was. */
  get current(): ReadyModel | undefined {
    return this.#current;
  }

  /** The model, as soon as it is there. Rejects when it failed to load. */
  ready(signal: AbortSignal): Promise<ReadyModel> {
    return unlessAborted(this.#settled, signal);
  }

  /** Loads a model and makes it the one in use; on failure the one in use stays. */
  load(wanted: WantedModel, signal: AbortSignal): Promise<ReadyModel> {
    return this.#take(() => this.#loader.load(wanted, signal));
  }

  /** Starts the engine again and loads the model anew. */
  restart(wanted: WantedModel, signal: AbortSignal): Promise<ReadyModel> {
    // The engine in use goes first: whoever asks meanwhile waits for the next one.
    if (this.#state.state === 'ready') this.#begin();
    return this.#take(() => this.#loader.restart(wanted, signal));
  }

  /** The model in use has another engine now, of the same numbers. */
  replace(ready: ReadyModel): void {
    if (this.#current) this.#use(ready);
  }

  /** The engine is down, or up again after a failure. */
  engineDown(message: string): void {
    this.#fail(new RequestFailed('engineDown', message));
  }

  async #take(load: () => Promise<ReadyModel>): Promise<ReadyModel> {
    const turn = ++this.#loads;
    if (this.#state.state === 'failed') this.#begin();
    try {
      const ready = await load();
      if (turn === this.#loads) this.#use(ready);
      return ready;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (turn === this.#loads && this.#state.state !== 'ready') this.#fail(failure);
      throw failure;
    }
  }

  #begin(): void {
    [this.#settled, this.#settle] = deferred();
    this.#change({ state: 'starting' });
  }

  #use(ready: ReadyModel): void {
    if (this.#state.state !== 'starting') [this.#settled, this.#settle] = deferred();
    this.#settle.resolve(ready);
    const previous = this.#current;
    this.#current = ready;
    this.#change({ state: 'ready', ready }, previous);
  }

  #fail(error: Error): void {
    if (this.#state.state !== 'starting') [this.#settled, this.#settle] = deferred();
    this.#settle.reject(error);
    this.#change({ state: 'failed', error });
  }

  #change(state: SlotState, previous = this.#current): void {
    this.#state = state;
    this.#onChange(previous);
  }
}

function deferred(): [
  Promise<ReadyModel>,
  { resolve(ready: ReadyModel): void; reject(error: Error): void },
] {
  let settle: { resolve(ready: ReadyModel): void; reject(error: Error): void } | undefined;
  const promise = new Promise<ReadyModel>((resolve, reject) => (settle = { resolve, reject }));
  // Those who ask get the rejection; nobody asking is no error.
  promise.catch(() => undefined);
  if (!settle) throw new Error('A promise runs its executor at once.');
  return [promise, settle];
}
