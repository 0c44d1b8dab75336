import type { TracedText } from '../tracedText';
import { lettersOf } from '../unicode/byteLetters';
import { CharacterMap } from './characterMap';
import type { Normalizer } from './normalizer';

/** Spells every character as the letters of its bytes; each letter has the character's range. */
export class ByteLevelNormalizer implements Normalizer {
  readonly local = false;
  private readonly characters = new CharacterMap(lettersOf);

  normalize(text: TracedText): TracedText {
    return this.characters.apply(text);
  }
}
