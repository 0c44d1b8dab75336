/** What the client needs of the language server, without VS Code: the real one, or a test's. */
import type { ClientNotifications, ServerRequests, Status } from '../../server/protocol';

export interface RequestOptions {
  signal?: AbortSignal;
  /** Called with 0 … 1 while the server works, and with what it says about that. */
  onProgress?: (share: number, message?: string) => void;
}

export type Method = keyof ServerRequests;

export interface AttentionServer {
  /** The newest state that the server told; null before it was started. */
  readonly status: Status | null;
  /** Starts the server when needed. Rejects with `ServerFailure` only. */
  request<M extends Method>(
    method: M,
    params: ServerRequests[M]['params'],
    options?: RequestOptions,
  ): Promise<ServerRequests[M]['result']>;
  /** Dropped when the server does not run: a view is no reason to start it. */
  notify<N extends keyof ClientNotifications>(method: N, params: ClientNotifications[N]): void;
  /** Returns the function that stops listening. */
  onStatus(listener: (status: Status | null) => void): () => void;
  restart(): Promise<void>;
}
