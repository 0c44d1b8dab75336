/** The rotary encoding that a subject's queries and keys have gone through. */
import { schemeOfLayer } from '../positional/layerSchemes';
import type { PositionInputs } from '../positional/positionChanges';
import { trainedRope } from '../positional/ropeChange';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import { unrotate, type RopePairing } from '../positional/ropeRotation';
import type { Subject } from './answer';

/** How the vectors of a head are turned. */
export interface Rotation {
  rope: RopeFrequencies;
  pairing: RopePairing;
}

/** Of a layer as trained, or as a change has it; null where nothing turns them. */
export function ropeOf(
  { model, window }: Subject,
  layer: number,
  { rope }: Pick<PositionInputs, 'rope'>,
): Rotation | null {
  const position = schemeOfLayer(model.position, layer);
  if (position.kind !== 'rope') return null;
  return { rope: rope ?? trainedRope(position, window.ids.length), pairing: position.pairing };
}

/** A vector as it was before its position, in the encoding's units, turned it: float32 [dimension]. */
export function beforeTurning(
  vector: Float32Array,
  position: number,
  { rope, pairing }: Rotation,
): Float32Array {
  return Float32Array.from(unrotate(vector, vector.length, [position], rope, pairing));
}
