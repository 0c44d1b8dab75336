/**
 * Analyses on its own account what will probably be asked for, one window at a time, while
 * nobody types or waits. It gives way at once, and where nobody is waiting for the window it
 * rests as long as it has worked, so that it never takes more than half of a core.
 */
import type { Clock } from '../engine/clock';

/** One piece of work, and whether somebody looks at it or it may as well come later. */
export interface IdleTask {
  inView: boolean;
  /** Rejects when it is given up or fails; a task that fails is not to be offered again. */
  run(signal: AbortSignal): Promise<void>;
}

export interface IdleParts {
  clock: Clock;
  /** Milliseconds until work may begin; undefined while it may not. */
  wait(): number | undefined;
  /** What to do next; undefined when there is nothing to do. */
  next(): IdleTask | undefined;
}

/** Least rest between windows that nobody looks at. */
const LEAST_REST_MS = 20;

export class Idle {
  readonly #parts: IdleParts;
  #callOff: (() => void) | undefined;
  #working: AbortController | undefined;
  #restUntil = 0;
  #stopped = false;

  constructor(parts: IdleParts) {
    this.#parts = parts;
  }

  /** There may be something to do, or it may be done now. */
  wake(): void {
    if (this.#stopped || this.#working) return;
    const wait = this.#parts.wait();
    this.#callOff?.();
    this.#callOff = wait === undefined ? undefined : this.#after(wait, () => this.#begin());
  }

  /** Gives up what is under way. */
  giveWay(): void {
    this.#working?.abort();
  }

  stop(): void {
    this.#stopped = true;
    this.#callOff?.();
    this.giveWay();
  }

  #begin(): void {
    this.#callOff = undefined;
    const wait = this.#parts.wait();
    if (wait === undefined) return;
    if (wait > 0) return this.wake();
    const task = this.#parts.next();
    if (!task) return;
    const rest = this.#restUntil - this.#parts.clock.now();
    if (!task.inView && rest > 0) this.#callOff = this.#after(rest, () => this.#begin());
    else void this.#work(task);
  }

  async #work(task: IdleTask): Promise<void> {
    const { clock } = this.#parts;
    const begun = clock.now();
    this.#working = new AbortController();
    try {
      await task.run(this.#working.signal);
    } catch {
      // Nobody asked for it; whoever does gets the reason.
    } finally {
      this.#working = undefined;
      const now = clock.now();
      this.#restUntil = now + Math.max(LEAST_REST_MS, now - begun);
      this.wake();
    }
  }

  #after(ms: number, then: () => void): () => void {
    return this.#parts.clock.after(ms, then);
  }
}
