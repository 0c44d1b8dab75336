import type { Ramp } from '../color/ramp';
import { colorize, type WeightScale } from '../color/scale';
import { fadeBelow } from '../map/fade';
import { axisLabels } from '../map/labels';
import type { MaskedCells } from '../map/maskedCells';
import type { Cell, Span } from '../map/viewport';
import { t } from '../text';
import { SMALL, type Figure } from './figure';
import { encodePng, pngAddress } from './png';
import type { Region } from './readRegion';

/** A picture of few cells is drawn with many pixels each: not every program keeps their edges sharp. */
const LEAST_PIXELS = 1200;
const MOST_PIXELS_A_CELL = 32;
const GRID_FROM_CELL = 12;
const LINE = 13;
const GUTTER = { least: 46, most: 130 };
const HATCH = 7;

/** One map with its axes: a rectangle of queries and keys. */
export interface MapDrawing {
  region: Region;
  queries: Span;
  keys: Span;
  scale: WeightScale;
  ramp: Ramp;
  /** By token (or word), as they are written on the axes. */
  texts: readonly string[];
  special: ReadonlySet<number>;
  /** Tokens to be named whatever else is. */
  marked?: { queries: readonly number[]; keys: readonly number[] };
  /** The chosen cell. */
  chosen?: Cell | null;
  masked?: Pick<MaskedCells, 'seen'> | null;
  /** Tokens that the map has no row and no column of. */
  absent?: ReadonlySet<number>;
  /** Tokens that are written struck through. */
  struck?: ReadonlySet<number>;
  /** By query: what weighs less is faded. */
  thresholds?: Float32Array | null;
}

interface Place {
  x: number;
  y: number;
  cell: number;
}

/** Draws a map as large as fits; returns where it ends. */
export function drawMap(
  figure: Figure,
  area: { x: number; y: number; width: number; height: number },
  map: MapDrawing,
): { right: number; bottom: number } {
  const { queries, keys } = map;
  const gutter = gutterOf(figure, map);
  const [rows, columns] = [queries[1] - queries[0], keys[1] - keys[0]];
  const cell = Math.min((area.width - gutter) / columns, (area.height - gutter) / rows);
  const place = { x: area.x + gutter, y: area.y + gutter, cell };
  const [width, height] = [columns * cell, rows * cell];
  figure.svg.image(place.x, place.y, width, height, mapImage(figure, map));
  if (map.masked) drawMask(figure, place, map, map.masked);
  if (map.absent?.size) drawAbsent(figure, place, map, map.absent);
  if (cell >= GRID_FROM_CELL) drawGrid(figure, place, rows, columns);
  figure.svg.rect(place.x, place.y, width, height, { stroke: figure.theme.line });
  if (map.chosen) drawChosen(figure, place, map, map.chosen);
  drawAxes(figure, place, map);
  return { right: place.x + width, bottom: place.y + height };
}

function gutterOf(figure: Figure, { texts, queries, keys }: MapDrawing): number {
  const shown = [...texts.slice(...queries), ...texts.slice(...keys)];
  const needed = shown.map((text) => figure.svg.measure(text.slice(0, 40), SMALL, figure.mono));
  return Math.ceil(Math.min(GUTTER.most, Math.max(GUTTER.least, ...needed.map((one) => one + 12))));
}

/** The cells as pixels, several each where there are few. */
function mapImage(figure: Figure, map: MapDrawing): string {
  const { region, scale, ramp, queries, keys, thresholds } = map;
  const { rows, columns, values } = region;
  const pixels = new Uint8ClampedArray(4 * rows * columns);
  colorize(values, 1, scale, ramp, pixels);
  const pool = (queries[1] - queries[0]) / rows;
  if (thresholds)
    fadeBelow(
      { pool, queries, keys, rows, columns, values, unit: 1 },
      thresholds,
      figure.theme.background,
      pixels,
    );
  const times = timesLarger(Math.max(rows, columns));
  const larger = enlarged(pixels, rows, columns, times);
  return pngAddress(encodePng(larger, columns * times, rows * times));
}

/** How many pixels of a side a cell is drawn with, where there are so many cells. */
export function timesLarger(cells: number): number {
  return Math.max(1, Math.min(MOST_PIXELS_A_CELL, Math.floor(LEAST_PIXELS / cells)));
}

/** Each pixel `times` × `times` as large. */
export function enlarged(
  pixels: Uint8ClampedArray,
  rows: number,
  columns: number,
  times: number,
): Uint8ClampedArray {
  if (times === 1) return pixels;
  const from = new Uint32Array(pixels.buffer, pixels.byteOffset, rows * columns);
  const to = new Uint32Array(rows * columns * times * times);
  const width = columns * times;
  for (let row = 0; row < rows; row++) {
    const start = row * times * width;
    for (let column = 0; column < columns; column++)
      to.fill(from[row * columns + column]!, start + column * times, start + (column + 1) * times);
    for (let again = 1; again < times; again++)
      to.copyWithin(start + again * width, start, start + width);
  }
  return new Uint8ClampedArray(to.buffer);
}

function drawGrid(
  { svg, theme }: Figure,
  { x, y, cell }: Place,
  rows: number,
  columns: number,
): void {
  let data = '';
  for (let column = 1; column < columns; column++)
    data += `M${x + column * cell} ${y}v${rows * cell}`;
  for (let row = 1; row < rows; row++) data += `M${x} ${y + row * cell}h${columns * cell}`;
  svg.path(data, { stroke: theme.foreground, opacity: 0.1 });
}

/** What the model hides from its queries is hatched: there is no weight, not even zero. */
function drawMask(
  figure: Figure,
  { x, y, cell }: Place,
  { queries, keys }: MapDrawing,
  masked: Pick<MaskedCells, 'seen'>,
): void {
  const at = (key: number): number =>
    x + (Math.min(Math.max(key, keys[0]), keys[1]) - keys[0]) * cell;
  let data = '';
  for (let query = queries[0]; query < queries[1]; query++) {
    const [start, end] = masked.seen(query);
    const top = y + (query - queries[0]) * cell;
    data += hatching(x, at(start), top, cell) + hatching(at(end), at(keys[1]), top, cell);
  }
  figure.svg.path(data, { stroke: figure.theme.muted, opacity: 0.3 });
}

/** Rows and columns that are not there are hatched: they hold no weights, not even zeros. */
function drawAbsent(
  figure: Figure,
  { x, y, cell }: Place,
  { queries, keys }: MapDrawing,
  absent: ReadonlySet<number>,
): void {
  const right = x + (keys[1] - keys[0]) * cell;
  const columns = [...absent].filter((key) => key >= keys[0] && key < keys[1]);
  let data = '';
  for (let query = queries[0]; query < queries[1]; query++) {
    const top = y + (query - queries[0]) * cell;
    if (absent.has(query)) data += hatching(x, right, top, cell);
    else
      for (const key of columns) {
        const left = x + (key - keys[0]) * cell;
        data += hatching(left, left + cell, top, cell);
      }
  }
  figure.svg.path(data, { stroke: figure.theme.muted, opacity: 0.3 });
}

/** Strokes along x + y = constant, so that the hatching goes on from row to row. */
export function hatching(left: number, right: number, top: number, height: number): string {
  let data = '';
  const first = Math.ceil((left + top) / HATCH) * HATCH;
  for (let sum = first; left < right && sum < right + top + height; sum += HATCH) {
    const from = Math.max(left, sum - top - height);
    const to = Math.min(right, sum - top);
    if (to > from) data += `M${n(from)} ${n(sum - from)}L${n(to)} ${n(sum - to)}`;
  }
  return data;
}

const n = (value: number): string => String(Math.round(value * 10) / 10);

function drawChosen(figure: Figure, { x, y, cell }: Place, map: MapDrawing, chosen: Cell): void {
  const { queries, keys } = map;
  const { svg, theme } = figure;
  if (chosen.query < queries[0] || chosen.query >= queries[1]) return;
  if (chosen.key < keys[0] || chosen.key >= keys[1]) return;
  const left = x + (chosen.key - keys[0]) * cell;
  const top = y + (chosen.query - queries[0]) * cell;
  const right = x + (keys[1] - keys[0]) * cell;
  const bottom = y + (queries[1] - queries[0]) * cell;
  for (const at of [top, top + cell]) svg.line(x, at, right, at, { stroke: theme.reads });
  for (const at of [left, left + cell])
    svg.line(at, y, at, bottom, { stroke: theme.readBy, dash: [4, 3] });
  svg.rect(left - 1, top - 1, cell + 2, cell + 2, { stroke: theme.foreground, width: 2 });
}

function drawAxes(figure: Figure, place: Place, map: MapDrawing): void {
  const { svg, theme, mono } = figure;
  const { queries, keys, texts, special, struck, chosen } = map;
  const { x, y, cell } = place;
  const labels = ([start, end]: Span, marked: readonly number[]) =>
    axisLabels({
      start,
      end,
      offset: -start * cell,
      cell,
      length: (end - start) * cell,
      lineHeight: LINE,
      marked,
    });
  const style = (token: number, marked: boolean, color: string) => ({
    size: SMALL,
    family: mono,
    fill: marked ? color : special.has(token) ? theme.muted : theme.foreground,
    ...(marked ? { weight: 'bold' as const } : {}),
    ...(!marked && special.has(token) ? { style: 'italic' as const } : {}),
    ...(struck?.has(token) ? { struck: true } : {}),
  });
  const own = (token: number | undefined): number[] => (token === undefined ? [] : [token]);
  const room = GUTTER.most - 10;
  const rows = labels(queries, [...own(chosen?.query), ...(map.marked?.queries ?? [])]);
  for (const { token, at, marked } of rows)
    svg.fittedText(x - 6, y + at + 4, texts[token] ?? '', room, {
      ...style(token, marked, theme.reads),
      anchor: 'end',
    });
  const columns = labels(keys, [...own(chosen?.key), ...(map.marked?.keys ?? [])]);
  for (const { token, at, marked } of columns)
    svg.fittedText(x + at + 4, y - 6, texts[token] ?? '', room, {
      ...style(token, marked, theme.readBy),
      turn: -90,
    });
  const small = { fill: theme.muted, size: 10, anchor: 'end' as const };
  svg.text(x - 6, y - 6, t('query ↓'), small);
  svg.text(x - 6, y - 20, t('key →'), small);
}
