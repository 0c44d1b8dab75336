import type { HostSide } from '../protocol';
import type { HostChannel } from './hostChannel';

export type Pair = NonNullable<HostSide['methods']['highlight']['params']>;

/** The editor redraws decorations at every message; more than this is not seen. */
const INTERVAL_MS = 60;

/** Lights tokens up in the editor: the newest pair wins, and never faster than an eye follows. */
export class Highlighter {
  readonly #channel: HostChannel;
  #next: Pair | null = null;
  #sent = 'null';
  #waiting = false;

  constructor(channel: HostChannel) {
    this.#channel = channel;
  }

  show(pair: Pair | null): void {
    this.#next = pair;
    if (this.#waiting) return;
    this.#waiting = true;
    setTimeout(() => this.#send(), this.#sent === 'null' ? 0 : INTERVAL_MS);
  }

  #send(): void {
    this.#waiting = false;
    const text = JSON.stringify(this.#next);
    if (text === this.#sent) return;
    this.#sent = text;
    // Light in the editor is an extra: when the host can't, the panel goes on.
    this.#channel.request('highlight', this.#next).catch(() => undefined);
  }
}
