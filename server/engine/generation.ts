/**
 * One life of the engine's worker: its channel, its watchdog, and which windows
 * it has analysed. A life ends once, by crash, silence or on purpose, and then
 * everything that waits for it is rejected with `workerLost`.
 */
import { Channel, ChannelError } from '../../channel/channel';
import { answersTheQuestion, type WindowSides } from './answers';
import { crossWindow } from './pairNames';
import type { Clock } from './clock';
import type { EngineWorker } from './engineWorker';
import type { AnalyseParams, EngineCallerSide, EngineSide, GiveParams } from './protocol';
import type { Port } from '../../channel/channel';

/**
 * A worker that owes an answer about a short window and has said nothing for this long
 * hangs: on a busy machine its slowest step takes a few seconds.
 */
export const SILENCE_LIMIT_MS = 60_000;

/** A layer of so many tokens has taken a minute where a machine was busy with ten other things. */
const LONG_TOKENS = 4096;

/** How long a worker may be silent while it owes an answer about so many tokens; pairs of tokens take time. */
export function silenceLimit(tokens: number): number {
  return SILENCE_LIMIT_MS * Math.max(1, (tokens / LONG_TOKENS) ** 2);
}

export const WORKER_LOST = 'workerLost';

/** How a life ended against our will. */
export type Loss = 'crashed' | 'silent' | 'nonsense';

type Methods = EngineSide['methods'];
export type Params<M extends keyof Methods> = Methods[M]['params'];
export type Result<M extends keyof Methods> = Methods[M]['result'];
export type Progress = (progress: { done: number; total: number }) => void;

/** A window as it was asked for. */
export type KnownWindow =
  { method: 'analyse'; params: AnalyseParams } | { method: 'give'; params: GiveParams };

export class Generation {
  readonly #worker: EngineWorker;
  readonly #clock: Clock;
  readonly #onLost: (loss: Loss, why: string) => void;
  readonly #channel: Channel<EngineCallerSide, EngineSide>;
  /** Windows that this life has, or is about to have. */
  readonly #obtained = new Map<string, Promise<unknown>>();
  readonly #sides = new Map<string, WindowSides>();
  /** Of each answer that is owed, about how many tokens it is. */
  readonly #owed = new Set<{ tokens: number }>();
  #stopWatch: () => void = () => undefined;
  #over = false;

  /** `onLost` is called at most once, and never after {@link end}. */
  constructor(worker: EngineWorker, clock: Clock, onLost: (loss: Loss, why: string) => void) {
    this.#worker = worker;
    this.#clock = clock;
    this.#onLost = onLost;
    this.#channel = new Channel(this.#overheard(worker.port));
    worker.onExit((why) => this.#lose('crashed', why));
  }

  /** Asks the worker; an answer that cannot be one ends its life. */
  async call<M extends keyof Methods>(
    method: M,
    params: Params<M>,
    signal?: AbortSignal,
  ): Promise<Result<M>> {
    const owed = { tokens: lengthOf(params) ?? this.#sidesOf(params)?.keys ?? 0 };
    this.#owed.add(owed);
    this.#watch();
    try {
      const answer = await this.#channel.request(method, params, { signal });
      if (!answersTheQuestion(method, params, answer, this.#sidesOf(params))) {
        this.#lose('nonsense', `the answer to "${method}" is not one`);
        throw lost();
      }
      return answer;
    } finally {
      this.#owed.delete(owed);
      this.#watch();
    }
  }

  /** Has the window analysed or taken in. */
  async obtain(
    { method, params }: KnownWindow,
    signal?: AbortSignal,
    onProgress?: Progress,
  ): Promise<{ tokens: number }> {
    const stop = this.#channel.on('progress', ({ window, done, total }) => {
      if (window === params.window) onProgress?.({ done, total });
    });
    try {
      const answer = await this.call(method, params, signal);
      this.#obtained.set(params.window, Promise.resolve());
      this.#remember({ method, params } as KnownWindow, answer);
      return answer;
    } finally {
      stop();
    }
  }

  /** Obtains a window that an earlier life knew, once, however many ask for it. */
  async ensure(known: KnownWindow): Promise<void> {
    const { window } = known.params;
    let obtaining = this.#obtained.get(window);
    if (!obtaining) {
      obtaining = this.obtain(known);
      this.#obtained.set(window, obtaining);
      obtaining.catch(() => this.#obtained.delete(window));
    }
    await obtaining;
  }

  /** The windows are gone, or a new model has taken their place. */
  forget(windows: Iterable<string> = [...this.#obtained.keys()]): void {
    for (const window of windows) {
      this.#obtained.delete(window);
      this.#sides.delete(window);
      this.#sides.delete(crossWindow(window));
    }
  }

  /** Ends this life on purpose. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopWatch();
    this.#worker.terminate();
    this.#channel.close(lost());
  }

  #remember({ method, params }: KnownWindow, { tokens }: { tokens: number }): void {
    this.#sides.set(params.window, { tokens, keys: tokens });
    if (method === 'analyse' && params.target)
      this.#sides.set(crossWindow(params.window), { tokens, keys: params.ids.length });
  }

  /** How large the window is that a question is about; undefined if that is not known. */
  #sidesOf(params: Params<keyof Methods>): WindowSides | undefined {
    return 'window' in params ? this.#sides.get(params.window) : undefined;
  }

  #lose(loss: Loss, why: string): void {
    if (this.#over) return;
    this.end();
    this.#onLost(loss, why);
  }

  /** Restarts the watchdog: silence counts while an answer is owed. */
  #watch(): void {
    this.#stopWatch();
    if (this.#owed.size === 0 || this.#over) return;
    const limit = silenceLimit(Math.max(...Array.from(this.#owed, ({ tokens }) => tokens)));
    this.#stopWatch = this.#clock.after(limit, () =>
      this.#lose('silent', `no answer for ${limit / 1000} s`),
    );
  }

  /** The port, with the watchdog listening in. */
  #overheard(port: Port): Port {
    return {
      post: (message, transfer) => port.post(message, transfer),
      listen: (receive) =>
        port.listen((message) => {
          this.#watch();
          receive(message);
        }),
    };
  }
}

/** Tokens of a window that is asked for. */
function lengthOf(params: Params<keyof Methods>): number | undefined {
  if ('ids' in params) return params.ids.length;
  return 'tokens' in params ? params.tokens : undefined;
}

function lost(): ChannelError {
  return new ChannelError(WORKER_LOST, 'The engine’s worker is gone.');
}
