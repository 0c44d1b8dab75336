/** The analysed windows of one model, by name. */
import { GrowingWindow } from './growing';
import { crossWindow, pairName } from './pairNames';
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
    const pair = pairName(name);
    const growing = this.#windows.has(name) ? undefined : this.#growing.get(pair);
    if (!growing) return Promise.resolve(this.get(name));
    // What is across two texts is there when all of both is.
    if (pair !== name) return until(growing.upTo(Infinity), signal).then(() => this.get(name));
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
    this.#drop(name);
    this.#windows.set(name, window);
  }

  /** With what was computed together with them; unknown names are ignored. */
  forget(names: readonly string[]): void {
    for (const name of names) {
      this.#drop(name);
      this.#drop(crossWindow(name));
    }
  }

  clear(): void {
    this.forget([...this.#windows.keys()]);
  }

  #drop(name: string): void {
    this.#windows.get(name)?.release();
    this.#windows.delete(name);
  }
}
