import type { Position, Range } from '../../server/protocol';

/** A run of text that the same tokens cover; none between them. */
export interface Segment {
  text: string;
  tokens: readonly number[];
}

/** One line of the document, without its end. */
export type Line = readonly Segment[];

interface Piece {
  start: number;
  end: number;
  token: number;
}

/** LSP's three line ends. */
const LINE_END = /\r\n|\n|\r/g;

/**
 * The text cut at the edges of its tokens, line by line: the segments of a line, joined, are the
 * line. Tokens may share text (bytes of one character do), and may go over line ends.
 *
 * @param text what stands in the document from `start` on
 * @param ranges by token, in the document; null for tokens that are not in the text
 */
export function textLines(
  text: string,
  start: Position,
  ranges: readonly (Range | null)[],
): Line[] {
  const lines = lineSpans(text);
  const offsetOf = ({ line, character }: Position): number => {
    const span = lines[line - start.line];
    if (!span) return line < start.line ? 0 : text.length;
    const from = line === start.line ? start.character : 0;
    return Math.min(span.end, Math.max(span.start, span.start + character - from));
  };
  const pieces = ranges.flatMap((range, token): Piece[] =>
    range ? [{ start: offsetOf(range.start), end: offsetOf(range.end), token }] : [],
  );
  return lines.map(({ start: from, end }) => cut(text, from, end, pieces));
}

function lineSpans(text: string): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let start = 0;
  for (const { index, 0: lineEnd } of text.matchAll(LINE_END)) {
    spans.push({ start, end: index });
    start = index + lineEnd.length;
  }
  return [...spans, { start, end: text.length }];
}

function cut(text: string, start: number, end: number, all: readonly Piece[]): Line {
  const pieces = all.filter((piece) => piece.start < end && piece.end > start);
  const inside = pieces.flatMap((piece) => [piece.start, piece.end]);
  const edges = [...new Set([start, end, ...inside])]
    .filter((edge) => edge >= start && edge <= end)
    .sort((a, b) => a - b);
  return edges.slice(1).map((edge, index) => {
    const from = edges[index]!;
    const tokens = pieces
      .filter((piece) => piece.start <= from && piece.end >= edge)
      .map(({ token }) => token);
    return { text: text.slice(from, edge), tokens };
  });
}
