import type { TracedText } from '../tracedText';
import { checkExpansion } from './expansionLimit';
import type { Normalizer } from './normalizer';

/** One normalizer after the other; none at all leaves the text as it is. */
export class NormalizerSequence implements Normalizer {
  readonly local: boolean;
  readonly localBeforeSpace: boolean;

  constructor(private readonly members: readonly Normalizer[]) {
    this.local = members.every((member) => member.local);
    this.localBeforeSpace = members.every((member) => member.localBeforeSpace ?? member.local);
  }

  normalize(text: TracedText): TracedText {
    return this.members.reduce((result, member) => {
      const normal = member.normalize(result);
      checkExpansion(normal.text.length, result);
      return normal;
    }, text);
  }
}
