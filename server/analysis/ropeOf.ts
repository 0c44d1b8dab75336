/** The rotary encoding that a subject's queries and keys have gone through. */
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

/** As trained, or as a change has it; null where nothing turns them. */
export function ropeOf({ model, window }: Subject, { rope }: PositionInputs): Rotation | null {
  const { position } = model;
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
