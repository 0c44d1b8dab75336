import { lowercase } from '../unicode/lowercase';
import type { TracedText } from '../tracedText';
import { CharacterMap } from './characterMap';
import type { Normalizer } from './normalizer';

export class LowercaseNormalizer implements Normalizer {
  readonly local = true;
  private readonly characters = new CharacterMap(lowercase);

  normalize(text: TracedText): TracedText {
    return this.characters.apply(text);
  }
}
