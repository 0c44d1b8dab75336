import { categories, wordClass } from '../unicode/categories';
import { complement, intersection, range, union, type CodePointRanges } from './codePointRanges';
import { RegexError } from './regexError';

/** \s: all of White_Space, which Unicode has closed. */
export const whiteSpace: CodePointRanges = union(
  range(0x09, 0x0d),
  range(0x20),
  range(0x85),
  range(0xa0),
  range(0x1680),
  range(0x2000, 0x200a),
  range(0x2028, 0x2029),
  range(0x202f),
  range(0x205f),
  range(0x3000),
);
export const hexDigit: CodePointRanges = union(
  range(0x30, 0x39),
  range(0x41, 0x46),
  range(0x61, 0x66),
);
export const newline: CodePointRanges = range(0x0a);

/** ² ³ ¹ ¼ ½ ¾: the engine tells Latin-1 apart by other means inside brackets. */
const NO_WORD_IN_CLASS: CodePointRanges = union(range(0xb2, 0xb3), range(0xb9), range(0xbc, 0xbe));

const LONG_NAMES: Readonly<Record<string, string>> = {
  letter: 'L',
  uppercaseletter: 'Lu',
  lowercaseletter: 'Ll',
  titlecaseletter: 'Lt',
  casedletter: 'LC',
  modifierletter: 'Lm',
  otherletter: 'Lo',
  mark: 'M',
  nonspacingmark: 'Mn',
  spacingmark: 'Mc',
  enclosingmark: 'Me',
  number: 'N',
  decimalnumber: 'Nd',
  letternumber: 'Nl',
  othernumber: 'No',
  punctuation: 'P',
  connectorpunctuation: 'Pc',
  dashpunctuation: 'Pd',
  openpunctuation: 'Ps',
  closepunctuation: 'Pe',
  initialpunctuation: 'Pi',
  finalpunctuation: 'Pf',
  otherpunctuation: 'Po',
  symbol: 'S',
  mathsymbol: 'Sm',
  currencysymbol: 'Sc',
  modifiersymbol: 'Sk',
  othersymbol: 'So',
  separator: 'Z',
  spaceseparator: 'Zs',
  lineseparator: 'Zl',
  paragraphseparator: 'Zp',
  other: 'C',
  control: 'Cc',
  format: 'Cf',
  privateuse: 'Co',
  unassigned: 'Cn',
};

const known = new Map<string, CodePointRanges>();

/** The code points that have a property, e.g. `L`, `Lu`, `Letter`, `Han`. */
export function property(name: string): CodePointRanges {
  const plain = name.replace(/[\s_-]/g, '').toLowerCase();
  return remembered(plain, () => look(plain, name));
}

/** \w where it stands alone. */
export function wordCharacter(): CodePointRanges {
  return remembered('\\w', () => parse(wordClass));
}

/** \w inside brackets. */
export function wordCharacterInClass(): CodePointRanges {
  return remembered('[\\w]', () => intersection(wordCharacter(), complement(NO_WORD_IN_CLASS)));
}

function remembered(key: string, make: () => CodePointRanges): CodePointRanges {
  let ranges = known.get(key);
  if (!ranges) {
    ranges = make();
    known.set(key, ranges);
  }
  return ranges;
}

function look(plain: string, name: string): CodePointRanges {
  if (plain === 'any') return range(0, 0x10ffff);
  if (plain === 'space' || plain === 'whitespace') return whiteSpace;
  if (plain === 'digit') return property('Nd');
  if (plain === 'xdigit') return hexDigit;
  if (plain === 'punct') return union(property('P'), property('S'));
  return ofCategory(LONG_NAMES[plain] ?? plain) ?? ofScript(name);
}

function ofCategory(name: string): CodePointRanges | null {
  const category = name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
  if (category === 'Lc') return union(property('Lu'), property('Ll'), property('Lt'));
  if (category === 'Cs') return range(0xd800, 0xdfff);
  if (category === 'Cn')
    return complement(union(property('Cs'), ...Object.values(categories).map(parse)));
  if (category === 'C')
    return union(property('Cc'), property('Cf'), property('Co'), property('Cs'), property('Cn'));
  const members = Object.keys(categories).filter(
    (key) => key === category || (category.length === 1 && key.startsWith(category)),
  );
  return members.length > 0 ? union(...members.map((key) => parse(categories[key]!))) : null;
}

/** Scripts are as young as the host's Unicode data. */
function ofScript(name: string): CodePointRanges {
  let script: RegExp;
  try {
    script = new RegExp(`\\p{Script=${/^\w+$/.test(name) ? name : '?'}}`, 'u');
  } catch {
    throw new RegexError(`\\p{${name}}`);
  }
  const found: number[] = [];
  let inside = false;
  for (let code = 0; code <= 0x10ffff; code++) {
    if (script.test(String.fromCodePoint(code)) === inside) continue;
    inside = !inside;
    found.push(code);
  }
  return inside ? [...found, 0x110000] : found;
}

function parse(table: string): CodePointRanges {
  let at = 0;
  return table
    .trim()
    .split(' ')
    .map((number) => (at += parseInt(number, 36)));
}
