import type { Position, Range } from '../../server/protocol';

/** Negative, zero or positive as `one` stands before, at or after `other`. */
export function compare(one: Position, other: Position): number {
  return one.line - other.line || one.character - other.character;
}

/** True when two half-open ranges share a character, or touch where one is empty. */
export function overlaps(one: Range, other: Range): boolean {
  return compare(one.start, other.end) <= 0 && compare(other.start, one.end) <= 0;
}

export function contains(range: Range, position: Position): boolean {
  return compare(range.start, position) <= 0 && compare(position, range.end) < 0;
}

/**
 * The visible lines and one screen more on either side, so that scrolling a
 * little finds the text shaded already. Whole lines; clamped to the document.
 */
export function withMargin(visible: readonly Range[], lineCount: number): Range[] {
  return visible.map(({ start, end }) => {
    const screen = end.line - start.line + 1;
    return {
      start: { line: Math.max(0, start.line - screen), character: 0 },
      end: { line: Math.min(lineCount, end.line + screen + 1), character: 0 },
    };
  });
}

/**
 * The token at a position: the first whose range holds it, else the one that
 * ends at it, else null (the rule of the public protocol).
 */
export function tokenAt(ranges: readonly (Range | null)[], position: Position): number | null {
  let before: number | null = null;
  for (let token = 0; token < ranges.length; token++) {
    const range = ranges[token];
    if (!range) continue;
    if (contains(range, position)) return token;
    if (before === null && compare(range.end, position) === 0) before = token;
  }
  return before;
}
