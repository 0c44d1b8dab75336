/** Which heads a hover is of, in the reader's language. */
import * as l10n from '@vscode/l10n';
import type { Selection } from '../protocol';

/** A selection and the model it is of. */
export interface SelectedHeads {
  selection: Selection;
  layers: number;
  heads: number;
}

/** "layer 4, head 7", "layer 4, mean of 12 heads", "maximum of 6 layers and 12 heads" and the like. */
export function headPhrase(content: SelectedHeads): string {
  const { layers, heads } = content;
  const { layer, head, several } = chosen(content);
  if (content.selection.reading === 'rollout') return rolledPhrase(content);
  if (layer !== null && head !== null) return l10n.t('layer {0}, head {1}', layer, head);
  const largest = isLargest(content);
  if (several && layer !== null)
    return largest
      ? l10n.t('layer {0}, maximum of heads {1}', layer, several)
      : l10n.t('layer {0}, mean of heads {1}', layer, several);
  if (several)
    return largest
      ? l10n.t('maximum of heads {0} in {1} layers', several, layers)
      : l10n.t('mean of heads {0} in {1} layers', several, layers);
  if (layer !== null)
    return largest
      ? l10n.t('layer {0}, maximum of {1} heads', layer, heads)
      : l10n.t('layer {0}, mean of {1} heads', layer, heads);
  if (head !== null)
    return largest
      ? l10n.t('head {0}, maximum of {1} layers', head, layers)
      : l10n.t('head {0}, mean of {1} layers', head, layers);
  return largest
    ? l10n.t('maximum of {0} layers and {1} heads', layers, heads)
    : l10n.t('mean of {0} layers and {1} heads', layers, heads);
}

/** Whether several heads are shown by their largest weights. */
export function isLargest(content: SelectedHeads): boolean {
  const { layer, head } = chosen(content);
  return content.selection.aggregate === 'max' && (layer === null || head === null);
}

/** Rollout goes through all layers up to one, and through the mean of each. */
function rolledPhrase({ selection, layers, heads }: SelectedHeads): string {
  const top = selection.layer ?? layers - 1;
  return top === 0
    ? l10n.t('layer {0}, mean of {1} heads', top, heads)
    : l10n.t('layers 0 to {0}, mean of {1} heads', top, heads);
}

/** What is left to choose: of one layer or head, that one; `several`: the numbers of a set. */
function chosen({ selection, layers, heads }: SelectedHeads): {
  layer: number | null;
  head: number | null;
  several: string | null;
} {
  const set = selection.heads ?? [];
  const only = heads === 1 ? 0 : set.length === 1 ? set[0]! : null;
  return {
    layer: layers === 1 ? 0 : selection.layer,
    head: selection.head ?? only,
    several: set.length > 1 ? set.join(', ') : null,
  };
}
