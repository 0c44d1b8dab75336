/**
 * Whether anybody would notice if the engine worked on its own account: not while somebody
 * types or waits for an answer, nor for long after the person has turned to something else.
 */

/** Typing has paused. */
const AFTER_EDIT_MS = 1000;
/** Questions come in bursts: one hover leads to the next. */
const AFTER_QUESTION_MS = 200;
/** Nobody looks at the editor any more: what is ready by then will do. */
const AWAY_MS = 60_000;

export class Activity {
  readonly #now: () => number;
  readonly #stirred: () => void;
  readonly #settled: () => void;
  #questions = 0;
  #calmFrom = 0;
  #awaySince: number | undefined;

  /**
   * `stirred` runs when somebody types, or waits for something that is not there yet;
   * `settled` when it is worth asking again for {@link wait}.
   */
  constructor(now: () => number, stirred: () => void, settled: () => void) {
    this.#now = now;
    this.#stirred = stirred;
    this.#settled = settled;
  }

  /** Milliseconds until idle work may begin; undefined while that depends on somebody. */
  get wait(): number | undefined {
    if (this.#questions > 0) return undefined;
    const now = this.#now();
    if (this.#awaySince !== undefined && now - this.#awaySince >= AWAY_MS) return undefined;
    return Math.max(0, this.#calmFrom - now);
  }

  edited(): void {
    this.#calmFor(AFTER_EDIT_MS);
    this.#stirred();
    this.#settled();
  }

  /** A question is under way until the answer's `end` is called; then there may be more for a while. */
  question(afterMs = AFTER_QUESTION_MS): { needsAnalysis(): void; end(): void } {
    this.#questions++;
    return {
      needsAnalysis: () => this.#stirred(),
      end: () => {
        this.#questions--;
        this.#calmFor(afterMs);
        this.#settled();
      },
    };
  }

  /** The editor has the focus, or has lost it. */
  focused(focused: boolean): void {
    this.#awaySince = focused ? undefined : (this.#awaySince ?? this.#now());
    this.#settled();
  }

  #calmFor(ms: number): void {
    this.#calmFrom = Math.max(this.#calmFrom, this.#now() + ms);
  }
}
