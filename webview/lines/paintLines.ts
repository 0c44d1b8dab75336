import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { axisFont, fittedLabel, LINE_HEIGHT, type AxisTokens } from '../map/axes';
import { axisLabels, type AxisLabel } from '../map/labels';
import type { Line } from './lineChoice';
import { middleOf, tokensInSight, type LinesPlace } from './geometry';

/** How a head's lines look: its colour, and dashes where the colours repeat. */
export interface LineStyle {
  color: string;
  dash: readonly number[];
}

/** Room between a label and the lines, CSS pixels. */
export const LABEL_GAP = 8;

const WIDEST = 3.4;
/** A line of one pixel is drawn many times as fast as any wider one, so that most are. */
const THIN = 1;
const THIN_UP_TO = 0.55;
const FAINTEST = 0.22;
/** Lines gather this far from the labels before they turn: near ends stay apart. */
export const BEND = 0.45;

/** The width and opacity of a line, by its place on the scale (0 … 1). */
export function lineLook(place: number): { width: number; opacity: number } {
  return {
    width:
      place <= THIN_UP_TO
        ? THIN
        : THIN + ((WIDEST - THIN) * (place - THIN_UP_TO)) / (1 - THIN_UP_TO),
    opacity: FAINTEST + (1 - FAINTEST) * place,
  };
}

/** Draws lines, those given last on top. */
export function paintLines(
  context: CanvasRenderingContext2D,
  place: LinesPlace,
  lines: readonly Line[],
  scale: WeightScale,
  styleOf: (line: Line) => LineStyle,
): void {
  // Where rows are small, wider lines would only cover each other.
  const widest = Math.max(THIN, place.row / 2);
  context.save();
  context.beginPath();
  context.rect(place.left, 0, place.right - place.left, place.height);
  context.clip();
  for (const line of lines) {
    const { width, opacity } = lineLook(scale.position(line.weight));
    const { color, dash } = styleOf(line);
    context.globalAlpha = opacity;
    context.lineWidth = Math.min(width, widest);
    context.strokeStyle = color;
    context.setLineDash(dash as number[]);
    context.beginPath();
    traceLine(context, place, line);
    context.stroke();
  }
  context.restore();
}

/** Draws one line over the others, as wide as it can be followed by eye. */
export function paintLine(
  context: CanvasRenderingContext2D,
  place: LinesPlace,
  line: Line,
  color: string,
): void {
  context.save();
  context.lineWidth = WIDEST;
  context.strokeStyle = color;
  context.beginPath();
  traceLine(context, place, line);
  context.stroke();
  context.restore();
}

export function traceLine(
  context: Pick<CanvasRenderingContext2D, 'moveTo' | 'bezierCurveTo'>,
  place: LinesPlace,
  { query, key }: Pick<Line, 'query' | 'key'>,
): void {
  const { left, right } = place;
  const bend = (right - left) * BEND;
  const from = middleOf(place, query);
  const to = middleOf(place, key);
  context.moveTo(left, from);
  context.bezierCurveTo(left + bend, from, right - bend, to, right, to);
}

/** What stands out among the labels of one column. */
export interface LabelMarks {
  /** Most important first; they have their label whatever stands beside them. */
  marked: readonly number[];
  /** 0 … 1 by token: how strongly it is tinted. */
  tints: ReadonlyMap<number, number>;
}

export interface LabelColors {
  theme: Theme;
  /** Of marked labels, and of the tints. */
  own: string;
  tint: string;
}

/** Draws one column of token labels: as many as fit, never two in one place. */
export function paintLabels(
  context: CanvasRenderingContext2D,
  place: LinesPlace,
  tokens: AxisTokens,
  side: 'queries' | 'keys',
  { marked, tints }: LabelMarks,
  { theme, own, tint: tintColor }: LabelColors,
): void {
  const [start, end] = tokensInSight(place, tokens.texts.length);
  const labels = axisLabels({
    start,
    end,
    offset: place.top,
    cell: place.row,
    length: place.height,
    lineHeight: LINE_HEIGHT,
    marked,
  });
  const room = place.left - LABEL_GAP - 2;
  const edge = side === 'queries' ? place.left : place.right;
  const x = side === 'queries' ? edge - LABEL_GAP : edge + LABEL_GAP;
  context.textBaseline = 'middle';
  context.textAlign = side === 'queries' ? 'right' : 'left';
  for (const [token, tint] of tints) {
    const y = middleOf(place, token);
    if (y < -place.row || y > place.height + place.row) continue;
    const height = Math.max(1.5, Math.min(place.row, LINE_HEIGHT + 2));
    const width = Math.max(4, Math.min(room, 64) * tint);
    context.globalAlpha = theme.highContrast ? 0.75 : 0.18 + 0.5 * tint;
    context.fillStyle = tintColor;
    context.fillRect(
      side === 'queries' ? edge - 3 - width : edge + 3,
      y - height / 2,
      width,
      height,
    );
  }
  context.globalAlpha = 1;
  for (const label of labels) {
    styleLabel(context, label, tokens, theme, own);
    context.fillText(fittedLabel(context, tokens.texts[label.token] ?? '', room), x, label.at);
  }
  paintTicks(context, place, labels, edge, side === 'queries' ? -1 : 1, theme);
}

function styleLabel(
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

/** Where rows are too small for a label each, a tick says which row a label belongs to. */
function paintTicks(
  context: CanvasRenderingContext2D,
  place: LinesPlace,
  labels: readonly AxisLabel[],
  edge: number,
  direction: 1 | -1,
  theme: Theme,
): void {
  if (place.row >= LINE_HEIGHT) return;
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  context.beginPath();
  for (const { token, at } of labels) {
    context.moveTo(edge + direction * (LABEL_GAP - 2), at);
    context.lineTo(edge + direction, middleOf(place, token));
  }
  context.stroke();
}
