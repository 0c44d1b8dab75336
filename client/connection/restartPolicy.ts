/** Whether a server that ended by itself is started again: once, and not twice within a minute. */
export class RestartPolicy {
  static readonly quietMs = 60_000;
  #last: number | undefined;

  constructor(private readonly now: () => number = Date.now) {}

  /** Call once for each unexpected end; true means: start it again. */
  allows(): boolean {
    const at = this.now();
    const allowed = this.#last === undefined || at - this.#last > RestartPolicy.quietMs;
    this.#last = at;
    return allowed;
  }

  /** The person asked for a fresh start: forget what was. */
  reset(): void {
    this.#last = undefined;
  }
}
