import type { Selection } from '../../server/protocol';
import type { Session } from '../session/session';
import { t } from '../text';
import { encodingName, selectionNameOf } from '../views/sentence';
import type { CompareSource } from './sources';
import { selectionOf } from './sources';

/** What a source is called, as short as it is clear. */
export function sourceName(session: Session, source: CompareSource): string {
  switch (source.kind) {
    case 'shown':
      return session.state?.document?.name ?? t('this document');
    case 'saved':
      return t('saved on disk');
    case 'head':
      return t('last commit (HEAD)');
    case 'document':
      return documentName(session, source.uri);
    case 'position':
      return encodingName(source.encoding) ?? t('position as trained');
    case 'kept':
      return t('kept: {0}', session.comparison.kept?.name ?? '–');
    case 'heads':
      return headsName(session, selectionOf(source, session.selection));
  }
}

/** The document's name in the list of those open, else the end of its address. */
function documentName(session: Session, uri: string): string {
  const known = session.comparison.comparable.value?.documents.find((each) => each.uri === uri);
  return known?.name ?? decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}

function headsName(session: Session, selection: Selection): string {
  return selectionNameOf(session.model, selection);
}
