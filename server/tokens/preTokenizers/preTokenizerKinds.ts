import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { kindSchema, readPart } from '../readPart';
import { TokenizerError } from '../tokenizer';
import { BertPreTokenizer } from './bertPreTokenizer';
import type { PreTokenizer } from './preTokenizer';
import { PreTokenizerSequence } from './preTokenizerSequence';
import { WhitespaceSplitPreTokenizer } from './whitespaceSplitPreTokenizer';

const sequenceSchema = v.object({ pretokenizers: v.array(v.unknown()) });

/** How each kind is built from its part of the file. A new kind is one more line. */
const kinds = new Map<string, (part: unknown, place: string) => PreTokenizer>([
  ['BertPreTokenizer', () => new BertPreTokenizer()],
  ['Sequence', readSequence],
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

function readSequence(part: unknown, place: string): PreTokenizer {
  const { pretokenizers } = readPart(sequenceSchema, part, place);
  return new PreTokenizerSequence(
    pretokenizers.map((member, index) =>
      readPreTokenizer(member, `${place}.pretokenizers.${index}`),
    ),
  );
}
