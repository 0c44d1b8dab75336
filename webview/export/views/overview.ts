import { colorize } from '../../color/scale';
import { statisticText, STATISTICS } from '../../heads/statisticNames';
import type { FoundHeads } from '../../heads/foundHeads';
import { headGrid, orderedGrid, type HeadPlace } from '../../heads/geometry';
import { railScale, thumbnailOf } from '../../heads/thumbnails';
import type { PanelStatistics } from '../../protocol';
import type { Session } from '../../session/session';
import { t } from '../../text';
import { readingName, encodingName, windowName } from '../../views/sentence';
import { enlarged } from '../drawMap';
import type { Exportable } from '../exportable';
import { SMALL, type Figure } from '../figure';
import { encodePng, pngAddress } from '../png';
import { countedAxis, fieldAxis, type NumberTable } from '../table';

const LINE = 14;
const LEAST_WIDTH = 560;
/** Pixels for each of a thumbnail's. */
const TIMES = 2;

/** All heads as they are ordered, with what each does in numbers. */
export function overviewExport(
  session: Session,
  found: FoundHeads | null,
  title: string,
  width: number,
): Exportable | 'notYet' {
  const { model, answers, saved } = session;
  const scale = railScale(answers, saved.scale);
  if (!model || !scale) return 'notYet';
  return {
    title,
    heading: [
      found ? t(found.statistic.title) : t('All layers × heads'),
      readingName(session.selection.reading),
      encodingName(session.selection.encoding),
      windowName(session),
    ]
      .filter((part) => part !== null)
      .join(' · '),
    width: Math.max(LEAST_WIDTH, width),
    tables: (signal) => overviewTables(session, signal),
    draw: (figure) => {
      const bottom = drawGrid(figure, session, found);
      return Promise.resolve(figure.legend(figure.x, bottom + 16, scale).bottom);
    },
  };
}

function drawGrid(figure: Figure, session: Session, found: FoundHeads | null): number {
  const { layers = 0, heads = 0 } = session.model ?? {};
  const ordered = found && found.order !== 'model' ? found : null;
  const room = { width: figure.width, line: LINE };
  const grid = ordered
    ? orderedGrid(ordered.heads, { ...room, height: null })
    : headGrid({ ...room, layers, heads, height: null, large: true });
  const drop = ordered ? 0 : grid.top - LINE - 4;
  for (const [index, place] of grid.places.entries()) {
    if (place.layer === null) continue;
    const at = { ...place, left: figure.x + place.left, top: figure.y + place.top - drop };
    drawThumbnail(figure, session, at);
    if (ordered) drawCaption(figure, ordered, index, at);
    else drawNumbers(figure, place, at);
  }
  return figure.y + grid.height - drop;
}

function drawThumbnail(figure: Figure, session: Session, place: HeadPlace): void {
  const { svg, theme } = figure;
  const { layer, head, left, top, width, height } = place;
  const thumbnail = thumbnailOf(session.answers, layer, head);
  const scale = railScale(session.answers, session.saved.scale);
  if (thumbnail && scale) {
    const { size, values, unit } = thumbnail;
    const pixels = new Uint8ClampedArray(4 * size * size);
    colorize(values, unit, scale, theme.ramp, pixels);
    const png = encodePng(enlarged(pixels, size, size, TIMES), size * TIMES, size * TIMES);
    svg.image(left, top, width, height, pngAddress(png));
  }
  const chosen =
    session.selection.layer === layer && session.selection.head === head && head !== null;
  svg.rect(left, top, width, height, {
    stroke: chosen ? theme.foreground : theme.line,
    width: chosen ? 2 : 0.75,
  });
}

function drawCaption(figure: Figure, found: FoundHeads, index: number, place: HeadPlace): void {
  const { svg, theme } = figure;
  const scored = found.heads[index];
  if (!scored) return;
  const middle = place.left + place.width / 2;
  const style = { size: SMALL, anchor: 'middle' as const };
  svg.text(middle, place.top + place.height + 13, statisticText(found.statistic, scored.score), {
    ...style,
    fill: theme.foreground,
  });
  svg.text(middle, place.top + place.height + 26, `${scored.layer} · ${scored.head}`, {
    ...style,
    fill: theme.muted,
  });
}

/** Heads over the first row, layers beside the first column. */
function drawNumbers(figure: Figure, { layer, head }: HeadPlace, at: HeadPlace): void {
  const { svg, theme } = figure;
  const style = { fill: theme.muted, size: SMALL };
  if (layer === 0)
    svg.text(at.left + at.width / 2, at.top - 5, String(head ?? t('mean')), {
      ...style,
      anchor: 'middle',
    });
  if (head === 0) svg.text(figure.x, at.top + at.height / 2 + 4, String(layer), style);
}

async function overviewTables(session: Session, signal: AbortSignal): Promise<NumberTable[]> {
  const { generation = -1 } = session.currentTokens ?? {};
  const { encoding } = session.selection;
  const statistics = await session.channel.request(
    'statistics',
    { generation, encoding, scope: 'window', within: null, fill: false },
    { signal },
  );
  return [statisticsTable(statistics), ...pictureTables(session)];
}

function statisticsTable({ layers, heads, statistics }: PanelStatistics): NumberTable {
  const known = STATISTICS.map(({ name }) => name).filter((name) => name in statistics);
  const names = [...known, ...Object.keys(statistics).filter((name) => !known.includes(name))];
  const values = new Float32Array(layers * heads * names.length);
  names.forEach((name, at) =>
    statistics[name]!.forEach((value, index) => (values[index * names.length + at] = value)),
  );
  return {
    name: 'statistics',
    title: t('What each head does on this text, in the raw reading'),
    unit: '',
    axes: [countedAxis('layer', layers), countedAxis('head', heads), fieldAxis('statistic', names)],
    values,
  };
}

function pictureTables({ overview }: Session): NumberTable[] {
  if (!overview) return [];
  const { layers, heads, size, thumbnails, scales } = overview;
  const cells = size * size;
  const values = Float32Array.from(
    thumbnails,
    (byte, at) => (byte / 255) * (scales[Math.floor(at / cells)] ?? 0),
  );
  const axes = [countedAxis('layer', layers), countedAxis('head', heads)];
  return [
    {
      name: 'largest',
      title: t('The largest weight of each head'),
      unit: 'weight',
      axes,
      values: scales,
    },
    {
      name: 'thumbnails',
      title: t('Each head’s map, the largest weight under each cell, to one part in 255'),
      unit: 'weight',
      axes: [...axes, countedAxis('row', size), countedAxis('column', size)],
      values,
    },
  ];
}
