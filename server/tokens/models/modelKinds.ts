import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { readPart, vocabularySchema } from '../readPart';
import { TokenizerError } from '../tokenizer';
import type { Model } from './model';
import { readBpe } from './readBpe';
import { readUnigram } from './readUnigram';
import { unknownIdIn } from './unknownToken';
import { Vocabulary } from './vocabulary';
import { WordLevel } from './wordLevel';
import { WordPiece } from './wordPiece';

const anyModelSchema = v.looseObject({ type: v.optional(v.string()) });
const wordPieceSchema = v.object({
  unk_token: v.string(),
  continuing_subword_prefix: v.string(),
  max_input_chars_per_word: v.pipe(v.number(), v.integer(), v.minValue(0)),
  vocab: vocabularySchema,
});
const wordLevelSchema = v.object({ unk_token: v.string(), vocab: vocabularySchema });

/** How each kind is built from its part of the file. A new kind is one more line. */
const kinds = new Map<string, (part: unknown) => Model>([
  ['BPE', readBpe],
  ['Unigram', readUnigram],
  ['WordLevel', readWordLevel],
  ['WordPiece', readWordPiece],
]);

/** The model that a tokenizer.json describes. */
export function readModel(part: unknown): Model {
  const type = kindOf(readPart(anyModelSchema, part, 'model'));
  const read = kinds.get(type);
  if (read) return read(part);
  throw new TokenizerError(
    l10n.t(
      'This model\'s tokenizer is of the kind "{0}", which is not supported yet. Choose another model.',
      type,
    ),
  );
}

/** Files of the first years do not say the kind; their fields tell it. */
function kindOf(part: v.InferOutput<typeof anyModelSchema>): string {
  if (part.type !== undefined) return part.type;
  if ('merges' in part) return 'BPE';
  if ('continuing_subword_prefix' in part) return 'WordPiece';
  return Array.isArray(part['vocab']) ? 'Unigram' : 'WordLevel';
}

function readWordPiece(part: unknown): Model {
  const options = readPart(wordPieceSchema, part, 'model');
  const vocabulary = new Vocabulary(options.vocab);
  return new WordPiece(vocabulary, {
    unknownId: unknownIdIn(vocabulary, options.unk_token),
    continuingPrefix: options.continuing_subword_prefix,
    maxCharactersPerWord: options.max_input_chars_per_word,
  });
}

function readWordLevel(part: unknown): Model {
  const options = readPart(wordLevelSchema, part, 'model');
  const vocabulary = new Vocabulary(options.vocab);
  return new WordLevel(vocabulary, unknownIdIn(vocabulary, options.unk_token));
}
