import { LRUCache } from 'lru-cache';
import { ChannelError } from '../../channel/channel';
import { STALE } from '../protocol';

/** Answers that stay at hand: going back and forth costs nothing. */
const KEPT_ANSWERS = 12;

/** After these another answer is on its way, or nobody wants it any more. */
export const PASSING: ReadonlySet<string> = new Set(['cancelled', 'closed', STALE]);

/** Why an answer could not be had. */
export interface Refusal {
  reason: string;
  message: string;
}

/**
 * One thing a view shows, asked for by a key that names it. The last answer stays until the one
 * for the newest key is here, so that a picture is never taken away for an empty one.
 */
export class Lookup<T extends object> {
  /** The newest answer; of another key than wanted while `waiting`. */
  value: T | null = null;
  refusal: Refusal | null = null;
  readonly #changed: () => void;
  readonly #kept = new LRUCache<string, T>({ max: KEPT_ANSWERS });
  #key: string | null = null;
  #shown: string | null = null;
  #abort: AbortController | null = null;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Whether what is asked for is not what is shown. */
  get waiting(): boolean {
    return this.#abort !== null;
  }

  /** Whether the value is that of the newest key. */
  get current(): boolean {
    return this.value !== null && this.#shown === this.#key;
  }

  /** Asks, unless this key has been asked for; what was asked before is given up. */
  want(key: string, ask: (signal: AbortSignal) => Promise<T>): void {
    if (key === this.#key) return;
    this.#abort?.abort();
    this.#abort = null;
    this.#key = key;
    this.refusal = null;
    const kept = this.#kept.get(key);
    if (kept) this.#show(key, kept);
    else void this.#ask(key, ask);
  }

  /** Forgets what is shown, and asks no more. */
  clear(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.#key = this.#shown = this.value = this.refusal = null;
  }

  async #ask(key: string, ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    const abort = (this.#abort = new AbortController());
    try {
      const value = await ask(abort.signal);
      this.#kept.set(key, value);
      if (key === this.#key) this.#show(key, value);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      if (key === this.#key && !PASSING.has(error.reason)) this.#refuse(error);
    } finally {
      if (this.#abort === abort) {
        this.#abort = null;
        this.#changed();
      }
    }
  }

  #show(key: string, value: T): void {
    this.value = value;
    this.#shown = key;
  }

  #refuse({ reason, message }: ChannelError): void {
    this.refusal = { reason, message };
  }
}
