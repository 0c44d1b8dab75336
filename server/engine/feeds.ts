/** What a model's graph is fed with. */
import { doubledRow, floatRow, integerRow, scalar } from './tensor';
import type { ModelManifest } from '../models/manifest';
import { commonRope } from '../positional/layerSchemes';
import { trainedRope } from '../positional/ropeChange';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import { inOrder, type Placement } from './layerShape';
import type { Feeds } from './session';
import type { Tensor } from './tensor';
import type { WindowInputs } from './window';

type NamedTensor = [name: string | undefined, tensor: Tensor | undefined];

/** A window's tokens and where they stand, under the names that the model's manifest gives. */
export function modelFeeds(
  { inputs: names, position, decoder }: Pick<ModelManifest, 'inputs' | 'position' | 'decoder'>,
  { ids, placement, target }: WindowInputs,
): Feeds {
  const rope = turning(position, placement, ids.length);
  const slopes = placement.slopes ?? (position.kind === 'alibi' ? position.slopes : undefined);
  const tensors: NamedTensor[] = [
    [names.ids, integerRow(ids)],
    [names.positions, integerRow(placement.positions)],
    [names.positionScale, scalar(placement.positionScale)],
    [names.frequencies, rope && doubledRow(rope.frequencies)],
    [names.attentionFactor, rope && scalar(rope.attentionFactor)],
    [names.slopes, slopes && floatRow(slopes)],
    ...decoderFeeds(decoder, target),
  ];
  return Object.fromEntries(
    tensors.flatMap(([name, tensor]) => (name !== undefined && tensor ? [[name, tensor]] : [])),
  );
}

/** Its own text; a graph that runs whole needs one even where nobody looks at it. */
function decoderFeeds(decoder: ModelManifest['decoder'], target?: Int32Array): NamedTensor[] {
  if (!decoder) return [];
  const ids = target ?? Int32Array.of(decoder.startToken);
  return [
    [decoder.inputs.ids, integerRow(ids)],
    [decoder.inputs.positions, integerRow(inOrder(ids.length).positions)],
  ];
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
