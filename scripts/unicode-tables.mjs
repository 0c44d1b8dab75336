// Writes tables.ts, categories.ts and scripts.ts of server/tokens/unicode/: what the
// reference tokenizer knows of characters, asked of it code point by code point.
//   node scripts/unicode-tables.mjs && npx prettier --write server/tokens/unicode
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

/** A pre-tokenizer of the reference, from how a tokenizer.json describes it. */
function preTokenizer(description) {
  const model = { type: 'WordLevel', vocab: { a: 0 }, unk_token: 'a' };
  const file = { version: '1.0', added_tokens: [], pre_tokenizer: description, model };
  return reference.Tokenizer.fromString(JSON.stringify(file)).getPreTokenizer();
}

const PER_CALL = 4096;

/** The characters that a regular expression of the reference's engine matches, each asked alone. */
function rangesOfPattern(pattern) {
  const split = preTokenizer({
    type: 'Split',
    pattern: { Regex: pattern },
    behavior: 'Removed',
    invert: true,
  });
  const all = [...codePoints()];
  const matching = new Set();
  for (let at = 0; at < all.length; at += PER_CALL) {
    const asked = all.slice(at, at + PER_CALL).map((code) => String.fromCodePoint(code));
    for (const [piece] of split.preTokenizeString(asked.join(''))) matching.add(piece);
  }
  return ranges((c) => matching.has(c));
}

const categories =
  'Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co'.split(' ');
const categoryTables = categories.map(
  (category) => `  ${category}: ${quoted(encode(rangesOfPattern(`\\p{${category}}`)))},\n`,
);

function quoted(text) {
  return text
    .match(/.{1,88}(?: |$)/g)
    .map((line) => `'${line}'`)
    .join(' +\n    ');
}

writeFileSync(
  'server/tokens/unicode/categories.ts',
  `/**
 * What the reference's regular expressions know of characters, as asked of it by
 * scripts/unicode-tables.mjs: gap, length, gap, length, and so on, in base 36.
 */

/** General categories; Cs and Cn are what no other has. */
export const categories: Readonly<Record<string, string>> = {
${categoryTables.join('')}};

${wrapped('wordClass', 'The class \\\\w.', encode(rangesOfPattern('\\w')))}`,
);

/**
 * Scripts as UnicodeScripts tells them apart. Runs of characters of one script come
 * from splitting all of them; a run has the script of the first one that it joins.
 */
function scriptTables() {
  const split = preTokenizer({ type: 'UnicodeScripts' });
  const count = (text) => split.preTokenizeString(text).length;
  const joins = (a, b) => count(b + a + b) === 1;
  // What has no script joins all.
  const isAny = (c) => joins(c, 'a') && joins(c, 'あ');
  const scripts = [];
  let last = null;
  for (const code of codePoints()) {
    const c = String.fromCodePoint(code);
    if (isAny(c)) {
      last = null;
      continue;
    }
    let script =
      last && joins(c, last.sample) ? last : scripts.find(({ sample }) => joins(c, sample));
    if (!script) {
      script = { sample: c, found: [] };
      scripts.push(script);
    }
    last = script;
    const range = script.found.at(-1);
    if (range?.end === code) range.end++;
    else script.found.push({ start: code, end: code + 1 });
  }
  return scripts.map(({ found }) => encode(found));
}

writeFileSync(
  'server/tokens/unicode/scripts.ts',
  `/**
 * The scripts that the reference's UnicodeScripts tells apart, as asked of it by
 * scripts/unicode-tables.mjs; Hiragana and Katakana are Han there. What is in none
 * of them joins its neighbours. Gap, length, gap, length, and so on, in base 36.
 */
export const scripts: readonly string[] = [
${scriptTables()
  .map((table) => `  ${quoted(table)},\n`)
  .join('')}];
`,
);
