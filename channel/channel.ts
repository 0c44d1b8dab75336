/**
 * One typed request/reply channel for every message boundary that is not LSP:
 * server ↔ engine worker and extension host ↔ panel. It does what such helpers
 * usually forget: a handler that throws rejects its caller, a request can be
 * cancelled, buffers can be transferred, and closing the channel rejects all
 * that is still waiting.
 */

/** What one side can be asked: method name → parameters and result. */
export type Methods = { readonly [method: string]: { params: unknown; result: unknown } };
/** What one side can announce: event name → payload. */
export type Events = { readonly [event: string]: unknown };

/** What one side of a channel offers to the other. */
export interface Side {
  methods: Methods;
  events: Events;
}

/** The transport: a worker, a `MessagePort`, a webview. Delivery is in order. */
export interface Port {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Called once, by the channel. */
  listen(receive: (message: unknown) => void): void;
}

/** Why a request failed; `reason` is what code decides on, `message` what a person reads. */
export class ChannelError extends Error {
  constructor(
    readonly reason: string,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
    this.name = 'ChannelError';
  }

  static is(error: unknown, reason?: string): error is ChannelError {
    return error instanceof ChannelError && (reason === undefined || error.reason === reason);
  }
}

/** A handler's answer together with the buffers that move instead of being copied. */
export class Transferred<T> {
  constructor(
    readonly value: T,
    readonly buffers: readonly ArrayBuffer[],
  ) {}
}

export interface RequestOptions {
  signal?: AbortSignal;
  transfer?: readonly ArrayBuffer[];
}

type Message =
  | { kind: 'request'; id: number; method: string; params: unknown }
  | { kind: 'cancel'; id: number }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'error'; id: number; reason: string; message: string; data?: unknown }
  | { kind: 'event'; name: string; payload: unknown };

type Handler = (params: unknown, signal: AbortSignal) => unknown;

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/**
 * One end of a channel. `Mine` is what this end answers, `Theirs` what the other
 * end answers. A request that is cancelled rejects at once with reason
 * `cancelled`; whatever the other side still sends for it is dropped.
 */
export class Channel<Mine extends Side, Theirs extends Side> {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  readonly #running = new Map<number, AbortController>();
  readonly #handlers = new Map<string, Handler>();
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>();
  #nextId = 1;
  #closed: ChannelError | undefined;

  constructor(port: Port) {
    this.#port = port;
    port.listen((message) => this.#receive(message));
  }

  request<M extends keyof Theirs['methods'] & string>(
    method: M,
    params: Theirs['methods'][M]['params'],
    { signal, transfer }: RequestOptions = {},
  ): Promise<Theirs['methods'][M]['result']> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(this.#closed);
      if (signal?.aborted) return reject(cancelled(method));
      const id = this.#nextId++;
      const onAbort = (): void => {
        this.#pending.delete(id);
        reject(cancelled(method));
        this.#tryPost({ kind: 'cancel', id });
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const settled = (): void => signal?.removeEventListener('abort', onAbort);
      this.#pending.set(id, {
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error)),
      });
      try {
        this.#post({ kind: 'request', id, method, params }, transfer);
      } catch (error) {
        this.#pending.delete(id);
        settled();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Registers the one handler of a method. It may answer with {@link Transferred}. */
  handle<M extends keyof Mine['methods'] & string>(
    method: M,
    handler: (
      params: Mine['methods'][M]['params'],
      signal: AbortSignal,
    ) =>
      | Mine['methods'][M]['result']
      | Transferred<Mine['methods'][M]['result']>
      | Promise<Mine['methods'][M]['result'] | Transferred<Mine['methods'][M]['result']>>,
  ): void {
    this.#handlers.set(method, handler);
  }

  send<E extends keyof Mine['events'] & string>(
    event: E,
    payload: Mine['events'][E],
    transfer?: readonly ArrayBuffer[],
  ): void {
    if (!this.#closed) this.#post({ kind: 'event', name: event, payload }, transfer);
  }

  /** Returns the function that stops listening. */
  on<E extends keyof Theirs['events'] & string>(
    event: E,
    listener: (payload: Theirs['events'][E]) => void,
  ): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener as (payload: unknown) => void);
    return () => listeners.delete(listener as (payload: unknown) => void);
  }

  /** Rejects everything that waits, aborts what runs, and refuses what comes later. */
  close(error = new ChannelError('closed', 'The other side is gone.')): void {
    if (this.#closed) return;
    this.#closed = error;
    for (const { reject } of [...this.#pending.values()]) reject(error);
    for (const controller of this.#running.values()) controller.abort();
    this.#pending.clear();
    this.#running.clear();
  }

  #post(message: Message, transfer?: readonly ArrayBuffer[]): void {
    this.#port.post(message, transfer);
  }

  #receive(raw: unknown): void {
    if (this.#closed || !isMessage(raw)) return;
    switch (raw.kind) {
      case 'request':
        void this.#answer(raw.id, raw.method, raw.params);
        break;
      case 'cancel':
        this.#running.get(raw.id)?.abort();
        break;
      case 'result':
        this.#take(raw.id)?.resolve(raw.value);
        break;
      case 'error':
        this.#take(raw.id)?.reject(new ChannelError(raw.reason, raw.message, raw.data));
        break;
      case 'event':
        callAll(this.#listeners.get(raw.name) ?? [], raw.payload);
        break;
    }
  }

  /** For what nobody waits for: a port that fails here has nobody to tell. */
  #tryPost(message: Message): boolean {
    try {
      this.#post(message);
      return true;
    } catch {
      return false;
    }
  }

  /** Data that cannot be cloned must not keep the failure itself from arriving. */
  #refuse(id: number, error: unknown): void {
    const { reason, message, data } = describe(error);
    if (this.#tryPost({ kind: 'error', id, reason, message, data })) return;
    this.#tryPost({ kind: 'error', id, reason, message });
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  async #answer(id: number, method: string, params: unknown): Promise<void> {
    const handler = this.#handlers.get(method);
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      if (!handler) throw new ChannelError('unknownMethod', `Nobody answers "${method}".`);
      const answer = await handler(params, controller.signal);
      if (this.#closed) return;
      if (answer instanceof Transferred) {
        this.#post({ kind: 'result', id, value: answer.value }, answer.buffers);
      } else {
        this.#post({ kind: 'result', id, value: answer });
      }
    } catch (error) {
      if (!this.#closed) this.#refuse(id, error);
    } finally {
      this.#running.delete(id);
    }
  }
}

function cancelled(method: string): ChannelError {
  return new ChannelError('cancelled', `"${method}" was cancelled.`);
}

function describe(error: unknown): { reason: string; message: string; data?: unknown } {
  if (error instanceof ChannelError)
    return { reason: error.reason, message: error.message, data: error.data };
  return { reason: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** Calls every listener, whatever the others do, and then fails with the first failure. */
function callAll(listeners: Iterable<(payload: unknown) => void>, payload: unknown): void {
  const failures: unknown[] = [];
  for (const listener of [...listeners]) {
    try {
      listener(payload);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Ports may carry messages of others, a webview's for example; those are passed over. */
function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, method, name } = value as { [field: string]: unknown };
  if (kind === 'event') return typeof name === 'string';
  if (typeof id !== 'number') return false;
  return kind === 'request'
    ? typeof method === 'string'
    : ['cancel', 'result', 'error'].includes(String(kind));
}
