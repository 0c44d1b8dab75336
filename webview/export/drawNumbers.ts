import { colorize, type WeightScale } from '../color/scale';
import { compact } from '../format';
import { axisLabels } from '../map/labels';
import { enlarged } from './drawMap';
import { SMALL, type Figure } from './figure';
import { encodePng, pngAddress } from './png';

const GUTTER = 112;
const LINE = 13;
const COLUMN_ROOM = 44;
const PIXELS = 1400;

/** A matrix of numbers with signs. */
export interface NumbersDrawing {
  heading: string;
  /** What the colours stand for. */
  caption: string;
  /** One name a row. */
  rows: readonly string[];
  columns: number;
  /** The number of the first column; 0 unless given. */
  firstColumn?: number;
  /** float32 [row, column] */
  values: Float32Array;
  scale: WeightScale;
}

/** Draws a matrix with names beside it and its legend below; returns where it ends. */
export function drawNumbers(
  figure: Figure,
  { heading, caption, rows, columns, firstColumn = 0, values, scale }: NumbersDrawing,
  width: number,
  room: number,
): number {
  const { svg, theme } = figure;
  const top = figure.caption(figure.x, figure.y, heading, width) + 16;
  const area = { x: figure.x + GUTTER, y: top, width: width - GUTTER, height: room };
  const pixels = new Uint8ClampedArray(4 * rows.length * columns);
  colorize(values, 1, scale, theme.diverging, pixels);
  const times = Math.max(1, Math.min(8, Math.floor(PIXELS / Math.max(rows.length, columns))));
  const png = encodePng(
    enlarged(pixels, rows.length, columns, times),
    columns * times,
    rows.length * times,
  );
  svg.image(area.x, area.y, area.width, area.height, pngAddress(png));
  svg.rect(area.x, area.y, area.width, area.height, { stroke: theme.line });
  const down = { start: 0, end: rows.length, offset: 0, cell: room / rows.length, length: room };
  for (const { token, at } of axisLabels({ ...down, lineHeight: LINE, marked: [] }))
    svg.fittedText(area.x - 6, area.y + at + 4, rows[token] ?? '', GUTTER - 10, {
      fill: theme.foreground,
      size: SMALL,
      family: figure.mono,
      anchor: 'end',
    });
  const cell = area.width / columns;
  const across = {
    ...{ start: firstColumn, end: firstColumn + columns, offset: -firstColumn * cell, cell },
    ...{ length: area.width, lineHeight: COLUMN_ROOM, marked: [] },
  };
  for (const { token, at } of axisLabels(across))
    svg.text(area.x + at, area.y - 5, String(token).replace('-', '−'), {
      fill: theme.muted,
      size: 10,
      anchor: 'middle',
    });
  return figure.legend(figure.x, area.y + room + 16, scale, { caption, format: compact }).bottom;
}
