/** Work that nobody has asked for yet, in small steps while nothing else is to be done. */
import { lull, pause } from './pause';

/** More windows than these are not worked ahead for: nobody looks at so many at once. */
const MOST_WAITING = 4;

export class Foresight {
  /** Oldest first: what is analysed first is what somebody waits for. */
  readonly #waiting: Iterator<unknown>[] = [];
  #asked = 0;
  #running = false;

  /** Answers a question; no step is taken meanwhile. */
  async during<T>(answer: () => T | Promise<T>): Promise<T> {
    this.#asked++;
    try {
      return await answer();
    } finally {
      this.#asked--;
      this.#wake();
    }
  }

  /** Takes these steps, each of a few milliseconds, when there is time. */
  plan(steps: Iterator<unknown>): void {
    this.#waiting.push(steps);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    this.#wake();
  }

  #wake(): void {
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    await lull();
    while (this.#asked === 0 && this.#waiting.length > 0) {
      await pause();
      const [steps] = this.#waiting;
      if (this.#asked > 0 || !steps) continue;
      if (isOver(steps)) this.#waiting.splice(this.#waiting.indexOf(steps), 1);
    }
    this.#running = false;
  }
}

/** Takes one step. What fails here fails again, and is told, when it is asked for. */
function isOver(steps: Iterator<unknown>): boolean {
  try {
    return steps.next().done === true;
  } catch {
    return true;
  }
}
