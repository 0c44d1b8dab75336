/** What a model's graph is fed with. */
import { integerRow, scalar } from './tensor';
import type { ModelManifest } from '../models/manifest';
import type { Feeds } from './session';
import type { WindowInputs } from './window';

/** A window's tokens and where they stand, under the names that the model's manifest gives. */
export function modelFeeds(
  names: ModelManifest['inputs'],
  { ids, placement: { positions, positionScale } }: WindowInputs,
): Feeds {
  return {
    [names.ids]: integerRow(ids),
    [names.positions]: integerRow(positions),
    [names.positionScale]: scalar(positionScale),
  };
}
