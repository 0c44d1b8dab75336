import { ChannelError } from '../../channel/channel';
import { PASSING, type Refusal } from './lookup';

/** Something that grows: parts of it may be there for the asking. */
export interface Growing {
  /** How many parts there was no time for. */
  pending: number;
}

/**
 * An answer about the whole file. It grows while others work for it, so that it is asked for
 * again whenever there may be more, one question at a time: a question that is given up for the
 * next one would never be answered.
 */
export class Gathering<T extends Growing> {
  /** What is known; of another subject than wanted until its first part is here. */
  value: T | null = null;
  refusal: Refusal | null = null;
  readonly #changed: () => void;
  #subject: string | null = null;
  #shown: string | null = null;
  #progress = '';
  #asked: string | null = null;
  #ask: ((signal: AbortSignal) => Promise<T>) | null = null;
  #running: AbortController | null = null;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Whether the value is about what is wanted. */
  get current(): boolean {
    return this.value !== null && this.#shown === this.#subject;
  }

  /** `subject` names what is asked about; another `progress` means that there may be more of it. */
  want(subject: string, progress: string, ask: (signal: AbortSignal) => Promise<T>): void {
    if (subject !== this.#subject) {
      this.#running?.abort();
      this.#running = null;
      this.#asked = this.refusal = null;
      this.#subject = subject;
    }
    this.#progress = progress;
    this.#ask = ask;
    if (!this.#running && !this.refusal && progress !== this.#asked) void this.#gather(subject);
  }

  /** Asks no more; what is known stays. */
  rest(): void {
    this.#running?.abort();
    this.#running = this.#ask = null;
    this.#subject = this.#asked = null;
  }

  async #gather(subject: string): Promise<void> {
    const running = (this.#running = new AbortController());
    try {
      while (this.#ask && !running.signal.aborted) {
        this.#asked = this.#progress;
        const value = await this.#ask(running.signal);
        if (running.signal.aborted) return;
        this.value = value;
        this.#shown = subject;
        if (value.pending === 0 && this.#progress === this.#asked) break;
        this.#changed();
      }
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      if (running === this.#running && !PASSING.has(error.reason))
        this.refusal = { reason: error.reason, message: error.message };
    } finally {
      if (running === this.#running) {
        this.#running = null;
        this.#changed();
      }
    }
  }
}
