/**
 * The engine on the best backend there is. A model is opened on the processor, so
 * that the first answer comes soon. Then, beside it and in a worker of its own,
 * WebAssembly computes the same tokens: a backend that disagrees is dropped, and the
 * graphics card, which is often wrong without saying so, is let in only after it
 * agreed. What fails while it runs is followed by the next backend.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../../channel/channel';
import { Engine } from '../engine';
import { startingOrder, triesGpu } from './order';
import { largestDifference, PARITY_TOLERANCE, passTime } from './parity';
import type { BackendChoice, BackendName, PassedOver } from './backend';
import type { Clock } from '../clock';
import type { EngineState } from '../supervisor';
import type { StartWorker } from '../engineWorker';
import type { LoadParams, LoadReport } from '../protocol';

/** A model, whatever computes it. */
export type ModelParams = Omit<LoadParams, 'backend' | 'threads' | 'runtime'>;

/** What the settings ask for. */
export interface EngineWish {
  backend: BackendChoice;
  /** 0 leaves it to the backend. */
  threads: number;
}

export interface EngineReport extends LoadReport {
  /** What was to compute and does not; grows while the engine is in use. */
  passedOver: readonly PassedOver[];
}

export interface OpenEngine {
  engine: Engine;
  report: EngineReport;
}

export interface EnginesHost {
  startWorker: StartWorker;
  /** What this platform may have. */
  present: readonly BackendName[];
  /** What the backend needs and cannot find beside the engine. */
  runtime(backend: BackendName): Promise<LoadParams['runtime']>;
  clock: Clock;
  /** Receives lines without any text of a document. */
  log: (line: string) => void;
  /** Of the engine in use. */
  onState(state: EngineState): void;
  /** Another engine has the model now; the one before ends. */
  onReplaced(opened: OpenEngine): void;
}

/** An engine that has loaded a model. */
interface Opened {
  engine: Engine;
  report: LoadReport;
  params: ModelParams;
  wish: EngineWish;
}

/** The check waits until the first answers are given. */
export const CHECK_DELAY_MS = 2000;

export class Engines {
  readonly #host: EnginesHost;
  readonly #passedOver: PassedOver[] = [];
  /** What was checked and found right. */
  readonly #checked = new Set<string>();
  #current: Opened | undefined;
  #check = new AbortController();
  #fallingBack: Promise<void> | undefined;
  #disposed = false;

  constructor(host: EnginesHost) {
    this.#host = host;
  }

  /**
   * Loads a model. Where another backend or number of threads is asked for, it opens
   * beside the one in use. Fails as {@link Engine.load} does on the last backend;
   * the engine in use stays.
   */
  async load(params: ModelParams, wish: EngineWish, signal: AbortSignal): Promise<OpenEngine> {
    this.#check.abort();
    await this.#fallingBack;
    const before = this.#current;
    if (before && (before.wish.backend !== wish.backend || before.wish.threads !== wish.threads))
      this.#passedOver.length = 0;
    this.#noteAbsent(wish);
    const first =
      (await this.#again(params, wish, signal)) ?? (await this.#open(params, wish, signal));
    const opened = await this.#withMostLayers(first, signal);
    this.#use(opened);
    return this.#openEngine(opened);
  }

  /** Ends all engines. */
  dispose(): void {
    this.#disposed = true;
    this.#check.abort();
    this.#current?.engine.dispose();
    this.#current = undefined;
  }

  /** By the engine in use, if it is what is asked for and not the graphics card, which is checked anew. */
  async #again(
    params: ModelParams,
    wish: EngineWish,
    signal: AbortSignal,
  ): Promise<Opened | undefined> {
    const current = this.#current;
    if (!current || current.report.backend === 'webgpu') return undefined;
    const { backend, threads } = current.wish;
    if (backend !== wish.backend || threads !== wish.threads) return undefined;
    try {
      const name = current.report.backend;
      const report = await current.engine.load(await this.#on(name, params, wish), { signal });
      return { ...current, report, params };
    } catch (error) {
      if (current.report.backend === 'wasm' || !isBackendsFault(error)) throw error;
      this.#drop(current.report.backend, error);
      return undefined;
    }
  }

  /** On the first backend that takes it. */
  async #open(params: ModelParams, wish: EngineWish, signal: AbortSignal): Promise<Opened> {
    const order = startingOrder(wish.backend, this.#host.present).filter(
      (name) => !this.#isDropped(name),
    );
    for (const name of order.slice(0, -1)) {
      try {
        return await this.#openOn(name, params, wish, signal);
      } catch (error) {
        if (!isBackendsFault(error)) throw error;
        this.#drop(name, error);
      }
    }
    return this.#openOn(order.at(-1) ?? 'wasm', params, wish, signal);
  }

  /**
   * Where layers did not pass the check at load, WebAssembly is asked too: if they pass
   * there, the backend was wrong and not the model.
   */
  async #withMostLayers(opened: Opened, signal: AbortSignal): Promise<Opened> {
    const { report, params, wish } = opened;
    const known = params.manifest.leftOut?.length ?? 0;
    if (report.backend === 'wasm' || (report.leftOut?.length ?? 0) === known) return opened;
    const reference = await this.#openOn('wasm', params, wish, signal);
    if (sameLayers(reference.report, report)) {
      reference.engine.dispose();
      return opened;
    }
    this.#drop(report.backend, new Error(report.leftOut?.[0]?.reason));
    if (opened.engine !== this.#current?.engine) opened.engine.dispose();
    return reference;
  }

  async #openOn(
    name: BackendName,
    params: ModelParams,
    wish: EngineWish,
    signal: AbortSignal,
  ): Promise<Opened> {
    const { startWorker, clock, log } = this.#host;
    const engine: Engine = new Engine({
      startWorker,
      clock,
      log,
      onBackendFailed: (error) => this.#fallBackFrom(engine, error),
    });
    try {
      const report = await engine.load(await this.#on(name, params, wish), { signal });
      engine.onDidChangeState((state) => this.#onState(engine, state));
      return { engine, report, params, wish };
    } catch (error) {
      engine.dispose();
      throw error;
    }
  }

  async #on(name: BackendName, params: ModelParams, wish: EngineWish): Promise<LoadParams> {
    const runtime = await this.#host.runtime(name);
    return { ...params, backend: name, threads: wish.threads, runtime };
  }

  #use(opened: Opened): void {
    const before = this.#current;
    if (this.#disposed) {
      opened.engine.dispose();
      throw new ChannelError('closed', l10n.t('Attention Lens is shutting down.'));
    }
    this.#current = opened;
    if (before && before.engine !== opened.engine) this.#retire(before.engine);
    this.#scheduleCheck(opened);
  }

  /** After those who ask it have been told of the next. */
  #retire(engine: Engine): void {
    this.#host.clock.after(0, () => engine.dispose());
  }

  #replaceBy(opened: Opened): void {
    this.#use(opened);
    this.#host.onReplaced(this.#openEngine(opened));
  }

  #onState(engine: Engine, state: EngineState): void {
    if (engine !== this.#current?.engine) return;
    const { backend } = this.#current.report;
    if (state.state !== 'failed' || backend === 'wasm') this.#host.onState(state);
    else void this.#fallBackFrom(engine, new Error(state.message));
  }

  /** Resolves when the next backend has the model, or none can have it. */
  #fallBackFrom(engine: Engine, error: Error): Promise<void> {
    const failed = this.#current;
    if (failed?.engine !== engine || failed.report.backend === 'wasm')
      return this.#fallingBack ?? Promise.resolve();
    this.#fallingBack ??= this.#fallBack(failed, error).finally(
      () => (this.#fallingBack = undefined),
    );
    return this.#fallingBack;
  }

  async #fallBack({ report, params, wish }: Opened, error: Error): Promise<void> {
    this.#check.abort();
    this.#drop(report.backend, error);
    this.#host.onState({ state: 'starting', message: error.message });
    try {
      this.#replaceBy(await this.#open(params, wish, new AbortController().signal));
    } catch (failure) {
      const message = failure instanceof Error ? failure.message : String(failure);
      this.#host.onState({ state: 'failed', message });
    }
  }

  #scheduleCheck(opened: Opened): void {
    this.#check.abort();
    this.#check = new AbortController();
    const { signal } = this.#check;
    const asked = opened.wish.backend === 'webgpu' && !this.#isDropped('webgpu');
    if (opened.report.backend !== 'native' && !(asked && opened.report.backend === 'wasm')) return;
    if (!asked && this.#checked.has(computationOf(opened))) return;
    const delayMs = asked ? 0 : CHECK_DELAY_MS;
    const stop = this.#host.clock.after(delayMs, () => void this.#checkAll(opened, signal));
    signal.addEventListener('abort', stop);
  }

  /** Compares what computes with WebAssembly, and the graphics card where it is to be tried. */
  async #checkAll(opened: Opened, signal: AbortSignal): Promise<void> {
    const { params, wish, report } = opened;
    const { manifest } = params;
    let reference: Opened | undefined;
    try {
      reference =
        report.backend === 'wasm'
          ? opened
          : await this.#openOn('wasm', { ...params, brief: true }, { ...wish, threads: 1 }, signal);
      if (!(await this.#agrees(opened, reference, signal))) {
        this.#replaceBy(reference);
        return;
      }
      const passMs = await passTime(opened.engine, manifest, this.#host.clock, signal);
      if (triesGpu(wish.backend, this.#host.present, passMs) && !this.#isDropped('webgpu'))
        await this.#tryGpu(opened, reference, passMs, signal);
      if (!signal.aborted) this.#checked.add(computationOf(opened));
    } catch (error) {
      if (!signal.aborted)
        this.#host.log(l10n.t('The engine could not be checked: {0}', sentenceOf(error)));
    } finally {
      if (reference && reference.engine !== this.#current?.engine && reference !== opened)
        reference.engine.dispose();
    }
  }

  /** Drops what disagrees. */
  async #agrees(opened: Opened, reference: Opened, signal: AbortSignal): Promise<boolean> {
    if (opened === reference) return true;
    const { backend, leftOut } = opened.report;
    const engines = [opened.engine, reference.engine] as const;
    const difference = sameLayers(opened.report, reference.report)
      ? await largestDifference(engines, { ...opened.params.manifest, leftOut }, signal)
      : Infinity;
    this.#host.log(
      l10n.t(
        'The engine "{0}" differs from WebAssembly by {1} at most.',
        backend,
        difference.toExponential(1),
      ),
    );
    if (difference <= PARITY_TOLERANCE) return true;
    const reason = l10n.t(
      'The engine "{0}" gives other weights than WebAssembly (by up to {1}) and is not used.',
      backend,
      difference.toPrecision(2),
    );
    this.#drop(backend, new Error(reason));
    return false;
  }

  /** The graphics card takes over when it agrees, and unless it was asked for, is faster. */
  async #tryGpu(
    opened: Opened,
    reference: Opened,
    passMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { params, wish } = opened;
    let gpu: Opened | undefined;
    try {
      gpu = await this.#openOn('webgpu', params, wish, signal);
      const agrees = await this.#agrees(gpu, reference, signal);
      if (agrees && (await this.#isWorthIt(gpu, passMs, signal))) this.#replaceBy(gpu);
    } catch (error) {
      if (signal.aborted) return;
      this.#drop('webgpu', error);
    } finally {
      if (gpu && gpu.engine !== this.#current?.engine) gpu.engine.dispose();
    }
    // The list of what is not used has grown.
    if (this.#isDropped('webgpu')) this.#host.onState(opened.engine.state);
  }

  /** What is asked for by name need not be faster. */
  async #isWorthIt(
    { engine, params, wish }: Opened,
    cpuMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const gpuMs = await passTime(engine, params.manifest, this.#host.clock, signal);
    this.#host.log(
      l10n.t(
        '128 tokens take {0} ms on the graphics card, {1} ms on the processor.',
        Math.round(gpuMs),
        Math.round(cpuMs),
      ),
    );
    if (wish.backend === 'webgpu' || gpuMs < cpuMs) return true;
    this.#drop('webgpu', new Error(l10n.t('The graphics card is slower than the processor.')));
    return false;
  }

  /** What is asked for by name and does not exist here at all. */
  #noteAbsent({ backend }: EngineWish): void {
    if (backend === 'auto' || this.#host.present.includes(backend)) return;
    this.#drop(backend, new Error(l10n.t('The engine "{0}" does not exist here.', backend)));
  }

  #isDropped(name: BackendName): boolean {
    return this.#passedOver.some(({ backend }) => backend === name);
  }

  #drop(backend: BackendName, error: unknown): void {
    if (this.#isDropped(backend)) return;
    const reason = sentenceOf(error);
    this.#passedOver.push({ backend, reason });
    this.#host.log(reason);
  }

  #openEngine({ engine, report }: Opened): OpenEngine {
    return { engine, report: { ...report, passedOver: this.#passedOver } };
  }
}

/**
 * Which of its kernels a backend runs follows from the graph, its shapes and the threads,
 * not from the numbers in its weights: a graph that was right is right again, such as when
 * a control of the Chapter model is turned back.
 */
function computationOf({ report, params }: Opened): string {
  return `${report.backend}/${report.threads}/${params.manifest.graph.sha256}`;
}

function sameLayers(one: LoadReport, other: LoadReport): boolean {
  const names = ({ leftOut = [] }: LoadReport): string => leftOut.map(({ layer }) => layer).join();
  return names(one) === names(other);
}

/** Another backend may do better. */
function isBackendsFault(error: unknown): boolean {
  const reasons = ['backendUnavailable', 'backendFailed', 'modelRefused', 'engineDown'];
  return error instanceof ChannelError && reasons.includes(error.reason);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
