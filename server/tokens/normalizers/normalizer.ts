import type { TracedText } from '../tracedText';

/** One way to rewrite text before it is split; keeps track of where each unit came from. */
export interface Normalizer {
  normalize(text: TracedText): TracedText;
  /**
   * Whether a text may be cut before or behind any whitespace character and
   * normalizing the two parts still gives, joined, what the whole gives.
   */
  readonly local: boolean;
}
