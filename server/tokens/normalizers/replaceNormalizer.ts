import type { Regex } from '../regex/regex';
import type { TracedText } from '../tracedText';
import { TracedTextBuilder } from '../tracedTextBuilder';
import { checkExpansion } from './expansionLimit';
import type { Normalizer } from './normalizer';

/**
 * Replaces every match of a pattern. As in the reference, what stands there then has
 * the range of the last character that was replaced.
 */
export class ReplaceNormalizer implements Normalizer {
  readonly local = false;
  readonly localBeforeSpace: boolean;

  constructor(
    private readonly pattern: Regex,
    private readonly content: string,
  ) {
    const keepsVisible = !pattern.endsVisibly || /[!-~]$/.test(content);
    const keepsSpace = !pattern.startsWithSpace || content.startsWith(' ');
    this.localBeforeSpace = pattern.cutBeforeSpace && keepsVisible && keepsSpace;
  }

  normalize(traced: TracedText): TracedText {
    const { text, starts, ends } = traced;
    const matches = text === '' ? [] : this.pattern.matches(text, 0, text.length);
    if (matches.length === 0) return traced;
    checkExpansion(text.length + matches.length * this.content.length, traced);
    const out = new TracedTextBuilder(text.length);
    let done = 0;
    for (const { start, end } of matches) {
      out.pushTraced(traced, done, start);
      const first = starts[0]!;
      if (end === 0) out.pushText(this.content, first, first);
      else out.pushText(this.content, starts[end - 1]!, ends[end - 1]!);
      done = end;
    }
    out.pushTraced(traced, done, text.length);
    return out.finish();
  }
}
