import type { EncodingChange, Reading } from '../../server/protocol';
import { percent } from '../format';
import type { Session } from '../session/session';
import type { PanelString } from '../strings';
import { t } from '../text';

const READING_NAMES: { readonly [reading in Reading]: PanelString } = {
  raw: 'raw',
  withoutSink: 'without sink',
  valueWeighted: 'value-weighted',
  rollout: 'rollout',
};

export function readingName(reading: Reading): string {
  return t(READING_NAMES[reading]);
}

/** "Layer 4, head 7", or which mean. */
export function selectionName(session: Session): string {
  const { layer, head } = session.selection;
  const { model } = session;
  const all = (model?.layers ?? 0) * (model?.heads ?? 0);
  if (layer === null && head === null)
    return all === 1 ? t('The only head') : t('Mean of all {0} heads', all);
  if (head === null) return t('Layer {0}, mean of {1} heads', layer ?? 0, model?.heads ?? 0);
  if (layer === null) return t('Head {0}, mean of {1} layers', head, model?.layers ?? 0);
  return t('Layer {0}, head {1}', layer, head);
}

/** What position is changed to, or null as trained. */
export function encodingName(change: EncodingChange | null): string | null {
  switch (change?.mode) {
    case 'off':
      return t('position off');
    case 'scaled':
      return t('position × {0}', change.scale);
    case 'shuffled':
      return t('position shuffled');
    case 'reversed':
      return t('position reversed');
    case 'shifted':
      return t('position shifted by {0}', change.by);
    case 'frozen':
      return t('position frozen at {0}', change.at ?? 0);
    case undefined:
      return null;
  }
}

/** "window 3 of 12", counted from 0 like all else, or nothing for a document of one window. */
export function windowName(session: Session): string | null {
  const window = session.tokens?.window;
  if (!window || window.count === 1) return null;
  return window.count === null
    ? t('window {0}', window.index)
    : t('window {0} of {1}', window.index, window.count);
}

/** What share of the inspected token's reading goes to the sink; null when not known. */
export function sinkShare(session: Session): string | null {
  const token = session.inspected;
  const sink = token === null ? null : session.rows.peek(token, 'reads')?.sink;
  return sink ? percent(sink.share) : null;
}
