import type { TracedText } from '../tracedText';
import { TracedTextBuilder } from '../tracedTextBuilder';
import { checkExpansion } from './expansionLimit';
import type { Normalizer } from './normalizer';

/** Puts a text in front, with the range of the first character that was there. */
export class PrependNormalizer implements Normalizer {
  readonly local = false;

  constructor(private readonly content: string) {}

  normalize(traced: TracedText): TracedText {
    checkExpansion(traced.text.length + this.content.length, traced);
    return prepend(traced, this.content);
  }
}

/** An empty text stays empty. */
export function prepend(traced: TracedText, content: string): TracedText {
  const { text, starts, ends } = traced;
  if (text === '') return traced;
  const out = new TracedTextBuilder(text.length + content.length);
  // Both halves of a pair have the range of the pair.
  out.pushText(content, starts[0]!, ends[0]!);
  out.pushTraced(traced, 0, text.length);
  return out.finish();
}
