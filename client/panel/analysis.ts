/** Waits for the server's analysis of what the panel looks at: one run at a time, the newest. */

/** One run: `wanted` turns false once another took its place. */
export interface AnalysisRun {
  signal: AbortSignal;
  onProgress: (share: number) => void;
  wanted: () => boolean;
}

export class Analysis {
  readonly #progressed: () => void;
  #running: AbortController | undefined;
  #progress: number | null = null;

  /** `progressed` is called whenever `progress` grew. */
  constructor(progressed: () => void) {
    this.#progressed = progressed;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** 0 … 1; null while none runs or nothing is known of it. */
  get progress(): number | null {
    return this.#progress;
  }

  /**
   * Runs `ask` in place of what runs. Resolves with its answer, or with undefined
   * when it was given up; rejects with its failure unless it was given up before.
   */
  async run<T>(ask: (run: AnalysisRun) => Promise<T>): Promise<T | undefined> {
    this.abort();
    const controller = new AbortController();
    this.#running = controller;
    const wanted = (): boolean => this.#running === controller;
    const onProgress = (share: number): void => {
      if (!wanted()) return;
      this.#progress = share;
      this.#progressed();
    };
    try {
      const answer = await ask({ signal: controller.signal, onProgress, wanted });
      return wanted() ? answer : undefined;
    } catch (error) {
      if (wanted()) throw error;
      return undefined;
    } finally {
      if (wanted()) this.#end();
    }
  }

  /** Gives up what runs. */
  abort(): void {
    this.#running?.abort();
    this.#end();
  }

  #end(): void {
    this.#running = undefined;
    this.#progress = null;
  }
}
