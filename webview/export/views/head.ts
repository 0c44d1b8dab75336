import type { WeightScale } from '../../color/scale';
import { tokenText } from '../../format';
import type { MaskedCells } from '../../map/maskedCells';
import type { Picture } from '../../map/picture';
import type { Cell, Span } from '../../map/viewport';
import type { Session } from '../../session/session';
import type { Units } from '../../session/units';
import { t } from '../../text';
import { heading } from '../about';
import { drawMap } from '../drawMap';
import type { Exportable } from '../exportable';
import { readRegion } from '../readRegion';
import { namedAxis, type NumberTable } from '../table';

/** More cells of a side than this are pooled in a picture: nobody could see them apart. */
const MOST_DRAWN = 2048;

export interface HeadPicture {
  session: Session;
  title: string;
  picture: Picture;
  units: Units;
  scale: WeightScale;
  /** What is in sight. */
  queries: Span;
  keys: Span;
  /** CSS pixels of the view. */
  width: number;
  height: number;
  chosen: Cell | null;
  marked: readonly number[];
  masked: MaskedCells | null;
  thresholds: Float32Array | null;
}

/** One head's map: the picture as far as it is in sight, the numbers of all of it. */
export function headExport(head: HeadPicture): Exportable {
  const { session, picture, units, scale, queries, keys } = head;
  const { selection } = picture;
  return {
    title: head.title,
    heading: heading(session),
    width: head.width,
    tables: async (signal, progress) => [await mapTable(session, picture, units, signal, progress)],
    draw: async (figure, signal) => {
      const step = Math.ceil(Math.max(queries[1] - queries[0], keys[1] - keys[0]) / MOST_DRAWN);
      const region = await readRegion(session, { selection, queries, keys, step }, signal);
      const { bottom } = drawMap(
        figure,
        { x: figure.x, y: figure.y, width: figure.width, height: head.height },
        {
          region,
          queries,
          keys,
          scale,
          ramp: figure.theme.ramp,
          texts: units.texts.map(tokenText),
          special: new Set(units.special),
          marked: { queries: head.marked, keys: head.marked },
          chosen: head.chosen,
          masked: head.masked,
          thresholds: head.thresholds,
        },
      );
      return figure.legend(figure.x, bottom + 16, scale).bottom;
    },
  };
}

/** Every weight of a map. */
export async function mapTable(
  session: Session,
  { selection }: Pick<Picture, 'selection'>,
  units: Units,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<NumberTable> {
  const count = units.texts.length;
  const all: Span = [0, count];
  const { values } = await readRegion(
    session,
    { selection, queries: all, keys: all },
    signal,
    progress,
  );
  return {
    name: 'weights',
    title: t('Attention weights: each row is a reading token, each column what it reads'),
    unit: 'weight',
    axes: [namedAxis('query', units.texts), namedAxis('key', units.texts)],
    values,
  };
}
