/** A plain LSP client that starts the built server and speaks to it. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  SocketMessageReader,
  SocketMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { Range, ServerRequests, Status } from '../../server/protocol';

export const SERVER_FILE = join(process.cwd(), 'dist', 'attention-lens-server.js');

export interface ClientOptions {
  server?: string;
  transport?: 'stdio' | 'node-ipc';
  initialize?: Record<string, unknown>;
  capabilities?: Record<string, unknown>;
  /** Answers of the client to the server's requests. */
  answers?: Record<string, (params: unknown) => unknown>;
}

/** What a Markdown hover looks like on the wire. */
export interface HoverResult {
  contents: { kind: string; value: string };
  range: { start: Place; end: Place };
}
export interface Place {
  line: number;
  character: number;
}

export class Client {
  readonly exited: Promise<number | null>;
  readonly log: string[] = [];
  readonly notifications: { method: string; params: unknown }[] = [];
  readonly #waiting = new Set<() => void>();
  stdoutBytes = 0;

  constructor(
    readonly connection: MessageConnection,
    readonly process: ChildProcess | undefined,
  ) {
    this.exited = new Promise((resolve) => this.process?.on('exit', (code) => resolve(code)));
    connection.onNotification((method, params) => {
      if (method === 'window/logMessage') this.log.push((params as { message: string }).message);
      this.notifications.push({ method, params });
      for (const check of [...this.#waiting]) check();
    });
    // Progress goes another way than what nobody listens to.
    connection.onUnhandledProgress((params) =>
      this.notifications.push({ method: '$/progress', params }),
    );
    connection.onRequest((method) => (method === 'workspace/configuration' ? [null] : null));
  }

  request<M extends keyof ServerRequests>(
    method: M,
    params: ServerRequests[M]['params'],
    token?: CancellationToken,
  ): Promise<ServerRequests[M]['result']> {
    // A missing token must not be passed: it would make the parameters positional.
    return token
      ? this.connection.sendRequest(method, params, token)
      : this.connection.sendRequest(method, params);
  }

  hover(
    uri: string,
    line: number,
    character: number,
    queryRange?: Range,
  ): Promise<HoverResult | null> {
    return this.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line, character },
      ...(queryRange && { queryRange }),
    });
  }

  open(uri: string, text: string, version = 1): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'plaintext', version, text },
    });
  }

  change(uri: string, version: number, contentChanges: unknown[]): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  /** Resolves with the first status, past or coming, that satisfies `test`. */
  status(test: (status: Status) => boolean): Promise<Status> {
    return this.notified('attentionLens/didChangeState', (params) => test(params as Status)).then(
      (params) => params as Status,
    );
  }

  notified(method: string, test: (params: unknown) => boolean): Promise<unknown> {
    return new Promise((resolve) => {
      let seen = 0;
      const check = (): void => {
        for (; seen < this.notifications.length; seen++) {
          const notification = this.notifications[seen];
          if (notification?.method !== method || !test(notification.params)) continue;
          this.#waiting.delete(check);
          return resolve(notification.params);
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  async stop(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    return this.exited;
  }
}

/** Starts a server process; says nothing to it yet. */
export function launch({ server = SERVER_FILE, transport = 'stdio' }: ClientOptions = {}): Client {
  if (transport === 'node-ipc') {
    const child = fork(server, ['--node-ipc'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const client = new Client(
      createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child)),
      child,
    );
    child.stdout?.on('data', (bytes: Buffer) => (client.stdoutBytes += bytes.length));
    return client;
  }
  const child = spawn(process.execPath, [server, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  return new Client(connection, child);
}

/** Starts a server that connects to us with `argument`, and brings it to where it answers. */
export async function accept(server: Server, argument: string): Promise<Client> {
  const child = spawn(process.execPath, [SERVER_FILE, argument], { stdio: 'inherit' });
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new SocketMessageWriter(socket),
  );
  return introduce(new Client(connection, child), {});
}

/** Starts a server and brings it to where it answers. */
export function start(options: ClientOptions = {}): Promise<Client> {
  return introduce(launch(options), options);
}

async function introduce(client: Client, options: ClientOptions): Promise<Client> {
  for (const [method, answer] of Object.entries(options.answers ?? {}))
    client.connection.onRequest(method, answer);
  client.connection.listen();
  await client.connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: options.capabilities ?? {
      textDocument: { hover: { contentFormat: ['markdown', 'plaintext'] } },
    },
    ...options.initialize,
  });
  await client.connection.sendNotification('initialized', {});
  return client;
}
