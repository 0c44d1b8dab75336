import type { WeightScale } from '../color/scale';
import type { MaskedCells } from '../map/maskedCells';
import type { Cell, Span } from '../map/viewport';
import { t } from '../text';
import { drawMap } from './drawMap';
import type { Figure } from './figure';
import type { Region } from './readRegion';

/** Beside each other, so that the eye goes from one to the next. */
const GAP = 22;
/** CSS pixels that a map is wide at least. */
export const LEAST_MAP = 300;
/** More cells of a side than this are pooled in a picture of several maps. */
export const MOST_DRAWN = 1024;

/** One of several maps of the same axes. */
export interface NamedMap {
  title: string;
  region: Region;
  /** What it shows has a sign. */
  isDifference: boolean;
  masked?: Pick<MaskedCells, 'seen'> | null;
  absent?: ReadonlySet<number>;
}

/** What the maps have in common. */
export interface MapsDrawing {
  queries: Span;
  keys: Span;
  texts: readonly string[];
  special: ReadonlySet<number>;
  struck?: ReadonlySet<number>;
  chosen: Cell | null;
  weights: WeightScale;
  changes: WeightScale;
}

/** How many cells of a side become one in a picture of several maps. */
export function stepOf(queries: Span, keys: Span): number {
  return Math.ceil(Math.max(queries[1] - queries[0], keys[1] - keys[0]) / MOST_DRAWN);
}

/** Draws maps beside each other with a legend for weights and one for changes; returns where they end. */
export function drawMaps(figure: Figure, maps: readonly NamedMap[], drawing: MapsDrawing): number {
  const { weights, changes, ...axes } = drawing;
  const width = (figure.width - GAP * (maps.length - 1)) / maps.length;
  let bottom = figure.y;
  for (const [at, { title, region, isDifference, masked, absent }] of maps.entries()) {
    const x = figure.x + at * (width + GAP);
    const top = figure.caption(x, figure.y, title, width);
    const drawn = drawMap(
      figure,
      { x, y: top, width, height: Math.max(width, LEAST_MAP) },
      {
        ...axes,
        region,
        masked,
        absent,
        scale: isDifference ? changes : weights,
        ramp: isDifference ? figure.theme.diverging : figure.theme.ramp,
      },
    );
    bottom = Math.max(bottom, drawn.bottom);
  }
  return legends(figure, maps, bottom + 16, drawing);
}

function legends(
  figure: Figure,
  maps: readonly NamedMap[],
  y: number,
  { weights, changes }: MapsDrawing,
): number {
  const [first, last] = [maps[0], maps.at(-1)];
  const caption = changes.kind === 'log' ? t('change, log') : t('change, linear');
  if (first?.isDifference) return figure.legend(figure.x, y, changes, { caption }).bottom;
  const { right, bottom } = figure.legend(figure.x, y, weights);
  if (!last?.isDifference) return bottom;
  const beside = right + 320 <= figure.x + figure.width;
  return figure.legend(beside ? right + 30 : figure.x, beside ? y : bottom + 8, changes, {
    caption,
  }).bottom;
}
