import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { kindSchema, readPart } from '../readPart';
import { TokenizerError } from '../tokenizer';
import { BertNormalizer } from './bertNormalizer';
import { LowercaseNormalizer } from './lowercaseNormalizer';
import type { Normalizer } from './normalizer';
import { NormalizerSequence } from './normalizerSequence';
import { StripAccentsNormalizer } from './stripAccentsNormalizer';
import { UnicodeFormNormalizer } from './unicodeFormNormalizer';

const bertSchema = v.object({
  clean_text: v.optional(v.boolean(), true),
  handle_chinese_chars: v.optional(v.boolean(), true),
  strip_accents: v.nullish(v.boolean()),
  lowercase: v.optional(v.boolean(), true),
});
const sequenceSchema = v.object({ normalizers: v.array(v.unknown()) });

/** How each kind is built from its part of the file. A new kind is one more line. */
const kinds = new Map<string, (part: unknown, place: string) => Normalizer>([
  ['BertNormalizer', readBert],
  ['Lowercase', () => new LowercaseNormalizer()],
  ['NFC', () => new UnicodeFormNormalizer('NFC')],
  ['NFD', () => new UnicodeFormNormalizer('NFD')],
  ['NFKC', () => new UnicodeFormNormalizer('NFKC')],
  ['NFKD', () => new UnicodeFormNormalizer('NFKD')],
  ['Sequence', readSequence],
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

function readSequence(part: unknown, place: string): Normalizer {
  const { normalizers } = readPart(sequenceSchema, part, place);
  return new NormalizerSequence(
    normalizers.map((member, index) => readNormalizer(member, `${place}.normalizers.${index}`)),
  );
}
