import { LRUCache } from 'lru-cache';
import { ChannelError } from '../../channel/channel';
import type { Selection } from '../../server/protocol';
import type { PanelRow } from '../protocol';
import type { HostChannel } from './hostChannel';

export type Direction = 'reads' | 'readBy';

/** Rows of one picture that stay at hand: moving the pointer back costs nothing. */
const KEPT_ROWS = 256;

/** What one token reads and who reads it, asked for one token at a time. */
export class Rows {
  readonly #channel: HostChannel;
  readonly #changed: () => void;
  readonly #kept = new LRUCache<string, PanelRow>({ max: KEPT_ROWS });
  #subject = '';
  #running: { key: string; abort: AbortController }[] = [];

  constructor(channel: HostChannel, changed: () => void) {
    this.#channel = channel;
    this.#changed = changed;
  }

  /** Forgets everything when the picture is another one. */
  setSubject(subject: string): void {
    if (subject === this.#subject) return;
    this.#subject = subject;
    this.#kept.clear();
    this.#abortExcept(null);
  }

  /** The row if it is here; it is not asked for. */
  peek(token: number, direction: Direction): PanelRow | undefined {
    return this.#kept.get(`${direction}:${token}`);
  }

  /** Asks for both directions of a token, and for those of no other token any more. */
  want(token: number, generation: number, selection: Selection): void {
    this.#abortExcept(token);
    for (const direction of ['reads', 'readBy'] as const) {
      const key = `${direction}:${token}`;
      if (this.#kept.has(key) || this.#running.some((run) => run.key === key)) continue;
      void this.#fetch(key, { generation, selection, token, direction });
    }
  }

  async #fetch(
    key: string,
    params: { generation: number; selection: Selection; token: number; direction: Direction },
  ): Promise<void> {
    const subject = this.#subject;
    const run = { key, abort: new AbortController() };
    this.#running.push(run);
    try {
      const row = await this.#channel.request('row', params, { signal: run.abort.signal });
      if (subject !== this.#subject || row.generation !== params.generation) return;
      this.#kept.set(key, row);
      this.#changed();
    } catch (error) {
      // A row is an extra beside the picture: without it the inspector stays as it is.
      if (!ChannelError.is(error)) throw error;
    } finally {
      this.#running = this.#running.filter((other) => other !== run);
    }
  }

  #abortExcept(token: number | null): void {
    for (const { key, abort } of [...this.#running])
      if (token === null || !key.endsWith(`:${token}`)) abort.abort();
  }
}
