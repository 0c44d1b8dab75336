/** How a selection is named to the person, the same words everywhere. */
import type { Aggregate, Reading, Selection } from '../../server/protocol';
import { showsSeveral } from '../../server/selectionRules';
import type { Translate } from '../translate';

/** Short: "layer 4 · head 7", "layer 4 · mean", "mean of all heads"; a reading that is not raw is added. */
export function selectionLabel(selection: Selection, translate: Translate): string {
  const place = placeLabel(selection, translate);
  return selection.reading === 'raw'
    ? place
    : `${place} · ${readingLabel(selection.reading, translate)}`;
}

function placeLabel(selection: Selection, translate: Translate): string {
  const { layer, head, heads, aggregate, reading } = selection;
  if (reading === 'rollout')
    return layer === null ? translate('all layers') : translate('up to layer {0}', layer);
  if (heads) {
    const set = heads.join(', ');
    const named =
      layer === null
        ? translate('all layers · heads {0}', set)
        : translate('layer {0} · heads {1}', layer, set);
    return withLargest(named, selection, translate);
  }
  if (layer === null && head === null)
    return aggregate === 'max' ? translate('maximum of all heads') : translate('mean of all heads');
  if (layer === null)
    return withLargest(translate('all layers · head {0}', head ?? 0), selection, translate);
  if (head === null)
    return aggregate === 'max'
      ? translate('layer {0} · maximum', layer)
      : translate('layer {0} · mean', layer);
  return translate('layer {0} · head {1}', layer, head);
}

/** The mean goes without saying. */
function withLargest(named: string, selection: Selection, translate: Translate): string {
  const largest = selection.aggregate === 'max' && showsSeveral(selection);
  return largest ? `${named} · ${aggregateLabel('max', translate)}` : named;
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

export function aggregateLabel(aggregate: Aggregate, translate: Translate): string {
  return aggregate === 'max' ? translate('maximum') : translate('mean');
}
