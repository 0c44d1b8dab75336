/** The language server as the extension sees it: started when first needed, restarted on demand. */
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  State,
  type BaseLanguageClient,
  type ErrorHandler,
  type LanguageClientOptions,
} from 'vscode-languageclient';
import {
  INITIAL_SELECTION,
  type ClientNotifications,
  type Model,
  type ServerRequests,
  type Status,
} from '../../server/protocol';
import { Activity } from './activity';
import type { AttentionServer, Method, RequestOptions } from './attentionServer';
import { ServerFailure, toFailure } from './failure';
import { ofOneText } from './ofOneText';
import { RestartPolicy } from './restartPolicy';
import type { LspHover } from './lspHover';

/** Makes the language client of this target (Node process or web worker). */
export type ClientFactory = (options: LanguageClientOptions) => BaseLanguageClient;

export class LanguageServer implements AttentionServer, vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #create: ClientFactory;
  readonly #options: () => LanguageClientOptions;
  readonly #restore: (client: BaseLanguageClient) => Promise<void>;
  readonly #listeners = new Set<(status: Status | null) => void>();
  readonly #policy = new RestartPolicy();
  readonly #activity = new Activity();
  #client: BaseLanguageClient | undefined;
  #running: Promise<BaseLanguageClient> | undefined;
  #status: Status | null = null;

  /** `restore` is called with each new server before anything else is asked of it. */
  constructor(
    log: vscode.LogOutputChannel,
    create: ClientFactory,
    options: () => LanguageClientOptions,
    restore: (client: BaseLanguageClient) => Promise<void>,
  ) {
    this.#log = log;
    this.#create = create;
    this.#options = options;
    this.#restore = restore;
  }

  get status(): Status | null {
    return this.#status;
  }

  /** Whether anything was asked of the server yet. */
  get started(): boolean {
    return this.#running !== undefined;
  }

  /** Share (0 … 1) of what the server computes for us; null: nothing. */
  get onActivity(): vscode.Event<number | null> {
    return this.#activity.onDidChange;
  }

  async request<M extends Method>(
    method: M,
    params: ServerRequests[M]['params'],
    { signal, onProgress }: RequestOptions = {},
  ): Promise<ServerRequests[M]['result']> {
    const client = await this.#alive();
    const source = new vscode.CancellationTokenSource();
    const cancel = (): void => source.cancel();
    if (signal?.aborted) throw new ServerFailure('cancelled', `"${method}" was cancelled.`);
    signal?.addEventListener('abort', cancel, { once: true });
    const progress = this.#activity.follow(client, onProgress);
    try {
      return await client.sendRequest<ServerRequests[M]['result']>(
        method,
        { ...ofOneText(method, params), workDoneToken: progress.token },
        source.token,
      );
    } catch (error) {
      throw toFailure(error);
    } finally {
      signal?.removeEventListener('abort', cancel);
      progress.dispose();
      source.dispose();
    }
  }

  /** The model in use, once it is loaded. Rejects when that failed or was given up. */
  async model(token: vscode.CancellationToken): Promise<Model> {
    await this.start();
    return new Promise((resolve, reject) => {
      const decide = (status: Status | null): void => {
        if (status?.state === 'ready' && status.model) settle(() => resolve(status.model as Model));
        else if (status?.state === 'failed')
          settle(() => reject(new ServerFailure('engineDown', status.message ?? '')));
      };
      const settle = (end: () => void): void => {
        stop();
        given.dispose();
        end();
      };
      const stop = this.onStatus(decide);
      const given = token.onCancellationRequested(() =>
        settle(() => reject(new ServerFailure('cancelled', 'Loading the model was cancelled.'))),
      );
      decide(this.#status);
    });
  }

  /** The server's hover, as LSP has it, of what is selected where that is given; null where there is no token. */
  async hover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
    selected?: vscode.Range,
  ): Promise<LspHover | null> {
    const client = await this.#alive();
    const progress = this.#activity.follow(client);
    try {
      const place = client.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
      const queryRange = selected && client.code2ProtocolConverter.asRange(selected);
      const params = { ...place, ...(queryRange && { queryRange }), workDoneToken: progress.token };
      return await client.sendRequest<LspHover | null>('textDocument/hover', params, token);
    } catch (error) {
      throw toFailure(error);
    } finally {
      progress.dispose();
    }
  }

  notify<N extends keyof ClientNotifications>(method: N, params: ClientNotifications[N]): void {
    if (this.#client?.state !== State.Running) return;
    this.#client.sendNotification(method, params).catch((error: unknown) => {
      this.#log.warn(`${method}: ${toFailure(error).message}`);
    });
  }

  onStatus(listener: (status: Status | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The running client; the first call starts the server, a failed start may be tried again. */
  start(): Promise<BaseLanguageClient> {
    this.#running ??= this.#launch().catch((error: unknown) => {
      this.#running = undefined;
      const failure = toFailure(error);
      this.#log.error(`The language server did not start: ${failure.message}`);
      this.#tell(down(failure.message));
      throw failure;
    });
    return this.#running;
  }

  /** Restarts the engine; where the server itself does not answer for it, the whole server. */
  async restart(): Promise<void> {
    this.#policy.reset();
    if (this.#client?.state === State.Running) {
      try {
        await this.request('attentionLens/restart', {});
        return;
      } catch (error) {
        this.#log.warn(`The engine did not restart: ${toFailure(error).message}`);
      }
    }
    await this.#stop();
    await this.start();
  }

  async dispose(): Promise<void> {
    this.#listeners.clear();
    this.#activity.dispose();
    await this.#stop();
  }

  /** The client, or the reason why a server that went down is not asked any more. */
  async #alive(): Promise<BaseLanguageClient> {
    const client = await this.start();
    if (client.state === State.Stopped || client.state === State.StartFailed)
      throw new ServerFailure(
        'engineDown',
        this.#status?.message ?? 'The language server is down.',
      );
    return client;
  }

  async #launch(): Promise<BaseLanguageClient> {
    const startedAt = Date.now();
    const client = this.#create({ ...this.#options(), errorHandler: this.#errorHandler() });
    this.#client = client;
    client.onNotification('attentionLens/didChangeState', (status: Status) => this.#tell(status));
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) void this.#begin(client);
    });
    this.#tell(starting());
    await client.start();
    this.#log.info(`The language server runs after ${Date.now() - startedAt} ms.`);
    return client;
  }

  /** A server that has just come up, by our start or by itself after a crash. */
  async #begin(client: BaseLanguageClient): Promise<void> {
    try {
      await this.#restore(client);
      this.#tell(await client.sendRequest<Status>('attentionLens/status', {}));
    } catch (error) {
      this.#log.warn(`After the start of the language server: ${toFailure(error).message}`);
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#running = undefined;
    this.#tell(null);
    if (!client) return;
    try {
      await client.dispose();
    } catch (error) {
      this.#log.warn(`The language server did not stop cleanly: ${toFailure(error).message}`);
    }
  }

  #tell(status: Status | null): void {
    this.#status = status;
    for (const listener of [...this.#listeners]) listener(status);
  }

  #errorHandler(): ErrorHandler {
    return {
      error: (error, _message, count) => {
        this.#log.error(`The connection to the language server: ${error.message}`);
        return {
          action: (count ?? 0) < 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
          handled: true,
        };
      },
      closed: () => {
        if (this.#policy.allows()) {
          this.#log.warn('The language server ended unexpectedly and is started again.');
          void vscode.window.showInformationMessage(
            vscode.l10n.t(
              'Attention Lens: the language server ended unexpectedly and was restarted.',
            ),
          );
          this.#tell(starting());
          return { action: CloseAction.Restart, handled: true };
        }
        this.#log.error('The language server ended twice within a minute and stays down.');
        this.#tell(
          down(
            vscode.l10n.t(
              'The language server ended twice within a minute. Restart it, or look into its log.',
            ),
          ),
        );
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    };
  }
}

function starting(): Status {
  return { ...NOTHING_KNOWN, state: 'starting' };
}

function down(message: string): Status {
  return { ...NOTHING_KNOWN, state: 'failed', message };
}

const NOTHING_KNOWN: Omit<Status, 'state'> = {
  model: null,
  engine: { backend: '', threads: 0, detail: '', passedOver: [] },
  selection: INITIAL_SELECTION,
  chapter: null,
  documents: [],
};
