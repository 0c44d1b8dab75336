import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { kindSchema, readPart } from '../readPart';
import { TokenizerError } from '../tokenizer';
import { readPattern } from '../regex/readPattern';
import { BertNormalizer } from './bertNormalizer';
import { ByteLevelNormalizer } from './byteLevelNormalizer';
import { charsmapOf } from './charsmap';
import { LowercaseNormalizer } from './lowercaseNormalizer';
import { NmtNormalizer } from './nmtNormalizer';
import type { Normalizer } from './normalizer';
import { NormalizerSequence } from './normalizerSequence';
import { PrecompiledNormalizer } from './precompiledNormalizer';
import { PrependNormalizer } from './prependNormalizer';
import { ReplaceNormalizer } from './replaceNormalizer';
import { StripAccentsNormalizer } from './stripAccentsNormalizer';
import { StripNormalizer } from './stripNormalizer';
import { UnicodeFormNormalizer } from './unicodeFormNormalizer';

const bertSchema = v.object({
  clean_text: v.optional(v.boolean(), true),
  handle_chinese_chars: v.optional(v.boolean(), true),
  strip_accents: v.nullish(v.boolean()),
  lowercase: v.optional(v.boolean(), true),
});
const prependSchema = v.object({ prepend: v.string() });
const precompiledSchema = v.object({ precompiled_charsmap: v.nullish(v.string()) });
const replaceSchema = v.object({ pattern: v.unknown(), content: v.string() });
const stripSchema = v.object({
  strip_left: v.optional(v.boolean(), true),
  strip_right: v.optional(v.boolean(), true),
});
const sequenceSchema = v.object({ normalizers: v.array(v.unknown()) });

/** How each kind is built from its part of the file. A new kind is one more line. */
const kinds = new Map<string, (part: unknown, place: string) => Normalizer>([
  ['BertNormalizer', readBert],
  ['ByteLevel', () => new ByteLevelNormalizer()],
  ['Lowercase', () => new LowercaseNormalizer()],
  ['NFC', () => new UnicodeFormNormalizer('NFC')],
  ['NFD', () => new UnicodeFormNormalizer('NFD')],
  ['NFKC', () => new UnicodeFormNormalizer('NFKC')],
  ['NFKD', () => new UnicodeFormNormalizer('NFKD')],
  ['Nmt', () => new NmtNormalizer()],
  ['Precompiled', readPrecompiled],
  ['Prepend', readPrepend],
  ['Replace', readReplace],
  ['Sequence', readSequence],
  ['Strip', readStrip],
  ['StripAccents', () => new StripAccentsNormalizer()],
]);

/** The normalizer that a tokenizer.json describes; `null` stands for none. */
export function readNormalizer(part: unknown, place = 'normalizer'): Normalizer {
  if (part === null || part === undefined) return new NormalizerSequence([]);
  const { type } = readPart(kindSchema, part, place);
  const read = kinds.get(type);
  if (read) return read(part, place);
  throw new TokenizerError(
    l10n.t(
      'This model\'s tokenizer needs a normalizer of the kind "{0}", which is not supported yet. Choose another model.',
      type,
    ),
  );
}

function readBert(part: unknown, place: string): Normalizer {
  const options = readPart(bertSchema, part, place);
  return new BertNormalizer({
    cleanText: options.clean_text,
    handleChineseChars: options.handle_chinese_chars,
    // Not said means: as the original BERT, which strips accents where it lowercases.
    stripAccents: options.strip_accents ?? options.lowercase,
    lowercase: options.lowercase,
  });
}

function readPrecompiled(part: unknown, place: string): Normalizer {
  const { precompiled_charsmap: charsmap } = readPart(precompiledSchema, part, place);
  // Models without a normalization rule have an empty map.
  return charsmap ? new PrecompiledNormalizer(charsmapOf(charsmap)) : new NormalizerSequence([]);
}

function readPrepend(part: unknown, place: string): Normalizer {
  return new PrependNormalizer(readPart(prependSchema, part, place).prepend);
}

function readReplace(part: unknown, place: string): Normalizer {
  const { pattern, content } = readPart(replaceSchema, part, place);
  return new ReplaceNormalizer(readPattern(pattern, `${place}.pattern`), content);
}

function readStrip(part: unknown, place: string): Normalizer {
  const { strip_left: left, strip_right: right } = readPart(stripSchema, part, place);
  return new StripNormalizer({ left, right });
}

function readSequence(part: unknown, place: string): Normalizer {
  const { normalizers } = readPart(sequenceSchema, part, place);
  return new NormalizerSequence(
    normalizers.map((member, index) => readNormalizer(member, `${place}.normalizers.${index}`)),
  );
}
