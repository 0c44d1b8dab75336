import type { TracedText } from '../tracedText';

/** One way to rewrite text before it is split; keeps track of where each unit came from. */
export interface Normalizer {
  normalize(text: TracedText): TracedText;
  /**
   * Whether a text may be cut before or behind any whitespace character and
   * normalizing the two parts still gives, joined, what the whole gives.
   */
  readonly local: boolean;
  /**
   * The same for a cut between a visible character of ASCII and a space; also, whether
   * the one then stays visible and the other a space unless they are replaced in any text.
   * Not said means: as `local`.
   */
  readonly localBeforeSpace?: boolean;
}
