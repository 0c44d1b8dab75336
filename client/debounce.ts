/** Runs the newest call of a burst, once it has been quiet for `quietMs`. */
export class Debounce {
  #timer: ReturnType<typeof setTimeout> | undefined;

  run(action: () => void, quietMs: number): void {
    this.cancel();
    this.#timer = setTimeout(action, quietMs);
  }

  cancel(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
