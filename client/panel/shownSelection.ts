/**
 * Layer, head and reading that a panel shows: those of the editor, which hover and overlay show
 * too; while it is locked to its document, its own.
 */
import type { Selection } from '../../server/protocol';
import type { AttentionServer } from '../connection/attentionServer';

export class ShownSelection {
  readonly #server: AttentionServer;
  readonly #fallback: () => Selection;
  #own: Selection | null = null;

  /** `fallback`: what is shown until the server says so. */
  constructor(server: AttentionServer, fallback: () => Selection) {
    this.#server = server;
    this.#fallback = fallback;
  }

  get locked(): boolean {
    return this.#own !== null;
  }

  get current(): Selection {
    const { status } = this.#server;
    return this.#own ?? (status?.state === 'ready' ? status.selection : this.#fallback());
  }

  /** From now on the panel's own, beginning with `selection`. */
  lock(selection: Selection = this.current): void {
    this.#own = selection;
  }

  unlock(): void {
    this.#own = null;
  }

  /**
   * Chooses what is shown of the document. The editor's is the server's to check, which comes back
   * with its status; what a panel chooses for itself is checked with every question that carries it.
   */
  async select(selection: Selection, document: string | undefined): Promise<void> {
    if (this.#own) this.#own = selection;
    else
      await this.#server.request('attentionLens/setSelection', {
        ...selection,
        ...(document !== undefined && { textDocument: { uri: document } }),
      });
  }
}
