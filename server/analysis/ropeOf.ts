/** The rotary encoding that a subject's queries and keys have gone through. */
import { CHAPTER_ROPE_PAIRING, chapterRope } from '../chapter/encoding';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import { unrotate, type RopePairing } from '../positional/ropeRotation';
import type { Subject } from './answer';

/** How the vectors of a head are turned. */
export interface Rotation {
  rope: RopeFrequencies;
  pairing: RopePairing;
}

/** null where nothing turns them. */
export function ropeOf({ ready, numbers, model }: Subject): Rotation | null {
  const settings = numbers?.settings ?? ready.chapter;
  const rope = settings && chapterRope(settings, model.width / settings.heads);
  return rope ? { rope, pairing: CHAPTER_ROPE_PAIRING } : null;
}

/** A vector as it was before its position, in the encoding's units, turned it: float32 [dimension]. */
export function beforeTurning(
  vector: Float32Array,
  position: number,
  { rope, pairing }: Rotation,
): Float32Array {
  return Float32Array.from(unrotate(vector, vector.length, [position], rope, pairing));
}
