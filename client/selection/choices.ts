/** What can be chosen to be shown: the mean of all, each layer, each head. */
import type { Model, Selection } from '../../server/protocol';
import { choose, isInterrupted, isLeftOut } from '../../server/selectionRules';
import type { Translate } from '../translate';
import { selectionLabel } from './label';

export interface Choice {
  label: string;
  /** Starts a group named so. */
  group?: string;
  selection: Selection;
  current: boolean;
}

/**
 * All choices of a model in reading order: all heads, then layer by layer all of its and each.
 * Rollout has layers only. Layers that are left out cannot be chosen.
 */
export function choices(
  model: Pick<Model, 'layers' | 'heads' | 'leftOut'>,
  current: Selection,
  translate: Translate,
): Choice[] {
  const found: Choice[] = [choice({ layer: null, head: null }, current, translate)];
  const heads = current.reading === 'rollout' ? 0 : model.heads;
  const rolled = current.reading === 'rollout';
  for (let layer = 0; layer < model.layers; layer++) {
    if (rolled ? isInterrupted(layer, model) : isLeftOut(layer, model)) continue;
    const group = heads > 0 ? { group: translate('Layer {0}', layer) } : {};
    found.push({ ...choice({ layer, head: null }, current, translate), ...group });
    for (let head = 0; head < heads; head++)
      found.push(choice({ layer, head }, current, translate));
  }
  return found;
}

function choice(
  place: Pick<Selection, 'layer' | 'head'>,
  current: Selection,
  translate: Translate,
): Choice {
  const selection = choose(current, { ...place, heads: null });
  const { layer, head } = selection;
  return {
    label: selectionLabel(selection, translate),
    selection,
    current: layer === current.layer && head === current.head && current.heads === null,
  };
}
