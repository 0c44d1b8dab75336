import { complement, type CodePointRanges } from './codePointRanges';
import type { PatternReader } from './patternReader';
import { hexDigit, property, whiteSpace, wordCharacter } from './properties';
import { RegexError } from './regexError';

const CONTROLS: Readonly<Record<string, number>> = {
  t: 0x09,
  v: 0x0b,
  n: 0x0a,
  r: 0x0d,
  f: 0x0c,
  a: 0x07,
  e: 0x1b,
};

const CLASSES: Readonly<Record<string, () => CodePointRanges>> = {
  d: () => property('Nd'),
  w: wordCharacter,
  s: () => whiteSpace,
  h: () => hexDigit,
};

/** The character, or set of characters, of an escape; the reader is behind its backslash. */
export function parseEscape(reader: PatternReader): number | CodePointRanges {
  const letter = reader.next();
  if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter]!;
  if (Object.hasOwn(CLASSES, letter)) return CLASSES[letter]!();
  const small = letter.toLowerCase();
  if (letter !== small && Object.hasOwn(CLASSES, small)) return complement(CLASSES[small]!());
  if (letter === 'p' || letter === 'P') return parseProperty(reader, letter === 'P');
  if (letter === 'x') return reader.take('{') ? hex(reader.until('}')) : hex(digits(reader, 2));
  if (letter === 'u') return hex(digits(reader, 4));
  // Letters and digits with a meaning of their own that we do not have.
  if (letter === '' || /^[0-9A-Za-z]$/.test(letter)) throw new RegexError(`\\${letter}`);
  return letter.codePointAt(0)!;
}

function parseProperty(reader: PatternReader, capital: boolean): CodePointRanges {
  if (!reader.take('{')) throw new RegexError(`\\p${reader.peek()}`);
  const negated = reader.take('^') !== capital;
  const set = property(reader.until('}'));
  return negated ? complement(set) : set;
}

function digits(reader: PatternReader, count: number): string {
  let text = '';
  while (text.length < count && /^[0-9A-Fa-f]$/.test(reader.peek())) text += reader.next();
  return text;
}

function hex(text: string): number {
  const code = /^[0-9A-Fa-f]{1,6}$/.test(text) ? parseInt(text, 16) : Infinity;
  if (code > 0x10ffff) throw new RegexError(`\\x{${text}}`);
  return code;
}
