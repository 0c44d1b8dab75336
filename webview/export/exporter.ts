import { ChannelError } from '../../channel/channel';
import type { Theme } from '../color/theme';
import type { ExportFile, ExportKind } from '../protocol';
import type { Session } from '../session/session';
import { t } from '../text';
import { aboutLine, aboutOf, sourceLine, type About } from './about';
import { csvText } from './csv';
import type { Exportable } from './exportable';
import { Figure } from './figure';
import { jsonAbout, jsonText } from './json';
import { npyOf, npzBytes } from './npy';
import { withText } from './png';
import { printTheme } from './printTheme';
import { canvasMeasure, rasterise } from './rasterise';
import type { NumberTable } from './table';

/** As text a number takes a dozen bytes: more of them than this nobody reads. */
const MOST_WRITTEN = 2 ** 23;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export interface ExportRequest {
  session: Session;
  exportable: Exportable;
  kind: ExportKind;
  theme: Theme;
  /** The one table that is meant; without it the person is asked where there are several. */
  table?: string;
  signal: AbortSignal;
  progress: (share: number) => void;
}

/** Makes a file of what a view shows and has the person choose its place; false when they gave up. */
export async function exportView(request: ExportRequest): Promise<boolean> {
  const { session, exportable, signal } = request;
  const about = aboutOf(session, exportable.title, new Date());
  if (!about) throw new ChannelError('notYet', t('There is nothing to export here yet.'));
  const file = await fileOf(request, about);
  if (!file) return false;
  const { saved } = await session.channel.request('saveFile', file, { signal });
  return saved;
}

async function fileOf(request: ExportRequest, about: About): Promise<ExportFile | null> {
  const { kind } = request;
  switch (kind) {
    case 'svg':
    case 'png1':
    case 'png2':
    case 'png3':
      return pictureOf(request, about, kind);
    case 'csv':
    case 'npy':
      return tableOf(request, about, kind);
    case 'npz':
    case 'json': {
      const tables = await request.exportable.tables(request.signal, request.progress);
      if (kind === 'json') requireReadable(tables);
      const bytes = kind === 'npz' ? npzBytes(tables, about) : encode(jsonText(tables, about));
      return { kind, name: fileName(about), bytes };
    }
  }
}

async function pictureOf(
  { session, exportable, theme, signal }: ExportRequest,
  about: About,
  kind: 'svg' | 'png1' | 'png2' | 'png3',
): Promise<ExportFile> {
  const colors = session.saved.asSeen ? theme : printTheme(theme);
  const figure = new Figure(exportable.width, exportable.heading, colors, canvasMeasure());
  const bottom = await exportable.draw(figure, signal);
  const svg = figure.finish(bottom, about.title, sourceLine(about), about);
  const name = fileName(about);
  if (kind === 'svg') return { kind: 'svg', name, bytes: encode(svg) };
  const scale = Number(kind.slice(-1));
  const texts = {
    Title: about.title,
    Description: aboutLine(about),
    Software: 'Attention Lens',
    'Creation Time': about.date,
    'attention-lens': JSON.stringify(about),
  };
  const bytes = withText(await rasterise(svg, scale), texts, scale);
  return { kind: 'png', name: scale === 1 ? name : `${name}@${scale}x`, bytes };
}

async function tableOf(
  { session, exportable, signal, progress, table: wanted }: ExportRequest,
  about: About,
  kind: 'csv' | 'npy',
): Promise<ExportFile | null> {
  const tables = await exportable.tables(signal, progress);
  const table =
    tables.find(({ name }) => name === wanted) ?? (await chosenTable(session, tables, signal));
  if (!table) return null;
  const name = tables.length === 1 ? fileName(about) : `${fileName(about)}-${table.name}`;
  if (kind === 'npy') {
    const beside = { extension: 'json', bytes: encode(jsonAbout([table], about)) };
    return { kind, name, bytes: npyOf(table), beside };
  }
  requireReadable([table]);
  return { kind, name, bytes: encode(csvText(table, `${table.title}: ${aboutLine(about)}`)) };
}

async function chosenTable(
  session: Session,
  tables: readonly NumberTable[],
  signal: AbortSignal,
): Promise<NumberTable | undefined> {
  if (tables.length === 0)
    throw new ChannelError('notYet', t('There is nothing to export here yet.'));
  if (tables.length === 1) return tables[0];
  const items = tables.map(({ name, title, axes }) => ({
    label: name,
    description: axes.map((axis) => `${axis.size} ${axis.name}`).join(' × '),
    detail: title,
  }));
  const { index } = await session.channel.request(
    'choose',
    { title: t('Which numbers are to be exported?'), items },
    { signal },
  );
  return index === null ? undefined : tables[index];
}

function requireReadable(tables: readonly NumberTable[]): void {
  const numbers = tables.reduce((sum, { values }) => sum + values.length, 0);
  if (numbers <= MOST_WRITTEN) return;
  throw new ChannelError(
    'tooLarge',
    t('{0} numbers are too many to be written as text; export them as NPY or NPZ.', numbers),
  );
}

/** Views that show all heads, or none. */
const OF_NO_HEAD: ReadonlySet<string> = new Set(['overview', 'position', 'chapter']);
const NO_HEAD = { layer: null, head: null, heads: null };

/** "lighthouse-head-layer4-head7-position-off", without an extension. */
function fileName({ document, view, selection, encoding, window }: About): string {
  const { reading } = selection;
  const { layer, head, heads } = OF_NO_HEAD.has(view) ? NO_HEAD : selection;
  const several = heads ? `heads${heads.join('+')}` : '';
  return [
    document.name.replace(/\.[^.]*$/, ''),
    view,
    layer === null ? '' : `layer${layer}`,
    head === null ? several : `head${head}`,
    reading === 'raw' ? '' : reading,
    encoding ? `position-${encoding.mode}` : '',
    window.count === 1 ? '' : `window${window.index}`,
  ]
    .filter((part) => part !== '')
    .join('-');
}
