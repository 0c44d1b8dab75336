/** One token's label along an axis. */
export interface AxisLabel {
  token: number;
  /** Middle of the token's row or column, CSS pixels along the axis. */
  at: number;
  /** Asked for by name (cursor, selection, pointer): it is drawn whatever stands beside it. */
  marked: boolean;
}

export interface AxisRequest {
  /** Tokens in sight, half-open. */
  start: number;
  end: number;
  /** Place of token 0's edge along the axis, and pixels a token. */
  offset: number;
  cell: number;
  /** Length of the axis: labels stay inside it. */
  length: number;
  /** What one line of text needs along the axis. */
  lineHeight: number;
  /** Most important first; one that has no room beside a more important one is left out. */
  marked: readonly number[];
}

const STEPS = [1, 2, 5];

/** The first of 1, 2, 5, 10, 20, 50 … tokens that leaves room for a line of text. */
export function labelStep(cell: number, lineHeight: number): number {
  for (let power = 1; ; power *= 10)
    for (const step of STEPS) if (step * power * cell >= lineHeight) return step * power;
}

/**
 * Which labels an axis shows, in order: as many as fit on a regular step, fewer rather than
 * smaller, and never two within a line's height of each other. Marked tokens come first.
 */
export function axisLabels(request: AxisRequest): AxisLabel[] {
  const { start, end, offset, cell, length, lineHeight } = request;
  const middle = (token: number): number => offset + (token + 0.5) * cell;
  const labels: AxisLabel[] = [];
  const add = (token: number, marked: boolean): void => {
    const at = Math.min(length - lineHeight / 2, Math.max(lineHeight / 2, middle(token)));
    const shifted = Math.abs(at - middle(token));
    if (!marked && shifted > cell / 2 + lineHeight / 4) return;
    if (labels.some((label) => Math.abs(label.at - at) < lineHeight - 1e-6)) return;
    labels.push({ token, at, marked });
  };
  for (const token of request.marked) if (token >= start && token < end) add(token, true);
  const step = labelStep(cell, lineHeight);
  for (let token = Math.ceil(start / step) * step; token < end; token += step) add(token, false);
  return labels.sort((a, b) => a.at - b.at);
}
