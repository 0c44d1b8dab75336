import type { WeightScale } from '../../color/scale';
import { percentTick } from '../../format';
import type { DrawnHeads } from '../../lines/drawnHeads';
import { middleOf, placeLines, type LinesPlace } from '../../lines/geometry';
import { headStyle } from '../../lines/headStyles';
import type { Line } from '../../lines/lineChoice';
import { samples } from '../../lines/lineLegend';
import type { Isolated } from '../../lines/target';
import { LABEL_GAP, lineLook, traceLine, type LineStyle } from '../../lines/paintLines';
import type { AxisTokens } from '../../map/axes';
import { axisLabels } from '../../map/labels';
import type { Span } from '../../map/viewport';
import type { Session } from '../../session/session';
import { t } from '../../text';
import { headsName } from '../../lines/linesSentence';
import { encodingName, readingName, windowName } from '../../views/sentence';
import type { Exportable } from '../exportable';
import { SMALL, type Figure } from '../figure';
import { readRegion } from '../readRegion';
import { countedAxis, fieldAxis, namedAxis, type Axis, type NumberTable } from '../table';

/** What is not of the chosen token steps back. */
const BACK_OPACITY = 0.14;
const LEAST_ROW = 3;
const LINE = 13;
const LEGEND_LINE = 24;

export interface LinesPicture {
  session: Session;
  title: string;
  heads: DrawnHeads;
  axes: AxisTokens;
  lines: readonly Line[];
  scale: WeightScale;
  isolated: Isolated | null;
  sight: Span;
  /** CSS pixels of the view. */
  width: number;
  height: number;
}

/** The lines in sight, and the weights they were chosen from. */
export function linesExport(picture: LinesPicture): Exportable {
  return {
    title: picture.title,
    heading: headingOf(picture.session),
    width: Math.max(360, picture.width),
    tables: async (signal, progress) => [
      linesTable(picture),
      await weightsTable(picture, signal, progress),
    ],
    draw: (figure) => Promise.resolve(draw(figure, picture)),
  };
}

function headingOf(session: Session): string {
  const { reading, encoding } = session.selection;
  return [headsName(session), readingName(reading), encodingName(encoding), windowName(session)]
    .filter((part) => part !== null)
    .join(' · ');
}

function draw(figure: Figure, picture: LinesPicture): number {
  const { axes, sight, lines, isolated, heads } = picture;
  const count = sight[1] - sight[0];
  const row = Math.max(LEAST_ROW, Math.min(18, picture.height / Math.max(1, count)));
  const label = Math.min(
    120,
    Math.max(
      40,
      ...axes.texts
        .slice(...sight)
        .map((text) => figure.svg.measure(text.slice(0, 40), SMALL, figure.mono) + LABEL_GAP + 4),
    ),
  );
  const placed = placeLines({
    width: figure.width,
    height: row * count,
    row,
    top: 0,
    count,
    label,
  });
  const place: LinesPlace = {
    ...placed,
    top: figure.y - sight[0] * row,
    left: figure.x + placed.left,
    right: figure.x + placed.right,
  };
  const styles = heads.selections.map(({ head }) => headStyle(figure.theme, head));
  const styleOf = ({ head }: Line): LineStyle =>
    styles[head] ?? { color: figure.theme.foreground, dash: [] };
  const several = styles.length > 1;
  const between = { x: place.left, width: place.right - place.left, height: row * count };
  figure.svg.clipped(between.x, figure.y, between.width, between.height, () => {
    drawLines(figure, place, lines, picture.scale, styleOf, isolated ? BACK_OPACITY : 1);
    if (isolated)
      drawLines(figure, place, isolated.lines, picture.scale, (line) =>
        several
          ? styleOf(line)
          : line.query === isolated.token
            ? { color: figure.theme.reads, dash: [] }
            : { color: figure.theme.readBy, dash: [5, 3] },
      );
  });
  drawColumn(figure, place, picture, 'queries');
  drawColumn(figure, place, picture, 'keys');
  return drawLegend(figure, figure.y + row * count + 18, picture);
}

function drawLines(
  { svg }: Figure,
  place: LinesPlace,
  lines: readonly Line[],
  scale: WeightScale,
  styleOf: (line: Line) => LineStyle,
  fade = 1,
): void {
  const widest = Math.max(1, place.row / 2);
  const n = (value: number): string => String(Math.round(value * 10) / 10);
  for (const line of lines) {
    const { width, opacity } = lineLook(scale.position(line.weight));
    const { color, dash } = styleOf(line);
    let data = '';
    traceLine(
      {
        moveTo: (x, y) => (data += `M${n(x)} ${n(y)}`),
        bezierCurveTo: (...at) => (data += `C${at.map(n).join(' ')}`),
      },
      place,
      line,
    );
    svg.path(data, {
      stroke: color,
      width: Math.min(width, widest),
      dash,
      opacity: opacity * fade,
    });
  }
}

function drawColumn(
  figure: Figure,
  place: LinesPlace,
  { axes, sight, isolated }: LinesPicture,
  side: 'queries' | 'keys',
): void {
  const { svg, theme, mono } = figure;
  const [start, end] = sight;
  const labels = axisLabels({
    start,
    end,
    offset: -start * place.row,
    cell: place.row,
    length: (end - start) * place.row,
    lineHeight: LINE,
    marked: isolated ? [isolated.token] : [],
  });
  const left = side === 'queries';
  const x = left ? place.left - LABEL_GAP : place.right + LABEL_GAP;
  const room = left ? x - figure.x + 8 : figure.x + figure.width - x + 8;
  for (const { token, at, marked } of labels) {
    const special = axes.special.has(token);
    svg.fittedText(x, figure.y + at + 4, axes.texts[token] ?? '', room, {
      size: SMALL,
      family: mono,
      fill: marked ? (left ? theme.reads : theme.readBy) : special ? theme.muted : theme.foreground,
      anchor: left ? 'end' : 'start',
      ...(marked ? { weight: 'bold' as const } : {}),
      ...(special && !marked ? { style: 'italic' as const } : {}),
    });
    if (place.row >= LINE) continue;
    const edge = left ? place.left : place.right;
    svg.line(left ? x + 2 : x - 2, figure.y + at, edge, middleOf(place, token), {
      stroke: theme.muted,
      opacity: 0.6,
    });
  }
}

function drawLegend(figure: Figure, y: number, { scale, heads }: LinesPicture): number {
  const { svg, theme } = figure;
  const style = { fill: theme.muted, size: SMALL };
  let x = figure.x;
  const write = (text: string): void => {
    svg.text(x, y + 4, text, style);
    x += svg.measure(text, SMALL, svg.family) + 14;
  };
  write(scale.kind === 'log' ? t('weight, log') : t('weight, linear'));
  for (const weight of samples(scale)) {
    const { width, opacity } = lineLook(scale.position(weight));
    svg.line(x, y, x + LEGEND_LINE, y, { stroke: theme.foreground, width, opacity });
    x += LEGEND_LINE + 5;
    write(percentTick(weight));
  }
  if (heads.selections.length > 1)
    for (const { head } of heads.selections) {
      const { color, dash } = headStyle(theme, head);
      svg.line(x, y, x + LEGEND_LINE, y, { stroke: color, width: 2.5, dash });
      x += LEGEND_LINE + 5;
      write(t('head {0}', head ?? ''));
    }
  return y + 8;
}

/** The drawn lines, strongest first; a mean of heads has no number of its own. */
function linesTable({ lines, heads, axes }: LinesPicture): NumberTable {
  const fields = ['query', 'key', 'layer', 'head', 'weight'];
  const sorted = lines.toReversed();
  const values = new Float32Array(sorted.length * fields.length);
  sorted.forEach(({ query, key, head, weight }, at) => {
    const selection = heads.selections[head];
    values.set(
      [query, key, selection?.layer ?? NaN, selection?.head ?? NaN, weight],
      at * fields.length,
    );
  });
  const names = sorted.map(
    ({ query, key }) => `${axes.texts[query] ?? ''} → ${axes.texts[key] ?? ''}`,
  );
  return {
    name: 'lines',
    title: t('The lines that are drawn, strongest first'),
    unit: 'weight',
    axes: [namedAxis('line', names), fieldAxis('field', fields)],
    values,
  };
}

async function weightsTable(
  { session, heads }: LinesPicture,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<NumberTable> {
  const { texts } = heads.tokens;
  const all: Span = [0, texts.length];
  const { selections } = heads;
  const values = new Float32Array(selections.length * texts.length ** 2);
  for (const [at, selection] of selections.entries()) {
    const region = await readRegion(
      session,
      { selection, queries: all, keys: all },
      signal,
      (share) => progress((at + share) / selections.length),
    );
    values.set(region.values, at * texts.length ** 2);
  }
  const maps: Axis =
    selections.length > 1
      ? fieldAxis(
          'head',
          selections.map(({ head }) => String(head ?? '')),
        )
      : countedAxis('map', 1);
  return {
    name: 'weights',
    title: t('Attention weights: each row is a reading token, each column what it reads'),
    unit: 'weight',
    axes: [maps, namedAxis('query', texts), namedAxis('key', texts)],
    values,
  };
}
