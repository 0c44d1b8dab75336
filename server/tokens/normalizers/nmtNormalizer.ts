import type { TracedText } from '../tracedText';
import { CharacterMap } from './characterMap';
import type { Normalizer } from './normalizer';

const SPACE_LIKE = /^[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]$/;

/** Controls, but those that count as spaces. */
function isDropped(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code === 0x7f || code === 0x8f || code === 0x9f) return true;
  return code > 0 && code < 0x20 && !SPACE_LIKE.test(character);
}

/** What neural translation models do with controls and unusual spaces. */
export class NmtNormalizer implements Normalizer {
  readonly local = true;
  private readonly characters = new CharacterMap((character) => {
    if (isDropped(character)) return '';
    return SPACE_LIKE.test(character) ? ' ' : character;
  });

  normalize(text: TracedText): TracedText {
    return this.characters.apply(text);
  }
}
