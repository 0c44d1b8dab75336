/** How a selection is named to the person, the same words everywhere. */
import type { Reading, Selection } from '../../server/protocol';
import type { Translate } from '../translate';

/** Short: "layer 4 · head 7", "layer 4 · mean", "mean of all heads"; a reading that is not raw is added. */
export function selectionLabel(selection: Selection, translate: Translate): string {
  const place = placeLabel(selection, translate);
  return selection.reading === 'raw'
    ? place
    : `${place} · ${readingLabel(selection.reading, translate)}`;
}

function placeLabel({ layer, head }: Selection, translate: Translate): string {
  if (layer === null && head === null) return translate('mean of all heads');
  if (layer === null) return translate('all layers · head {0}', head ?? 0);
  if (head === null) return translate('layer {0} · mean', layer);
  return translate('layer {0} · head {1}', layer, head);
}

export function readingLabel(reading: Reading, translate: Translate): string {
  switch (reading) {
    case 'raw':
      return translate('raw');
    case 'withoutSink':
      return translate('without sink');
    case 'valueWeighted':
      return translate('value-weighted');
    case 'rollout':
      return translate('rollout');
  }
}
