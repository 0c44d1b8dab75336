/**
 * What was seen of whole windows: small next to their queries, keys and values, and kept
 * when a window gives those up, or its worker dies.
 */
import type { Params, Result } from './generation';

/** Methods whose answers are worth keeping. */
export type Summary = 'overview' | 'statistics';

/** Kept of one window; who asks for yet another size or reading loses the one asked for longest ago. */
const MOST_OF_A_WINDOW = 8;

export class Summaries {
  readonly #windows = new Map<string, Map<string, unknown>>();

  /** The answer to the same question, if it is still known. */
  get<M extends Summary>(method: M, params: Params<M>): Result<M> | undefined {
    return this.#windows.get(params.window)?.get(nameOf(method, params)) as Result<M> | undefined;
  }

  put<M extends Summary>(method: M, params: Params<M>, answer: Result<M>): void {
    const answers = this.#windows.get(params.window) ?? new Map<string, unknown>();
    this.#windows.set(params.window, answers);
    answers.set(nameOf(method, params), answer);
    const [oldest] = answers.keys();
    if (answers.size > MOST_OF_A_WINDOW) answers.delete(oldest!);
  }

  forget(windows: readonly string[]): void {
    for (const window of windows) this.#windows.delete(window);
  }

  clear(): void {
    this.#windows.clear();
  }
}

/** The question, whatever the order of its members. */
function nameOf(method: Summary, params: object): string {
  return JSON.stringify([method, ...Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
