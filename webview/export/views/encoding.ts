import type { WeightScale } from '../../color/scale';
import { tokenText } from '../../format';
import type { PanelPosition } from '../../protocol';
import type { Session } from '../../session/session';
import { t } from '../../text';
import { encodingName, windowName } from '../../views/sentence';
import { drawChart, type ChartDrawing } from '../drawChart';
import type { Exportable } from '../exportable';
import { drawNumbers, type NumbersDrawing } from '../drawNumbers';
import type { Figure } from '../figure';
import { biasCharts, biasMatrix, biasTables } from './biasByDistance';
import { countedAxis, fieldAxis, type NumberTable } from '../table';

const CHART = { least: 150, most: 230, gap: 12 };

export interface EncodingPicture {
  session: Session;
  title: string;
  /** What the scheme is called. */
  name: string;
  position: PanelPosition;
  scale: WeightScale;
  /** Whether what distance adds to scores is drawn, and not the matrix of positions. */
  bias: boolean;
  /** CSS pixels of the view. */
  width: number;
  height: number;
}

/** The encoding: its matrix, and what can be read off it. */
export function encodingExport(picture: EncodingPicture): Exportable {
  const { session } = picture;
  return {
    title: picture.title,
    heading: [picture.name, encodingName(session.selection.encoding), windowName(session)]
      .filter((part) => part !== null)
      .join(' · '),
    width: Math.max(640, picture.width),
    tables: () => Promise.resolve(tables(picture)),
    draw: (figure) => Promise.resolve(draw(figure, picture)),
  };
}

function draw(figure: Figure, picture: EncodingPicture): number {
  const { position, height } = picture;
  const charts = picture.bias ? biasCharts(picture) : chartsOf(position);
  const matrix = picture.bias ? biasMatrix(picture) : encodingMatrix(picture);
  if (!matrix) {
    let y = figure.y;
    for (const chart of charts)
      y = placeChart(figure, { x: figure.x, y, width: figure.width, height: CHART.most }, chart);
    return y;
  }
  const wide = charts.length > 0 ? Math.round(figure.width * 0.58) : figure.width;
  const room = Math.max(height - 90, 300);
  const bottom = drawNumbers(figure, matrix, wide, room);
  const left = figure.x + wide + 24;
  const width = figure.width - wide - 24;
  const share = (bottom - figure.y) / Math.max(1, charts.length) - CHART.gap;
  const each = Math.min(CHART.most, Math.max(CHART.least, share));
  let y = figure.y;
  for (const chart of charts) y = placeChart(figure, { x: left, y, width, height: each }, chart);
  return Math.max(bottom, y);
}

function placeChart(
  figure: Figure,
  area: { x: number; y: number; width: number; height: number },
  chart: ChartDrawing,
): number {
  return drawChart(figure, area, chart) + CHART.gap;
}

function chartsOf({ similarity, wavelengths, slopes }: PanelPosition): ChartDrawing[] {
  const charts: ChartDrawing[] = [];
  if (similarity)
    charts.push({
      heading: t('Similarity of two positions by distance: mean, and from smallest to largest'),
      across: t('distance'),
      values: similarity.mean,
      band: { low: similarity.smallest, high: similarity.largest },
    });
  if (wavelengths)
    charts.push({
      heading: t('Wavelength: positions for one turn'),
      across: t('dimension'),
      values: wavelengths,
      log: true,
    });
  if (slopes)
    charts.push({
      heading: t('Slope of each head: taken off a score for each token of distance'),
      across: t('head'),
      values: slopes,
      bars: true,
    });
  return charts;
}

function encodingMatrix({ position, scale, session }: EncodingPicture): NumbersDrawing | null {
  const { matrix, dimensions } = position;
  return (
    matrix && {
      heading: t('Encoding matrix: positions down, dimensions across'),
      caption: t('value'),
      rows: rowNames(session, position),
      columns: dimensions,
      values: matrix,
      scale,
    }
  );
}

function rowNames({ tokens }: Session, { positionIds, positions }: PanelPosition): string[] {
  return positionIds.map(
    (id, row) => `${tokenText(tokens?.texts[positions[0] + row] ?? '')} ${id}`,
  );
}

function tables(picture: EncodingPicture): NumberTable[] {
  const { position, session } = picture;
  const { matrix, similarity, wavelengths, slopes, positions, positionIds, dimensions } = position;
  const found: NumberTable[] = biasTables(picture);
  if (matrix) {
    const texts = session.tokens?.texts.slice(positions[0], positions[1]) ?? [];
    const names = positionIds.map((id, row) => `${id} ${texts[row] ?? ''}`);
    found.push({
      name: 'matrix',
      title: t('Encoding matrix: positions down, dimensions across'),
      unit: '',
      axes: [fieldAxis('position', names), countedAxis('dimension', dimensions)],
      values: matrix,
    });
  }
  if (similarity) {
    const { mean, spread, smallest, largest, distances } = similarity;
    const columns = [mean, spread, smallest, largest];
    found.push({
      name: 'similarity',
      title: t('Similarity of two positions by distance: mean, and from smallest to largest'),
      unit: '',
      axes: [
        countedAxis('distance', distances),
        fieldAxis('field', ['mean', 'standard deviation', 'smallest', 'largest']),
      ],
      values: Float32Array.from(
        { length: 4 * distances },
        (_, at) => columns[at % 4]![Math.floor(at / 4)] ?? NaN,
      ),
    });
  }
  if (wavelengths)
    found.push({
      name: 'wavelengths',
      title: t('Wavelength: positions for one turn'),
      unit: '',
      axes: [countedAxis('dimension', wavelengths.length)],
      values: wavelengths,
    });
  if (slopes)
    found.push({
      name: 'slopes',
      title: t('Slope of each head: taken off a score for each token of distance'),
      unit: '',
      axes: [countedAxis('head', slopes.length)],
      values: slopes,
    });
  return found;
}
