/** What a layer adds to a score for how far apart query and key are, read from the weights. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { scoreOf, type ModelManifest } from '../models/manifest';
import { byDistance, numbersOf } from './layerShape';
import type { RelativeBiasAnswer, RelativeBiasParams } from './protocol';
import type { WeightTensors } from './weightTensors';

/** Fails with `notInThisModel` where the layer adds none, `badRequest` for a layer that is not there. */
export function relativeBias(
  manifest: ModelManifest,
  weights: WeightTensors,
  { layer }: RelativeBiasParams,
): RelativeBiasAnswer {
  if (!Number.isInteger(layer) || layer < 0 || layer >= manifest.layers) {
    throw new ChannelError(
      'badRequest',
      l10n.t('This model has {0} layers, so there is no {1}.', manifest.layers, layer),
    );
  }
  const { relative } = scoreOf(manifest, layer).bias;
  if (!relative) {
    throw new ChannelError(
      'notInThisModel',
      l10n.t('Layer {0} adds no learned number for each distance.', layer),
    );
  }
  const table = numbersOf(relative.table, (name) => weights.tensor(name).values);
  return {
    buckets: Int32Array.from(relative.buckets),
    values: byDistance(relative, table, manifest.heads),
  };
}
