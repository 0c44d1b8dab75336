import { sliceTraced, type TracedText } from '../tracedText';
import { isWhiteSpace } from '../unicode/classes';
import type { Normalizer } from './normalizer';

/** Takes away whitespace at the ends of the text. */
export class StripNormalizer implements Normalizer {
  readonly local = false;

  constructor(private readonly sides: { readonly left: boolean; readonly right: boolean }) {}

  normalize(traced: TracedText): TracedText {
    const { text } = traced;
    let from = 0;
    let to = text.length;
    if (this.sides.left) while (from < to && isWhiteSpace(text.charAt(from))) from++;
    if (this.sides.right) while (to > from && isWhiteSpace(text.charAt(to - 1))) to--;
    return sliceTraced(traced, from, to);
  }
}
