import type { WeightScale } from '../../color/scale';
import type { Compared } from '../../compare/compared';
import { differenceOf, mergedTile, weightOf } from '../../compare/mergedMaps';
import type { SeenKeys } from '../../compare/maskedOnAxis';
import type { Cell, Span } from '../../map/viewport';
import type { PanelPositionEffect } from '../../protocol';
import type { CompareShow } from '../../session/saved';
import { t } from '../../text';
import { drawMaps, LEAST_MAP, stepOf, type NamedMap } from '../drawMaps';
import type { Exportable } from '../exportable';
import type { Region } from '../readRegion';
import { countedAxis, fieldAxis, namedAxis, type NumberTable } from '../table';

export interface ComparePicture {
  compared: Compared;
  /** One sentence, and the same in a few words. */
  title: string;
  heading: string;
  /** What each map is called, in the order of the maps. */
  names: readonly [string, string, string];
  masked: readonly [SeenKeys | null, SeenKeys | null, SeenKeys | null];
  show: CompareShow;
  weights: WeightScale;
  changes: WeightScale;
  queries: Span;
  keys: Span;
  width: number;
  chosen: Cell | null;
  /** How far each head moves, where that is known. */
  heads: PanelPositionEffect | null;
}

const MAPS = [0, 1, 2] as const;
type MapIndex = (typeof MAPS)[number];
const SHOWN: { readonly [show in CompareShow]: readonly MapIndex[] } = {
  all: MAPS,
  sides: [0, 1],
  difference: [2],
};

/** Both sides and their difference on one axis; the numbers of all three, and which places are the same. */
export function compareExport(picture: ComparePicture): Exportable {
  const { title, heading, compared, queries, keys, weights, changes, chosen } = picture;
  const shown = SHOWN[picture.show];
  return {
    title,
    heading,
    width: Math.max(picture.width, shown.length * LEAST_MAP),
    tables: () => Promise.resolve(tables(picture)),
    draw: (figure) => {
      const step = stepOf(queries, keys);
      const maps = shown.map((map): NamedMap => ({
        title: picture.names[map],
        region: regionOf(compared, map, queries, keys, step),
        isDifference: map === 2,
        masked: picture.masked[map],
        absent: compared.absent[map],
      }));
      const { texts, special, struck } = compared.axes;
      const drawing = { queries, keys, texts, special, struck, chosen, weights, changes };
      return Promise.resolve(drawMaps(figure, maps, drawing));
    },
  };
}

function regionOf(
  { axis, weights }: Compared,
  map: MapIndex,
  queries: Span,
  keys: Span,
  step: number,
): Region {
  const rows = Math.ceil((queries[1] - queries[0]) / step);
  const columns = Math.ceil((keys[1] - keys[0]) / step);
  const plan = { queries, keys, rows, columns, pool: step };
  const valueAt = (cell: Cell): number =>
    map === 2 ? differenceOf(axis, weights, cell) : weightOf(axis, weights, map, cell);
  return { rows, columns, values: mergedTile(valueAt, plan) };
}

function tables({ compared, names, heads }: ComparePicture): NumberTable[] {
  const all: Span = [0, compared.size];
  const { texts } = compared.axes;
  const table = (map: MapIndex, name: string): NumberTable => ({
    name,
    title: names[map],
    unit: 'weight',
    axes: [namedAxis('query', texts), namedAxis('key', texts)],
    values: regionOf(compared, map, all, all, 1).values,
  });
  const found = [table(2, 'difference'), table(0, 'a'), table(1, 'b'), places(compared)];
  if (!heads) return found;
  return [
    ...found,
    {
      name: 'heads',
      title: t('Change by head (mean total variation)'),
      unit: '',
      axes: [countedAxis('layer', heads.layers), countedAxis('head', heads.heads)],
      values: heads.totalVariation,
    },
  ];
}

/** Where each place of the axis is on both sides. */
function places({ axis, axes, size }: Compared): NumberTable {
  const values = new Float32Array(2 * size);
  for (let at = 0; at < size; at++) values.set([axis.places[0][at]!, axis.places[1][at]!], 2 * at);
  return {
    name: 'places',
    title: t('Number of the token on each side, −1 where it has none'),
    unit: '',
    axes: [namedAxis('token', axes.texts), fieldAxis('side', ['A', 'B'])],
    values,
  };
}
