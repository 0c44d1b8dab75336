import type { WeightScale } from '../../color/scale';
import { tokenText } from '../../format';
import type { Selection } from '../../../server/protocol';
import type { Cell, Span } from '../../map/viewport';
import type { PanelTokens } from '../../protocol';
import type { Session } from '../../session/session';
import { t } from '../../text';
import { encodingName, readingName, selectionName, windowName } from '../../views/sentence';
import { drawMaps, LEAST_MAP, stepOf, type NamedMap } from '../drawMaps';
import type { Exportable } from '../exportable';
import type { Figure } from '../figure';
import { readRegion, type Region } from '../readRegion';
import { countedAxis, namedAxis, type NumberTable } from '../table';

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
  const { queries, keys, tokens, weights, changes, chosen } = picture;
  const maps = await regions(picture, { queries, keys, step: stepOf(queries, keys) }, signal);
  const texts = tokens.texts.map(tokenText);
  const special = new Set(tokens.special);
  return drawMaps(figure, maps, { queries, keys, texts, special, chosen, weights, changes });
}

/** Both maps of the same part, and one minus the other. */
async function regions(
  { session, trained, changed }: LaboratoryPicture,
  part: { queries: Span; keys: Span; step: number },
  signal: AbortSignal,
  progress: (share: number) => void = () => undefined,
): Promise<NamedMap[]> {
  // Only means can be subtracted where several cells share a value.
  const read = (selection: Selection, from: number, share: number): Promise<Region> =>
    readRegion(session, { ...part, selection, pool: 'mean' }, signal, (done) =>
      progress(from + share * done),
    );
  const before = await read(trained, 0, changed ? 0.5 : 1);
  const first: NamedMap = { title: t('as trained'), region: before, isDifference: false };
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
