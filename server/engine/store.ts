/** The analysed windows of one model, by name. */
import { GrowingWindow } from './growing';
import { until } from './until';
import { unknownWindow } from './window';
import type { AnalysedWindow } from './window';

export class WindowStore {
  readonly #windows = new Map<string, AnalysedWindow>();
  readonly #growing = new Map<string, GrowingWindow>();

  /** Fails with `unknownWindow`. */
  get(name: string): AnalysedWindow {
    const window = this.#windows.get(name);
    if (!window) throw unknownWindow();
    return window;
  }

  /**
   * The window with this layer, `null`: with all of them; one under analysis is waited for as
   * long as that takes. Fails as {@link get}, as the analysis does, or with `cancelled`.
   */
  reach(name: string, layer: number | null, signal: AbortSignal): Promise<AnalysedWindow> {
    const growing = this.#windows.has(name) ? undefined : this.#growing.get(name);
    if (!growing) return Promise.resolve(this.get(name));
    return until(growing.upTo(layer === null ? Infinity : layer + 1), signal);
  }

  /** Keeps under the name what `analyse` comes by, of which each layer can be read when it is there. */
  async grow(
    name: string,
    analyse: (growing: GrowingWindow) => Promise<AnalysedWindow>,
  ): Promise<AnalysedWindow> {
    const growing = new GrowingWindow();
    this.#growing.set(name, growing);
    try {
      const analysis = analyse(growing).then((window) => {
        this.put(name, window);
        return window;
      });
      return await growing.follow(analysis);
    } finally {
      if (this.#growing.get(name) === growing) this.#growing.delete(name);
    }
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
