import type { Theme } from '../color/theme';
import { axisLabels, type AxisLabel } from './labels';
import type { Area } from './paint';
import { visibleCells } from './viewport';

/** What one line of token text needs, CSS pixels, at the font size of the theme. */
export const LINE_HEIGHT = 14;
const PADDING = 6;
/** Length of the wedge at what was found. */
const WEDGE = 5;
/** Half of a pin's dot, and its distance from the map. */
const DOT = 3;
/** Room for "query ↓" in its corner. */
const LEAST_GUTTER = 52;
const LARGEST_GUTTER = 120;
/** Long tokens are rare; the gutter is as wide as nearly all need, and the rest are cut. */
const FITTING_SHARE = 0.97;
/** UTF-16 code units; no room is larger, but a token may be. */
const LONGEST_LABEL = 200;

/** The tokens along the axes, as they are drawn. */
export interface AxisTokens {
  texts: readonly string[];
  special: ReadonlySet<number>;
  /** Written struck through: what has no counterpart in what it is compared with. */
  struck?: ReadonlySet<number>;
}

/** Tokens to name whatever else is named, most important first. */
export interface MarkedTokens {
  queries: readonly number[];
  keys: readonly number[];
  /** What was searched for: marked on both axes. */
  found: readonly number[];
  /** What is pinned in the editor: a dot on both axes. */
  pinned: readonly number[];
}

export function axisFont(theme: Theme, weight = ''): string {
  return `${weight} ${theme.fontSize}px ${theme.font}`.trim();
}

/** How much room the labels get beside and above the map, CSS pixels. */
export function gutterSize(
  context: CanvasRenderingContext2D,
  tokens: AxisTokens,
  theme: Theme,
): number {
  context.font = axisFont(theme);
  const widths = tokens.texts
    .map((text) => context.measureText(text.slice(0, LONGEST_LABEL)).width)
    .sort((a, b) => a - b);
  const needed = widths[Math.floor((widths.length - 1) * FITTING_SHARE)] ?? 0;
  return Math.ceil(Math.min(LARGEST_GUTTER, Math.max(LEAST_GUTTER, needed + 2 * PADDING)));
}

/** Draws the labels of both axes: queries at the left, keys on top, read from below. */
export function paintAxes(
  context: CanvasRenderingContext2D,
  area: Area,
  tokens: AxisTokens,
  marked: MarkedTokens,
  theme: Theme,
): void {
  const { view, extent } = area;
  const { queries, keys } = visibleCells(view, extent);
  const line = { cell: view.cell, lineHeight: LINE_HEIGHT };
  context.textBaseline = 'middle';
  const rows = axisLabels({
    ...line,
    start: queries[0],
    end: queries[1],
    offset: view.top,
    length: view.height,
    marked: [...marked.queries, ...marked.pinned, ...marked.found],
  });
  const columns = axisLabels({
    ...line,
    start: keys[0],
    end: keys[1],
    offset: view.left,
    length: view.width,
    marked: [...marked.keys, ...marked.pinned, ...marked.found],
  });
  paintFound(context, area, marked.found, theme);
  paintPinned(context, area, marked.pinned, theme);
  context.textAlign = 'right';
  for (const label of rows) {
    style(context, label, tokens, theme, theme.reads);
    const text = fittedLabel(context, tokens.texts[label.token] ?? '', area.x - 2 * PADDING);
    context.fillText(text, area.x - PADDING, area.y + label.at);
    if (tokens.struck?.has(label.token)) strike(context, text, area.x - PADDING, area.y + label.at);
  }
  context.textAlign = 'left';
  for (const label of columns) {
    context.save();
    context.translate(area.x + label.at, area.y - PADDING);
    context.rotate(-Math.PI / 2);
    style(context, label, tokens, theme, theme.readBy);
    const text = fittedLabel(context, tokens.texts[label.token] ?? '', area.y - 2 * PADDING);
    context.fillText(text, 0, 0);
    if (tokens.struck?.has(label.token)) strike(context, text, 0, 0);
    context.restore();
  }
}

/** A line through a text that was just written, in the context's colour. */
function strike(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  const width = context.measureText(text).width;
  const left = context.textAlign === 'right' ? x - width : x;
  context.fillRect(left, Math.round(y), width, 1);
}

/** A wedge at each row and column that was found, pointing at it. */
function paintFound(
  context: CanvasRenderingContext2D,
  { x, y, view }: Area,
  found: readonly number[],
  theme: Theme,
): void {
  context.fillStyle = theme.found;
  context.beginPath();
  for (const token of found) {
    const across = view.left + (token + 0.5) * view.cell;
    const down = view.top + (token + 0.5) * view.cell;
    if (down >= 0 && down <= view.height) wedge(context, x - 1, y + down, WEDGE, 0);
    if (across >= 0 && across <= view.width) wedge(context, x + across, y - 1, 0, WEDGE);
  }
  context.fill();
}

function paintPinned(
  context: CanvasRenderingContext2D,
  { x, y, view }: Area,
  pinned: readonly number[],
  theme: Theme,
): void {
  for (const token of pinned) {
    const across = view.left + (token + 0.5) * view.cell;
    const down = view.top + (token + 0.5) * view.cell;
    if (down >= 0 && down <= view.height) dot(context, x - DOT, y + down, theme.reads);
    if (across >= 0 && across <= view.width) dot(context, x + across, y - DOT, theme.readBy);
  }
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, DOT - 0.5, 0, 2 * Math.PI);
  context.fill();
}

function wedge(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  dx: number,
  dy: number,
): void {
  context.moveTo(x, y);
  context.lineTo(x - dx - dy / 2, y - dy - dx / 2);
  context.lineTo(x - dx + dy / 2, y - dy + dx / 2);
  context.closePath();
}

function style(
  context: CanvasRenderingContext2D,
  { token, marked }: AxisLabel,
  { special }: AxisTokens,
  theme: Theme,
  color: string,
): void {
  const isSpecial = special.has(token);
  context.font = axisFont(theme, marked ? 'bold' : isSpecial ? 'italic' : '');
  context.fillStyle = marked ? color : isSpecial ? theme.muted : theme.foreground;
}

/** The text as far as there is room for it, CSS pixels, in the context's font. */
export function fittedLabel(
  context: CanvasRenderingContext2D,
  text: string,
  width: number,
): string {
  const readable = text.slice(0, LONGEST_LABEL);
  if (context.measureText(readable).width <= width) return readable;
  const characters = [...readable];
  while (characters.length > 1 && context.measureText(`${characters.join('')}…`).width > width)
    characters.pop();
  return `${characters.join('')}…`;
}

/** Names the two axes in the corner between them. */
export function paintCorner(
  context: CanvasRenderingContext2D,
  area: Area,
  names: { queries: string; keys: string },
  theme: Theme,
): void {
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'right';
  context.fillText(names.queries, area.x - PADDING, area.y - PADDING);
  context.save();
  context.translate(area.x - PADDING, area.y - PADDING - LINE_HEIGHT);
  context.fillText(names.keys, 0, 0);
  context.restore();
}
