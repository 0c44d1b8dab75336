/** Numbers written as a list, CSV or lines, with their places in the text. */
import * as l10n from '@vscode/l10n';
import { ChapterError } from './chapterError';

/** One number and where it stands, in UTF-16 code units, half-open. */
export interface WrittenNumber {
  value: number;
  start: number;
  end: number;
}

/** Blanks, line ends, commas, semicolons (also the Chinese ones) and brackets stand between numbers. */
const PIECE = /[^\s,;，、；[\](){}]+/gu;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity|∞)$/i;
/** Longer pieces are cut in messages. */
const QUOTED_LENGTH = 24;

/**
 * The numbers of a text in order: decimal, with sign and exponent as one likes.
 * `offset` is added to their places and `line` is the first line's number, from 1.
 * Throws ChapterError `numbers` for text among them, NaN, infinities and overflow.
 */
export function readNumbers(text: string, offset = 0, line = 1): WrittenNumber[] {
  return Array.from(text.matchAll(PIECE), (match) => {
    const piece = match[0];
    const value = Number(piece);
    if (!NUMBER.test(piece) || !Number.isFinite(value)) {
      throw new ChapterError(
        'numbers',
        complaint(piece, line + lineBreaks(text.slice(0, match.index))),
      );
    }
    const start = offset + match.index;
    return { value, start, end: start + piece.length };
  });
}

/** What stands between separators. */
export function piecesOf(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** Whether a piece is written as a number, be it one that cannot be computed with. */
export function isNumberLike(piece: string): boolean {
  return NUMBER.test(piece) || NOT_FINITE.test(piece);
}

/** How many lines end in a text; they end at \n, \r\n and \r. */
export function lineBreaks(text: string): number {
  return (text.match(/\r\n|\r|\n/g) ?? []).length;
}

/** A piece of a document for a message, cut where it is long. */
export function quoted(piece: string): string {
  const characters = Array.from(piece);
  if (characters.length <= QUOTED_LENGTH) return piece;
  return `${characters.slice(0, QUOTED_LENGTH).join('')}…`;
}

function complaint(piece: string, line: number): string {
  if (NOT_FINITE.test(piece) || NUMBER.test(piece)) {
    return l10n.t(
      'Line {0}: {1} cannot be computed with; write finite numbers only.',
      line,
      quoted(piece),
    );
  }
  return l10n.t(
    'Line {0}: "{1}" is not a number; this document may hold numbers, commas and line breaks only.',
    line,
    quoted(piece),
  );
}
