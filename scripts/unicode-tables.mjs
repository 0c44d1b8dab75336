// Writes server/tokens/unicode/tables.ts: the character classes of the reference
// tokenizer, asked of it code point by code point.
//   node scripts/unicode-tables.mjs
import { writeFileSync } from 'node:fs';
import reference from 'tokenizers';

const onlyOneStep = {
  cleanText: false,
  handleChineseChars: false,
  stripAccents: false,
  lowercase: false,
};
const clean = reference.bertNormalizer({ ...onlyOneStep, cleanText: true });
const unaccented = reference.bertNormalizer({ ...onlyOneStep, stripAccents: true });
const lower = reference.bertNormalizer({ ...onlyOneStep, lowercase: true });
const unmarked = reference.stripAccentsNormalizer();
const decomposed = reference.nfdNormalizer();
const decomposedCompatibly = reference.nfkdNormalizer();
const pieces = reference.bertPreTokenizer();
const words = reference.whitespacePreTokenizer();
const digits = reference.digitsPreTokenizer(true);

/** U+0345 has the greatest combining class, so any other mark moves in front of it. */
const HIGHEST_MARK = '\u0345';

const tests = {
  control: (c) => clean.normalizeString(c) === '' && c !== '\0' && c !== '\ufffd',
  punctuation: (c) => pieces.preTokenizeString(`a${c}a`).length === 3,
  word: (c) => words.preTokenizeString(`a${c}a`).length === 1,
  numeric: (c) => digits.preTokenizeString(`a${c}a`).length === 3,
  nonspacing: (c) => decomposed.normalizeString(c) === c && unaccented.normalizeString(c) === '',
  mark: (c) => unmarked.normalizeString(c) === '',
  combining: (c) =>
    c === HIGHEST_MARK ||
    (decomposed.normalizeString(c) === c &&
      decomposed.normalizeString(HIGHEST_MARK + c) !== HIGHEST_MARK + c),
  undecomposed: (c) => decomposed.normalizeString(c) === c && c.normalize('NFD') !== c,
  undecomposedCompatibly: (c) =>
    decomposedCompatibly.normalizeString(c) === c && c.normalize('NFKD') !== c,
};
const comments = {
  control: 'Cc, Cf and Co, but not U+0000.',
  punctuation: 'P, and the ASCII symbols.',
  word: 'What a regular expression’s word class matches (Unicode TR 18, annex C).',
  numeric: 'N.',
  nonspacing: 'Mn.',
  mark: 'M.',
  combining: 'Canonical combining class above 0.',
  undecomposed: 'Characters whose canonical decomposition is younger than the reference.',
  undecomposedCompatibly: 'The same for compatibility decompositions.',
};

function* codePoints() {
  for (let code = 0; code < 0x110000; code++) if (code < 0xd800 || code > 0xdfff) yield code;
}

function ranges(test) {
  const found = [];
  for (const code of codePoints()) {
    if (!test(String.fromCodePoint(code))) continue;
    const last = found.at(-1);
    if (last?.end === code) last.end++;
    else found.push({ start: code, end: code + 1 });
  }
  return found;
}

function encode(found) {
  let at = 0;
  const numbers = [];
  for (const { start, end } of found) {
    numbers.push((start - at).toString(36), (end - start).toString(36));
    at = end;
  }
  return numbers.join(' ');
}

/** A host with older Unicode data than ours does not know these; so they are named. */
function youngLowercase() {
  const young = /[\ua7cb-\ua7dc\u{10d50}-\u{10d65}\u{16ea0}-\u{16eb8}]/u;
  const pairs = {};
  for (const code of codePoints()) {
    const character = String.fromCodePoint(code);
    if (!young.test(character)) continue;
    const small = lower.normalizeString(character);
    if (small !== character) pairs[code.toString(16)] = small.codePointAt(0).toString(16);
  }
  return Object.entries(pairs).flat().join(' ');
}

function wrapped(name, comment, text) {
  const lines = text.match(/.{1,88}(?: |$)/g).map((line) => `  '${line}'`);
  return `/** ${comment} */\nexport const ${name} =\n${lines.join(' +\n')};\n`;
}

const tables = Object.entries(tests).map(([name, test]) =>
  wrapped(name, comments[name], encode(ranges(test))),
);
writeFileSync(
  'server/tokens/unicode/tables.ts',
  `/**
 * The character classes of the reference tokenizer, as asked of it by
 * scripts/unicode-tables.mjs. Some are as old as Unicode 8, others newer than
 * the data of many a JavaScript engine; here they are the same on every machine.
 * A table is a list of base-36 numbers: gap, length, gap, length, and so on.
 */

${tables.join('\n')}
${wrapped('youngLowercase', 'Pairs of capital and small letter of a few blocks that Unicode 14 to 17 added to, in hexadecimal.', youngLowercase())}`,
);
