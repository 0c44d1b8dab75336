import { clampOffset, visibleSpan, type Span } from '../map/viewport';

/** Where both columns of tokens stand: lengths in CSS pixels. */
export interface LinesPlace {
  width: number;
  height: number;
  /** Pixels a token. */
  row: number;
  /** Place of token 0's edge; never positive. */
  top: number;
  /** Where lines begin (right edge of the queries' labels) and end (left edge of the keys'). */
  left: number;
  right: number;
}

/** At this size each token has a line of its own, with a little air. */
export const READABLE_ROW = 18;
const LARGEST_ROW = 32;
/** Smaller rows could not be told apart; more tokens than fit so are scrolled. */
const LEAST_ROW = 1;
/** Wider than this, lines of neighbours look like one. */
const LARGEST_GAP = 460;
const LEAST_GAP = 60;

/** The size of rows as kept, within what can be drawn; null is "all in sight". */
export function rowHeight(kept: number | null, count: number, height: number): number {
  const fit = Math.max(LEAST_ROW, Math.min(READABLE_ROW, height / Math.max(1, count)));
  return kept === null ? fit : Math.min(LARGEST_ROW, Math.max(fit, kept));
}

/**
 * Places both columns in the middle of the room, with `label` pixels for the names of tokens
 * at either side, less where there is little room.
 */
export function placeLines(request: {
  width: number;
  height: number;
  row: number;
  top: number;
  count: number;
  label: number;
}): LinesPlace {
  const { width, height, row, count } = request;
  const label = Math.min(request.label, Math.max(0, (width - LEAST_GAP) / 2));
  const gap = Math.min(LARGEST_GAP, width - 2 * label);
  const left = Math.round((width - gap) / 2);
  return {
    width,
    height,
    row,
    top: clampOffset(request.top, row * count, height),
    left,
    right: left + Math.round(gap),
  };
}

/** Tokens at least partly in sight. */
export function tokensInSight({ top, row, height }: LinesPlace, count: number): Span {
  return visibleSpan(top, row, height, count);
}

/** Middle of a token's row. */
export function middleOf({ top, row }: LinesPlace, token: number): number {
  return top + (token + 0.5) * row;
}

/** The token whose row a point is in; null above, below, and among the lines. */
export function tokenUnder(
  { left, right, top, row }: LinesPlace,
  count: number,
  x: number,
  y: number,
): number | null {
  if (x > left + 4 && x < right - 4) return null;
  const token = Math.floor((y - top) / row);
  return token >= 0 && token < count ? token : null;
}
