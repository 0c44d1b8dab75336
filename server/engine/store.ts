/** The analysed windows of one model, by name. */
import { unknownWindow } from './window';
import type { AnalysedWindow } from './window';

export class WindowStore {
  readonly #windows = new Map<string, AnalysedWindow>();

  /** Fails with `unknownWindow`. */
  get(name: string): AnalysedWindow {
    const window = this.#windows.get(name);
    if (!window) throw unknownWindow();
    return window;
  }

  /** Replaces what had the name. */
  put(name: string, window: AnalysedWindow): void {
    this.forget([name]);
    this.#windows.set(name, window);
  }

  /** Unknown names are ignored. */
  forget(names: readonly string[]): void {
    for (const name of names) {
      this.#windows.get(name)?.release();
      this.#windows.delete(name);
    }
  }

  clear(): void {
    this.forget([...this.#windows.keys()]);
  }
}
