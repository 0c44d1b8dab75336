/** Sends the status whenever it changes, many changes in a row as one. */
import type { Connection } from 'vscode-languageserver';
import type { Status } from '../protocol';

/** Long enough to join what one edit or one analysis changes, too short to be noticed. */
const COALESCE_MS = 50;

export class StatusNews {
  readonly #connection: Connection;
  readonly #status: () => Status;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = '';
  #stopped = false;

  constructor(connection: Connection, status: () => Status) {
    this.#connection = connection;
    this.#status = status;
  }

  changed(): void {
    if (this.#stopped) return;
    this.#timer ??= setTimeout(() => this.#send(), COALESCE_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #send(): void {
    this.#timer = undefined;
    const status = this.#status();
    const text = JSON.stringify(status);
    if (text === this.#last) return;
    this.#last = text;
    void this.#connection.sendNotification('attentionLens/didChangeState', status);
  }
}
