/** A window under analysis: a question about one layer waits for that layer alone. */
import { Deferred } from './deferred';
import type { AnalysedWindow } from './window';

export class GrowingWindow {
  readonly #waiting: { layers: number; reached: Deferred<AnalysedWindow> }[] = [];
  #there: { window: AnalysedWindow; layers: number } | undefined;

  /** Resolves once the first `layers` layers are there, or all of them; rejects as the analysis does. */
  upTo(layers: number): Promise<AnalysedWindow> {
    if (this.#there && layers <= this.#there.layers) return Promise.resolve(this.#there.window);
    const reached = new Deferred<AnalysedWindow>();
    this.#waiting.push({ layers, reached });
    return reached.promise;
  }

  /** So many layers of the window can be read; {@link follow} tells of the last ones. */
  grown(window: AnalysedWindow, layers: number): void {
    this.#there = { window, layers };
    for (const each of this.#waiting.filter((one) => one.layers <= layers)) {
      this.#waiting.splice(this.#waiting.indexOf(each), 1);
      each.reached.resolve(window);
    }
  }

  /** As the analysis, with which all waiting ends. */
  async follow(analysis: Promise<AnalysedWindow>): Promise<AnalysedWindow> {
    try {
      const window = await analysis;
      this.grown(window, Infinity);
      return window;
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      for (const { reached } of this.#waiting.splice(0)) reached.reject(reason);
      throw error;
    }
  }
}
