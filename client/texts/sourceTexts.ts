/** Which document another one was made from: told to the server, and told again to one that starts anew. */
import type { Status } from '../../server/protocol';
import type { AttentionServer } from '../connection/attentionServer';

export class SourceTexts {
  readonly #server: Pick<AttentionServer, 'request'>;
  /** URI of the text that was made → of the one it was made from. */
  readonly #sources = new Map<string, string>();

  constructor(server: Pick<AttentionServer, 'request'>) {
    this.#server = server;
  }

  /** Rejects as the server does; nothing is remembered then. `null`: it was made from none. */
  async set(uri: string, source: string | null): Promise<void> {
    await this.#tell(uri, source);
    if (source === null) this.#sources.delete(uri);
    else this.#sources.set(uri, source);
  }

  of(uri: string): string | undefined {
    return this.#sources.get(uri);
  }

  /** A server that started again, or to which a text was opened again, has forgotten it. */
  observe(status: Status | null): void {
    if (status?.state !== 'ready') return;
    for (const { uri, source } of status.documents) {
      const known = this.#sources.get(uri);
      const open = status.documents.some((document) => document.uri === known);
      if (known === undefined || known === source || !open) continue;
      // Closed meanwhile: the next status brings it up again.
      this.#tell(uri, known).catch(() => undefined);
    }
  }

  async #tell(uri: string, source: string | null): Promise<void> {
    await this.#server.request('attentionLens/setSource', {
      textDocument: { uri },
      source: source === null ? null : { uri: source },
    });
  }
}
