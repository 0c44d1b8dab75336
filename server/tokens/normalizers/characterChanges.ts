import type { TracedText } from '../tracedText';
import { TracedTextBuilder } from '../tracedTextBuilder';

/**
 * A character of the text to be, and how it came about, as the reference counts it:
 * 0 replaces the next character of the source, 1 is inserted behind what came before,
 * −n replaces the next one and swallows n more.
 */
export interface CharacterChange {
  readonly character: string;
  readonly change: number;
}

/**
 * Rewrites a text by changes in order. A replacement has the range of the one
 * character it replaces, without those it swallows; an insertion that of the
 * character before it.
 */
export function applyChanges(traced: TracedText, changes: readonly CharacterChange[]): TracedText {
  const out = new TracedTextBuilder(traced.text.length);
  const source = new CharacterCursor(traced);
  for (const { character, change } of changes) {
    if (change <= 0) source.advance();
    const { start, end } = source;
    out.pushText(character, start, end);
    for (let swallowed = change; swallowed < 0; swallowed++) source.advance();
  }
  return out.finish();
}

/** The range of the character that was passed last. */
class CharacterCursor {
  start = 0;
  end = 0;
  private at = 0;

  constructor(private readonly traced: TracedText) {}

  advance(): void {
    const { text, starts, ends } = this.traced;
    const width = text.codePointAt(this.at)! > 0xffff ? 2 : 1;
    this.start = starts[this.at]!;
    this.end = ends[this.at + width - 1]!;
    this.at += width;
  }
}
