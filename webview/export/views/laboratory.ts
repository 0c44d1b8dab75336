import type { WeightScale } from '../../color/scale';
import { tokenText } from '../../format';
import type { Selection } from '../../../server/protocol';
import type { Cell, Span } from '../../map/viewport';
import type { PanelTokens } from '../../protocol';
import type { Session } from '../../session/session';
import { t } from '../../text';
import { encodingName, readingName, selectionName, windowName } from '../../views/sentence';
import { drawMap } from '../drawMap';
import type { Exportable } from '../exportable';
import type { Figure } from '../figure';
import { readRegion, type Region } from '../readRegion';
import { countedAxis, namedAxis, type NumberTable } from '../table';

/** Beside each other, so that the eye goes from one to the next. */
const GAP = 22;
const LEAST_MAP = 300;
const MOST_DRAWN = 1024;

export interface LaboratoryPicture {
  session: Session;
  title: string;
  tokens: PanelTokens;
  trained: Selection;
  /** null: position is as trained. */
  changed: Selection | null;
  weights: WeightScale;
  changes: WeightScale;
  queries: Span;
  keys: Span;
  width: number;
  chosen: Cell | null;
}

interface Named {
  title: string;
  region: Region;
  isDifference: boolean;
}

/** A head as trained, as changed, and the difference; the numbers of all three. */
export function laboratoryExport(picture: LaboratoryPicture): Exportable {
  const { session } = picture;
  const count = picture.changed ? 3 : 1;
  return {
    title: picture.title,
    heading: [
      selectionName(session),
      readingName(session.selection.reading),
      encodingName(session.selection.encoding) ?? t('as trained'),
      windowName(session),
    ]
      .filter((part) => part !== null)
      .join(' · '),
    width: Math.max(picture.width, count * LEAST_MAP),
    tables: (signal, progress) => tables(picture, signal, progress),
    draw: (figure, signal) => draw(figure, picture, signal),
  };
}

async function draw(
  figure: Figure,
  picture: LaboratoryPicture,
  signal: AbortSignal,
): Promise<number> {
  const { queries, keys, tokens, weights, changes } = picture;
  const step = Math.ceil(Math.max(queries[1] - queries[0], keys[1] - keys[0]) / MOST_DRAWN);
  const maps = await regions(picture, { queries, keys, step }, signal);
  const width = (figure.width - GAP * (maps.length - 1)) / maps.length;
  let bottom = figure.y;
  for (const [at, { title, region, isDifference }] of maps.entries()) {
    const x = figure.x + at * (width + GAP);
    const top = figure.caption(x, figure.y, title, width);
    const drawn = drawMap(
      figure,
      { x, y: top, width, height: Math.max(width, LEAST_MAP) },
      {
        region,
        queries,
        keys,
        scale: isDifference ? changes : weights,
        ramp: isDifference ? figure.theme.diverging : figure.theme.ramp,
        texts: tokens.texts.map(tokenText),
        special: new Set(tokens.special),
        chosen: picture.chosen,
      },
    );
    bottom = Math.max(bottom, drawn.bottom);
  }
  const first = figure.legend(figure.x, bottom + 16, weights);
  if (maps.length < 2) return first.bottom;
  const caption = changes.kind === 'log' ? t('change, log') : t('change, linear');
  const beside = first.right + 320 <= figure.x + figure.width;
  return figure.legend(
    beside ? first.right + 30 : figure.x,
    beside ? bottom + 16 : first.bottom + 8,
    changes,
    { caption },
  ).bottom;
}

/** Both maps of the same part, and one minus the other. */
async function regions(
  { session, trained, changed }: LaboratoryPicture,
  part: { queries: Span; keys: Span; step: number },
  signal: AbortSignal,
  progress: (share: number) => void = () => undefined,
): Promise<Named[]> {
  // Only means can be subtracted where several cells share a value.
  const read = (selection: Selection, from: number, share: number): Promise<Region> =>
    readRegion(session, { ...part, selection, pool: 'mean' }, signal, (done) =>
      progress(from + share * done),
    );
  const before = await read(trained, 0, changed ? 0.5 : 1);
  const first: Named = { title: t('as trained'), region: before, isDifference: false };
  if (!changed) return [first];
  const after = await read(changed, 0.5, 0.5);
  const name = encodingName(changed.encoding) ?? '';
  const difference = after.values.map((value, at) => value - (before.values[at] ?? 0));
  return [
    first,
    { title: name, region: after, isDifference: false },
    {
      title: t('difference: {0} − as trained', name),
      region: { ...after, values: difference },
      isDifference: true,
    },
  ];
}

const NAMES = ['trained', 'changed', 'difference'] as const;

async function tables(
  picture: LaboratoryPicture,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<NumberTable[]> {
  const { session, tokens, changed } = picture;
  const all: Span = [0, tokens.texts.length];
  const maps = await regions(picture, { queries: all, keys: all, step: 1 }, signal, progress);
  const axes = [namedAxis('query', tokens.texts), namedAxis('key', tokens.texts)];
  const found = maps.map(({ title, region }, at): NumberTable => ({
    name: NAMES[at] ?? 'map',
    title,
    unit: 'weight',
    axes,
    values: region.values,
  }));
  const order = [found.at(-1), ...found.slice(0, -1)].filter((table) => table !== undefined);
  if (!changed?.encoding) return order;
  const { layers, heads, totalVariation } = await session.channel.request(
    'positionEffect',
    { generation: tokens.generation, encoding: changed.encoding },
    { signal },
  );
  return [
    ...order,
    {
      name: 'effect',
      title: t('Change by head (mean total variation)'),
      unit: '',
      axes: [countedAxis('layer', layers), countedAxis('head', heads)],
      values: totalVariation,
    },
  ];
}
