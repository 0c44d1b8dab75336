import type { Model } from '../../server/protocol';
import { t } from '../text';

/** Why nothing can be done to a model's position and what still works; null where something can. */
export function nothingToChange({
  position,
  encodingModes,
}: Pick<Model, 'position' | 'encodingModes'>): string | null {
  if (encodingModes.length > 0) return null;
  if (position.kind === 'none')
    return t(
      'This model has no positional encoding, so that there is nothing to change. Hover, overlay and heatmap work as for any model.',
    );
  return t(
    'This model works its positions out by itself and takes none from outside, so that they can be neither switched off nor moved. Hover, overlay and heatmap work as for any model, and what position gives to a weight is still estimated, by shuffling the tokens themselves.',
  );
}
