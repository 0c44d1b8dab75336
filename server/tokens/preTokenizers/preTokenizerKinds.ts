import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { kindSchema, readPart } from '../readPart';
import { TokenizerError } from '../tokenizer';
import { readPattern } from '../regex/readPattern';
import { BertPreTokenizer } from './bertPreTokenizer';
import { ByteLevelPreTokenizer } from './byteLevelPreTokenizer';
import { CharDelimiterSplitPreTokenizer } from './charDelimiterSplitPreTokenizer';
import { BEHAVIORS } from './delimiterSplit';
import { DigitsPreTokenizer } from './digitsPreTokenizer';
import { FixedLengthPreTokenizer } from './fixedLengthPreTokenizer';
import { MetaspacePreTokenizer, PREPEND_SCHEMES } from './metaspacePreTokenizer';
import type { PreTokenizer } from './preTokenizer';
import { PreTokenizerSequence } from './preTokenizerSequence';
import { PunctuationPreTokenizer } from './punctuationPreTokenizer';
import { SplitPreTokenizer } from './splitPreTokenizer';
import { UnicodeScriptsPreTokenizer } from './unicodeScriptsPreTokenizer';
import { WhitespacePreTokenizer } from './whitespacePreTokenizer';
import { WhitespaceSplitPreTokenizer } from './whitespaceSplitPreTokenizer';

const digitsSchema = v.object({ individual_digits: v.optional(v.boolean(), false) });
const punctuationSchema = v.object({ behavior: v.optional(v.picklist(BEHAVIORS), 'Isolated') });
const characterSchema = v.pipe(
  v.string(),
  v.check((text) => [...text].length === 1, 'one character'),
);
const byteLevelSchema = v.object({
  add_prefix_space: v.optional(v.boolean(), true),
  use_regex: v.optional(v.boolean(), true),
});
const charDelimiterSchema = v.object({ delimiter: characterSchema });
const fixedLengthSchema = v.object({
  length: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 5),
});
const metaspaceSchema = v.object({
  replacement: characterSchema,
  add_prefix_space: v.nullish(v.boolean()),
  prepend_scheme: v.nullish(v.picklist(PREPEND_SCHEMES)),
  split: v.nullish(v.boolean()),
});
const splitSchema = v.object({
  pattern: v.unknown(),
  behavior: v.picklist(BEHAVIORS),
  invert: v.optional(v.boolean(), false),
});
const sequenceSchema = v.object({ pretokenizers: v.array(v.unknown()) });

/** How each kind is built from its part of the file. A new kind is one more line. */
const kinds = new Map<string, (part: unknown, place: string) => PreTokenizer>([
  ['BertPreTokenizer', () => new BertPreTokenizer()],
  ['ByteLevel', readByteLevel],
  ['CharDelimiterSplit', readCharDelimiterSplit],
  ['Digits', readDigits],
  ['FixedLength', readFixedLength],
  ['Metaspace', readMetaspace],
  ['Punctuation', readPunctuation],
  ['Sequence', readSequence],
  ['Split', readSplit],
  ['UnicodeScripts', () => new UnicodeScriptsPreTokenizer()],
  ['Whitespace', () => new WhitespacePreTokenizer()],
  ['WhitespaceSplit', () => new WhitespaceSplitPreTokenizer()],
]);

/** The pre-tokenizer that a tokenizer.json describes; `null` stands for none. */
export function readPreTokenizer(part: unknown, place = 'pre_tokenizer'): PreTokenizer {
  if (part === null || part === undefined) return new PreTokenizerSequence([]);
  const { type } = readPart(kindSchema, part, place);
  const read = kinds.get(type);
  if (read) return read(part, place);
  throw new TokenizerError(
    l10n.t(
      'This model\'s tokenizer needs a pre-tokenizer of the kind "{0}", which is not supported yet. Choose another model.',
      type,
    ),
  );
}

function readByteLevel(part: unknown, place: string): PreTokenizer {
  const options = readPart(byteLevelSchema, part, place);
  return new ByteLevelPreTokenizer({
    addPrefixSpace: options.add_prefix_space,
    splitWords: options.use_regex,
  });
}

function readCharDelimiterSplit(part: unknown, place: string): PreTokenizer {
  return new CharDelimiterSplitPreTokenizer(readPart(charDelimiterSchema, part, place).delimiter);
}

function readFixedLength(part: unknown, place: string): PreTokenizer {
  return new FixedLengthPreTokenizer(readPart(fixedLengthSchema, part, place).length);
}

function readMetaspace(part: unknown, place: string): PreTokenizer {
  const options = readPart(metaspaceSchema, part, place);
  // Older files only say whether to prepend at all.
  const scheme = options.add_prefix_space === false ? 'never' : options.prepend_scheme;
  return new MetaspacePreTokenizer({
    replacement: options.replacement,
    prependScheme: scheme ?? 'always',
    split: options.split ?? true,
  });
}

function readSplit(part: unknown, place: string): PreTokenizer {
  const { pattern, behavior, invert } = readPart(splitSchema, part, place);
  return new SplitPreTokenizer(readPattern(pattern, `${place}.pattern`), behavior, invert);
}

function readDigits(part: unknown, place: string): PreTokenizer {
  return new DigitsPreTokenizer(readPart(digitsSchema, part, place).individual_digits);
}

function readPunctuation(part: unknown, place: string): PreTokenizer {
  return new PunctuationPreTokenizer(readPart(punctuationSchema, part, place).behavior);
}

function readSequence(part: unknown, place: string): PreTokenizer {
  const { pretokenizers } = readPart(sequenceSchema, part, place);
  return new PreTokenizerSequence(
    pretokenizers.map((member, index) =>
      readPreTokenizer(member, `${place}.pretokenizers.${index}`),
    ),
  );
}
