import { LRUCache } from 'lru-cache';
import { ChannelError } from '../../channel/channel';
import type { Range, Selection } from '../../server/protocol';
import type { HostSide, PanelRow } from '../protocol';
import type { HostChannel } from './hostChannel';

export type Direction = 'reads' | 'readBy';

/** Rows of one picture that stay at hand: moving the pointer back costs nothing. */
const KEPT_ROWS = 256;

/** Several tokens as one query: the mean of what they read, the sum of what each token takes from them. */
export interface Run {
  /** Half-open. */
  tokens: readonly [start: number, end: number];
  /** Where they stand. */
  range: Range;
}

/** What one token (or a run of them) reads and who reads it, asked for one at a time. */
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
  peek(asked: number | Run, direction: Direction): PanelRow | undefined {
    return this.#kept.get(`${direction}:${nameOf(asked)}`);
  }

  /** Asks for both directions of a token, and for those of no other token any more. */
  want(asked: number | Run, generation: number, selection: Selection): void {
    const name = nameOf(asked);
    this.#abortExcept(name);
    const query = typeof asked === 'number' ? { token: asked } : { queryRange: asked.range };
    for (const direction of ['reads', 'readBy'] as const) {
      const key = `${direction}:${name}`;
      if (this.#kept.has(key) || this.#running.some((run) => run.key === key)) continue;
      void this.#fetch(key, { generation, selection, ...query, direction });
    }
  }

  async #fetch(key: string, params: HostSide['methods']['row']['params']): Promise<void> {
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

  #abortExcept(name: string | null): void {
    for (const { key, abort } of [...this.#running])
      if (name === null || !key.endsWith(`:${name}`)) abort.abort();
  }
}

function nameOf(asked: number | Run): string {
  return typeof asked === 'number' ? String(asked) : asked.tokens.join('-');
}
