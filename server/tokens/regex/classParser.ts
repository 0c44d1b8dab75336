import { withOtherCases } from './caseFolding';
import { complement, intersection, range, union, type CodePointRanges } from './codePointRanges';
import { parseEscape } from './escapes';
import { property, wordCharacterInClass } from './properties';
import { RegexError } from './regexError';
import type { PatternReader } from './patternReader';

const MAX_NESTING = 16;

/** The set that a bracket expression stands for; the reader is behind its `[`. */
export function parseClass(
  reader: PatternReader,
  ignoreCase: boolean,
  nesting = 0,
): CodePointRanges {
  if (nesting > MAX_NESTING) throw new RegexError('[[[');
  const negated = reader.take('^');
  let whole: CodePointRanges | null = null;
  let sets: CodePointRanges[] = [];
  for (let first = true; first || !reader.take(']'); first = false) {
    if (reader.take('&&')) {
      whole = meet(whole, sets);
      sets = [];
    } else {
      sets.push(parseMember(reader, ignoreCase, nesting, first));
    }
  }
  const set = meet(whole, sets);
  const folded = ignoreCase ? withOtherCases(set) : set;
  return negated ? complement(folded) : folded;
}

function meet(whole: CodePointRanges | null, sets: CodePointRanges[]): CodePointRanges {
  return whole ? intersection(whole, union(...sets)) : union(...sets);
}

function parseMember(
  reader: PatternReader,
  ignoreCase: boolean,
  nesting: number,
  first: boolean,
): CodePointRanges {
  if (reader.take('[:')) return parsePosix(reader);
  if (reader.take('[')) return parseClass(reader, ignoreCase, nesting + 1);
  if (!first && reader.peek() === '-' && reader.peek(1) !== ']') {
    // Behind a range or a class it stands for itself.
    reader.next();
    return range(0x2d);
  }
  const low = parseOne(reader);
  if (typeof low !== 'number') return low;
  const isRange = reader.peek() === '-' && reader.peek(1) !== ']' && reader.peek(1) !== '';
  if (!isRange) return range(low);
  reader.next();
  const high = reader.peek() === '[' ? -1 : parseOne(reader);
  if (typeof high !== 'number' || high < low) throw new RegexError(reader.around());
  return range(low, high);
}

function parseOne(reader: PatternReader): number | CodePointRanges {
  const character = reader.next();
  if (character === '') throw new RegexError(reader.around());
  if (character !== '\\') return character.codePointAt(0)!;
  if (reader.take('b')) return 0x08;
  if (reader.take('w')) return wordCharacterInClass();
  if (reader.take('W')) return complement(wordCharacterInClass());
  return parseEscape(reader);
}

function parsePosix(reader: PatternReader): CodePointRanges {
  const negated = reader.take('^');
  const name = reader.until(':]');
  if (!['space', 'digit', 'punct', 'xdigit'].includes(name)) {
    throw new RegexError(`[:${name}:]`);
  }
  return negated ? complement(property(name)) : property(name);
}
