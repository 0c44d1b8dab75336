/** What a model's graph is fed with. */
import { doubledRow, floatRow, integerRow, scalar } from './tensor';
import type { ModelManifest } from '../models/manifest';
import { commonRope } from '../positional/layerSchemes';
import { trainedRope } from '../positional/ropeChange';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import type { Placement } from './layerShape';
import type { Feeds } from './session';
import type { Tensor } from './tensor';
import type { WindowInputs } from './window';

/** A window's tokens and where they stand, under the names that the model's manifest gives. */
export function modelFeeds(
  { inputs: names, position }: Pick<ModelManifest, 'inputs' | 'position'>,
  { ids, placement }: WindowInputs,
): Feeds {
  const rope = turning(position, placement, ids.length);
  const slopes = placement.slopes ?? (position.kind === 'alibi' ? position.slopes : undefined);
  const tensors: [name: string | undefined, tensor: Tensor | undefined][] = [
    [names.ids, integerRow(ids)],
    [names.positions, integerRow(placement.positions)],
    [names.positionScale, scalar(placement.positionScale)],
    [names.frequencies, rope && doubledRow(rope.frequencies)],
    [names.attentionFactor, rope && scalar(rope.attentionFactor)],
    [names.slopes, slopes && floatRow(slopes)],
  ];
  return Object.fromEntries(
    tensors.flatMap(([name, tensor]) => (name !== undefined && tensor ? [[name, tensor]] : [])),
  );
}

/** As the placement asks, else as trained. */
function turning(
  position: ModelManifest['position'],
  { rope }: Placement,
  tokens: number,
): RopeFrequencies | undefined {
  const trained = commonRope(position);
  return rope ?? (trained ? trainedRope(trained, tokens) : undefined);
}
