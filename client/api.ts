/** What `activate` returns: the public protocol for other extensions, and for our own tests. */
import { PROTOCOL_VERSION, type ServerRequests, type Status } from '../server/protocol';
import type { AttentionServer, Method } from './connection/attentionServer';

export interface AttentionLensApi {
  /** Version of the protocol that `request` speaks. */
  readonly protocol: number;
  /** The newest state of the server; null before anything was asked of it. */
  readonly status: Status | null;
  /**
   * Asks the server, which is started when needed. Documents must be open in
   * VS Code. Rejects with an error whose `reason` the protocol lists.
   */
  request<M extends Method>(
    method: M,
    params: ServerRequests[M]['params'],
    signal?: AbortSignal,
  ): Promise<ServerRequests[M]['result']>;
}

export function publicApi(server: AttentionServer): AttentionLensApi {
  return {
    protocol: PROTOCOL_VERSION,
    get status() {
      return server.status;
    },
    request: (method, params, signal) => server.request(method, params, { signal }),
  };
}
