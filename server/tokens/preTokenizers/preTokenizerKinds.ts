import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { kindSchema, readPart } from '../readPart';
import { TokenizerError } from '../tokenizer';
import { BertPreTokenizer } from './bertPreTokenizer';
import { BEHAVIORS } from './delimiterSplit';
import { DigitsPreTokenizer } from './digitsPreTokenizer';
import type { PreTokenizer } from './preTokenizer';
import { PreTokenizerSequence } from './preTokenizerSequence';
import { PunctuationPreTokenizer } from './punctuationPreTokenizer';
import { WhitespacePreTokenizer } from './whitespacePreTokenizer';
import { WhitespaceSplitPreTokenizer } from './whitespaceSplitPreTokenizer';

const digitsSchema = v.object({ individual_digits: v.optional(v.boolean(), false) });
const punctuationSchema = v.object({ behavior: v.optional(v.picklist(BEHAVIORS), 'Isolated') });
const sequenceSchema = v.object({ pretokenizers: v.array(v.unknown()) });

/** How each kind is built from its part of the file. A new kind is one more line. */
const kinds = new Map<string, (part: unknown, place: string) => PreTokenizer>([
  ['BertPreTokenizer', () => new BertPreTokenizer()],
  ['Digits', readDigits],
  ['Punctuation', readPunctuation],
  ['Sequence', readSequence],
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
