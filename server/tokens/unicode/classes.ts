/** Character classes as the reference tokenizer sees them, the same on every host. */
import { CodePointSet } from './codePointSet';
import * as tables from './tables';

const control = new CodePointSet(tables.control);
const punctuation = new CodePointSet(tables.punctuation);
const word = new CodePointSet(tables.word);
const numeric = new CodePointSet(tables.numeric);
const nonspacing = new CodePointSet(tables.nonspacing);
const mark = new CodePointSet(tables.mark);
const combining = new CodePointSet(tables.combining);

// A property that Unicode has closed, so the host's answer is everybody's.
const WHITE_SPACE = /^\p{White_Space}$/u;

/** Of what follows, every function takes one whole character (a pair for astral ones). */
export function isWhiteSpace(character: string): boolean {
  return WHITE_SPACE.test(character);
}

/** What a regular expression's `\w` matches (Unicode TR 18, annex C). */
export function isWordCharacter(character: string): boolean {
  return word.has(character.codePointAt(0)!);
}

/** N: digits, but also fractions, Roman numerals and the like. */
export function isNumeric(character: string): boolean {
  return numeric.has(character.codePointAt(0)!);
}

/** Cc, Cf or Co; unassigned code points are not. Whether U+0000 counts is the caller's affair. */
export function isControl(character: string): boolean {
  return control.has(character.codePointAt(0)!);
}

/** P, or one of the ASCII symbols such as `$` and `+`. */
export function isPunctuation(character: string): boolean {
  return punctuation.has(character.codePointAt(0)!);
}

export function isNonspacingMark(character: string): boolean {
  return nonspacing.has(character.codePointAt(0)!);
}

export function isMark(character: string): boolean {
  return mark.has(character.codePointAt(0)!);
}

/** Whether canonical ordering may move the character (combining class above 0). */
export function isCombining(character: string): boolean {
  return combining.has(character.codePointAt(0)!);
}
