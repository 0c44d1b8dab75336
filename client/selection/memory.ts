/** Remembers, per workspace, what is shown, and gives it back to each server that starts. */
import type * as vscode from 'vscode';
import {
  INITIAL_SELECTION,
  type Selection,
  type SetSelectionResult,
  type Status,
} from '../../server/protocol';
import { asTrained, parseSelection, sameSelection } from './saved';

const KEY = 'attentionLens.selection';

/** What of a language client is needed to tell the server. */
export interface SelectionReceiver {
  sendRequest<R>(method: string, params: unknown): Promise<R>;
}

export class SelectionMemory {
  readonly #storage: vscode.Memento;
  readonly #log: vscode.LogOutputChannel;
  /** Until a new server was told, its own first selection says nothing about the person's. */
  #restored = false;

  constructor(storage: vscode.Memento, log: vscode.LogOutputChannel) {
    this.#storage = storage;
    this.#log = log;
  }

  /** What was shown last in this workspace. */
  get last(): Selection {
    return parseSelection(this.#storage.get(KEY)) ?? INITIAL_SELECTION;
  }

  /** Tells a new server; a selection that its model does not have is forgotten. */
  async restore(server: SelectionReceiver): Promise<void> {
    this.#restored = false;
    const last = this.last;
    try {
      if (!sameSelection(last, INITIAL_SELECTION))
        await server.sendRequest<SetSelectionResult>('attentionLens/setSelection', last);
    } catch (error) {
      this.#log.warn(`The last selection does not fit this model: ${String(error)}`);
    } finally {
      this.#restored = true;
    }
  }

  /** Takes over what the server says that is shown. */
  observe(status: Status | null): void {
    if (status?.state !== 'ready' || !this.#restored) return;
    const shown = asTrained(status.selection);
    if (!sameSelection(shown, this.last)) void this.#storage.update(KEY, shown);
  }
}
