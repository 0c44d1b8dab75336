import { isHighSurrogate, type TracedText } from '../tracedText';
import { TracedTextBuilder } from '../tracedTextBuilder';

const UNKNOWN = -1;
const LONGER = -2;

/**
 * Replaces every character by the text that a pure function gives for it; what it
 * becomes carries the character's range. Answers are remembered, so the function is
 * asked once a character.
 */
export class CharacterMap {
  /** [unit] → the one unit it becomes, or why it is not that simple. */
  private readonly single = new Int32Array(0x10000).fill(UNKNOWN);
  private readonly longer = new Map<number, string>();

  constructor(private readonly replacement: (character: string) => string) {}

  apply(traced: TracedText): TracedText {
    const { text, starts, ends } = traced;
    const out = new TracedTextBuilder(text.length);
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (this.single[unit] === UNKNOWN) this.learn(unit);
      const single = this.single[unit]!;
      if (single >= 0) {
        out.pushUnit(single, starts[at]!, ends[at]!);
        continue;
      }
      const start = starts[at]!;
      const codePoint = text.codePointAt(at)!;
      if (codePoint > 0xffff) at++;
      out.pushText(this.look(codePoint), start, ends[at]!);
    }
    return out.finish();
  }

  private learn(unit: number): void {
    // Half of a pair says nothing about the pair.
    const text = isHighSurrogate(unit) ? '' : this.look(unit);
    this.single[unit] = text.length === 1 ? text.charCodeAt(0) : LONGER;
  }

  private look(codePoint: number): string {
    let text = this.longer.get(codePoint);
    if (text === undefined) {
      text = this.replacement(String.fromCodePoint(codePoint));
      this.longer.set(codePoint, text);
    }
    return text;
  }
}
