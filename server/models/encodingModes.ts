/** What of a model's position can be changed: what its graph takes as input decides. */
import { ENCODING_MODES, type EncodingChange } from '../protocol';
import type { InputNames, ModelManifest } from './manifest';

/** The inputs that a change goes in by. */
const NEEDED: { readonly [mode in EncodingChange['mode']]: keyof InputNames } = {
  off: 'positionScale',
  scaled: 'positionScale',
  shuffled: 'positions',
  reversed: 'positions',
  shifted: 'positions',
  frozen: 'positions',
  base: 'frequencies',
  linear: 'frequencies',
  ntk: 'frequencies',
  yarn: 'attentionFactor',
  slopes: 'slopes',
};

/** In the order of {@link ENCODING_MODES}; none where the model sees no position. */
export function encodingModes({
  position,
  inputs,
}: Pick<ModelManifest, 'position' | 'inputs'>): EncodingChange['mode'][] {
  if (position.kind === 'none') return [];
  return ENCODING_MODES.filter((mode) => inputs[NEEDED[mode]] !== undefined);
}
