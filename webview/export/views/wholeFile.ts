import type { WeightScale } from '../../color/scale';
import { axisTicks, bandPixels, reachOf } from '../../document/bandPicture';
import { ownedStretches } from '../../document/windowRuns';
import type { PanelDocumentMap } from '../../protocol';
import type { Session } from '../../session/session';
import { t } from '../../text';
import { heading } from '../about';
import { enlarged, hatching, timesLarger } from '../drawMap';
import type { Exportable } from '../exportable';
import { SMALL, type Figure } from '../figure';
import { encodePng, pngAddress } from '../png';
import { countedAxis, namedAxis, type NumberTable } from '../table';

/** Room for token numbers. */
const GUTTER = 46;
const TICK_SPACING = 64;

export interface WholeFilePicture {
  session: Session;
  title: string;
  map: PanelDocumentMap;
  scale: WeightScale;
  /** CSS pixels of the view. */
  width: number;
  height: number;
}

/** The map of the whole file: its band along the diagonal, and how much of it is analysed. */
export function wholeFileExport({
  session,
  title,
  map,
  scale,
  width,
  height,
}: WholeFilePicture): Exportable {
  return {
    title,
    heading: heading(session),
    width,
    tables: () => Promise.resolve(bandTables(map)),
    draw: (figure) => Promise.resolve(draw(figure, map, scale, height)),
  };
}

/** What each stretch of tokens pays to those around it, and how much of the stretch is known. */
export function bandTables(map: PanelDocumentMap): NumberTable[] {
  const { size, width, tokens, values, analysed } = map;
  const start = (cell: number): number => Math.floor((cell * tokens) / size);
  const stretches = Array.from({ length: size }, (_, cell) =>
    t('tokens {0} to {1}', start(cell), start(cell + 1) - 1),
  );
  return [
    {
      name: 'band',
      title: t('Mean weight that a stretch of tokens pays to the one so many stretches further on'),
      unit: 'weight',
      axes: [namedAxis('stretch', stretches), countedAxis('offset', width, -reachOf(map))],
      values: values.map((value, at) => (isKnown(map, at) ? value : NaN)),
    },
    {
      name: 'analysed',
      title: t('How much of each stretch is analysed'),
      unit: '',
      axes: [namedAxis('stretch', stretches)],
      values: Float32Array.from(analysed, (byte) => byte / 255),
    },
  ];
}

/** Whether the value stands for two stretches that there are, the first of them analysed. */
function isKnown(map: PanelDocumentMap, at: number): boolean {
  const stretch = Math.floor(at / map.width);
  const other = stretch + (at % map.width) - reachOf(map);
  return map.analysed[stretch] !== 0 && other >= 0 && other < map.size;
}

function draw(figure: Figure, map: PanelDocumentMap, scale: WeightScale, height: number): number {
  const side = Math.min(figure.width, height) - GUTTER;
  const place = { x: figure.x + GUTTER, y: figure.y + GUTTER / 2, side };
  const { svg, theme } = figure;
  const times = timesLarger(map.size);
  const pixels = enlarged(bandPixels(map, scale, theme.ramp), map.size, map.size, times);
  const image = encodePng(pixels, map.size * times, map.size * times);
  svg.image(place.x, place.y, side, side, pngAddress(image));
  drawBeyond(figure, map, place);
  drawAbsent(figure, map, place);
  svg.rect(place.x, place.y, side, side, { stroke: theme.line });
  drawTicks(figure, map, place);
  return figure.legend(figure.x, place.y + side + 16, scale).bottom;
}

interface Place {
  x: number;
  y: number;
  side: number;
}

/** What no window ever sees together: a tint, so that it is not taken for weights of 0. */
function drawBeyond({ svg, theme }: Figure, map: PanelDocumentMap, { x, y, side }: Place): void {
  const reach = (side * (reachOf(map) + 1)) / Math.max(1, map.size);
  const rest = side - reach;
  if (rest <= 0) return;
  const data = `M${x + reach} ${y}h${rest}v${rest}zM${x} ${y + reach}v${rest}h${rest}z`;
  svg.path(data, { fill: theme.muted, opacity: 0.07 });
}

/** Hatches the rows of windows that are not in the map yet. */
function drawAbsent({ svg, theme }: Figure, map: PanelDocumentMap, { x, y, side }: Place): void {
  const stretches = ownedStretches(map.windows, map.tokens);
  const share = (token: number): number => (side * token) / Math.max(1, map.tokens);
  const data = map.windows
    .map(({ start, end, analysed }, index) => {
      const { from, to } = stretches[index]!;
      const height = side * (to - from);
      return analysed ? '' : hatching(x + share(start), x + share(end), y + side * from, height);
    })
    .join('');
  if (data !== '') svg.path(data, { stroke: theme.muted, opacity: 0.35 });
}

function drawTicks({ svg, theme }: Figure, { tokens }: PanelDocumentMap, place: Place): void {
  const { x, y, side } = place;
  const style = { fill: theme.muted, size: SMALL };
  for (const token of axisTicks(tokens, Math.max(1, Math.floor(side / TICK_SPACING)))) {
    const at = (side * token) / Math.max(1, tokens);
    svg.text(x - 6, y + Math.max(8, at + 4), String(token), { ...style, anchor: 'end' });
    svg.text(x + at, y - 6, String(token), { ...style, anchor: token === 0 ? 'start' : 'middle' });
    svg.line(x - 4, y + at, x - 1, y + at, { stroke: theme.muted });
    svg.line(x + at, y - 4, x + at, y - 1, { stroke: theme.muted });
  }
}
