import type { EncodingChange, Model, Range, Selection } from '../../server/protocol';
import type { Session } from '../session/session';
import { t } from '../text';
import { encodingName, mergeName, readingName, selectionName, windowName } from '../views/sentence';

/** What an export says of itself, whatever its format. */
export interface About {
  format: 'attention-lens-export';
  version: 1;
  /** The view it was made from. */
  view: string;
  /** What is shown, in one sentence of the person's language. */
  title: string;
  /** ISO 8601, UTC. */
  date: string;
  model: Pick<Model, 'id' | 'name' | 'hash' | 'architecture' | 'layers' | 'heads' | 'storage'>;
  /** What computed the numbers. */
  engine: string;
  document: { name: string; version: number };
  window: { index: number; count: number | null; tokens: number; range: Range };
  selection: Omit<Selection, 'encoding'>;
  /** What position was changed to; `null` is as trained. */
  encoding: EncodingChange | null;
  /** The same in words: "as trained", "position off". */
  position: string;
  /** The Chapter model's controls, where it is in use. */
  chapter?: object;
}

/** The facts of what is looked at; null before anything is. */
export function aboutOf(session: Session, title: string, now: Date): About | null {
  const { currentTokens: tokens, state, selection, saved } = session;
  const { document, status, chapter } = state ?? {};
  if (!tokens || !document) return null;
  const { id, name, hash, architecture, layers, heads, storage } = tokens.model;
  const { encoding, ...rest } = selection;
  return {
    format: 'attention-lens-export',
    version: 1,
    view: saved.view,
    title,
    date: now.toISOString(),
    model: { id: sharedId(id), name, hash, architecture, layers, heads, storage },
    engine: status?.engine.backend ?? '',
    document: { name: document.name, version: tokens.version },
    window: {
      index: tokens.window.index,
      count: tokens.window.count,
      tokens: tokens.texts.length,
      range: tokens.window.range,
    },
    selection: rest,
    encoding,
    position: positionName(encoding),
    ...(chapter && { chapter }),
  };
}

/** "position off", or that nothing is changed. */
export function positionName(encoding: EncodingChange | null): string {
  return encodingName(encoding) ?? t('as trained');
}

/** All of it in one line, for a table's first cell: parts are apart by semicolons. */
export function aboutLine({
  title,
  model,
  engine,
  document,
  window,
  position,
  date,
}: About): string {
  return [
    title.replace(/\.$/, ''),
    position,
    `${document.name}, ${t('version {0}', document.version)}`,
    t('window {0}', window.index),
    `${model.name} (${model.id}, ${model.hash}, ${model.storage}, ${engine})`,
    date,
    'Attention Lens',
  ].join('; ');
}

/** What is chosen, as a heading: short enough for one line over a picture. */
export function heading(session: Session): string {
  const { selection } = session;
  return [
    selectionName(session),
    readingName(selection.reading),
    encodingName(selection.encoding),
    mergeName(selection.merge),
    windowName(session),
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** Where it comes from, for the small print under a picture. */
export function sourceLine({ model, document, date }: About): string {
  return `${model.name} · ${document.name} · ${date.slice(0, 10)} · Attention Lens`;
}

/** A model's id without the folders that it lies in: what is exported is shown to others. */
export function sharedId(id: string): string {
  if (!id.startsWith('file:')) return id;
  const [path = '', ...form] = id.slice('file:'.length).split('#');
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return `file:${[name, ...form].join('#')}`;
}
