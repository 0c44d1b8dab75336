/** What can be chosen to be shown: the mean of all, each layer, each head. */
import type { Model, Selection } from '../../server/protocol';
import type { Translate } from '../translate';
import { selectionLabel } from './label';

export interface Choice {
  label: string;
  /** Starts a group named so. */
  group?: string;
  selection: Selection;
  current: boolean;
}

/** All choices of a model in reading order: mean of all, then layer by layer its mean and heads. */
export function choices(
  model: Pick<Model, 'layers' | 'heads'>,
  current: Selection,
  translate: Translate,
): Choice[] {
  const found: Choice[] = [choice({ layer: null, head: null }, current, translate)];
  for (let layer = 0; layer < model.layers; layer++) {
    const group = translate('Layer {0}', layer);
    found.push({ ...choice({ layer, head: null }, current, translate), group });
    for (let head = 0; head < model.heads; head++)
      found.push(choice({ layer, head }, current, translate));
  }
  return found;
}

function choice(
  place: Pick<Selection, 'layer' | 'head'>,
  current: Selection,
  translate: Translate,
): Choice {
  const selection: Selection = { ...current, ...place };
  return {
    label: selectionLabel(selection, translate),
    selection,
    current: place.layer === current.layer && place.head === current.head,
  };
}
