import { isMark } from '../unicode/classes';
import type { TracedText } from '../tracedText';
import { CharacterMap } from './characterMap';
import type { Normalizer } from './normalizer';

/** Drops marks; what is composed with its mark must be decomposed before. */
export class StripAccentsNormalizer implements Normalizer {
  readonly local = true;
  private readonly characters = new CharacterMap((character) =>
    isMark(character) ? '' : character,
  );

  normalize(text: TracedText): TracedText {
    return this.characters.apply(text);
  }
}
