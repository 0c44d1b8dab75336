import { SMALL, type Figure } from './figure';

/** One column of a drawn table. */
export interface Column {
  title: string;
  /** CSS pixels. */
  width: number;
  /** Numbers stand at the right, names at the left, bars begin at the left (or in the middle for both signs). */
  kind: 'number' | 'name' | 'bar' | 'signedBar';
}

/** A text, or for a bar a share from −1 to 1. */
export type TableCell = string | number;

const ROW = 17;

/** Draws a table of numbers, names and bars; rows in `strong` are bold. Returns where it ends. */
export function drawTable(
  figure: Figure,
  x: number,
  y: number,
  columns: readonly Column[],
  rows: readonly (readonly TableCell[])[],
  strong: ReadonlySet<number> = new Set(),
): number {
  const { svg, theme } = figure;
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const header = { fill: theme.muted, size: 10 };
  columns.reduce((left, column) => {
    const right = column.kind === 'number';
    svg.text(right ? left + column.width - 8 : left, y + 11, column.title, {
      ...header,
      anchor: right ? 'end' : 'start',
    });
    return left + column.width;
  }, x);
  svg.line(x, y + ROW - 1, x + width, y + ROW - 1, { stroke: theme.line });
  rows.forEach((row, at) => drawRow(figure, x, y + ROW * (at + 1), columns, row, strong.has(at)));
  return y + ROW * (rows.length + 1);
}

function drawRow(
  figure: Figure,
  x: number,
  y: number,
  columns: readonly Column[],
  row: readonly TableCell[],
  strong: boolean,
): void {
  const { svg, theme, mono } = figure;
  const weight = strong ? { weight: 'bold' as const } : {};
  columns.reduce((left, { width, kind }, at) => {
    const cell = row[at] ?? '';
    if (typeof cell === 'number') drawBar(figure, left, y, width - 12, kind, cell);
    else if (kind === 'number')
      svg.text(left + width - 8, y + 12, cell, {
        fill: theme.foreground,
        size: SMALL,
        anchor: 'end',
        ...weight,
      });
    else
      svg.fittedText(left, y + 12, cell, width - 8, {
        fill: theme.foreground,
        size: SMALL,
        family: mono,
        ...weight,
      });
    return left + width;
  }, x);
}

function drawBar(
  { svg, theme }: Figure,
  left: number,
  y: number,
  width: number,
  kind: Column['kind'],
  share: number,
): void {
  const room = kind === 'signedBar' ? width / 2 : width;
  const zero = kind === 'signedBar' ? left + room : left;
  const length = Math.min(1, Math.abs(share)) * room;
  const fill = share < 0 ? theme.readBy : theme.reads;
  svg.rect(share < 0 ? zero - length : zero, y + 4, length, 9, { fill });
  if (kind === 'signedBar') svg.line(zero, y + 2, zero, y + 15, { stroke: theme.muted });
}
