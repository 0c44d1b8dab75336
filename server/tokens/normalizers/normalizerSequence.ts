import type { TracedText } from '../tracedText';
import type { Normalizer } from './normalizer';

/** One normalizer after the other; none at all leaves the text as it is. */
export class NormalizerSequence implements Normalizer {
  readonly local: boolean;

  constructor(private readonly members: readonly Normalizer[]) {
    this.local = members.every((member) => member.local);
  }

  normalize(text: TracedText): TracedText {
    return this.members.reduce((result, member) => member.normalize(result), text);
  }
}
