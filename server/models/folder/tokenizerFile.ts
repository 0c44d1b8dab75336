/** A folder's tokenizer, whichever of its forms the folder has. */
import * as l10n from '@vscode/l10n';
import {
  sentencePieceRefusal,
  vocabularyAndMergesFile,
  vocabularyTextFile,
} from '../../tokens/fromVocabulary';
import { ModelError } from '../modelError';
import { parseJson } from './config';
import type { FolderEntry, ModelFolder } from './modelFolder';

const TOKENIZER = 'tokenizer.json';
const OPTIONS = 'tokenizer_config.json';
const VOCABULARY_TEXT = 'vocab.txt';
const VOCABULARY = 'vocab.json';
const MERGES = 'merges.txt';
const SENTENCE_PIECE = ['spiece.model', 'tokenizer.model', 'sentencepiece.bpe.model'];

/** The largest published files have some forty million bytes. */
const MAX_BYTES = 200_000_000;
const MAX_OPTIONS_BYTES = 16_000_000;

/**
 * The bytes of the folder's tokenizer.json, or of one that says the same as its
 * `vocab.txt` or its `vocab.json` and `merges.txt`. Rejects with ModelError, or with
 * TokenizerError where those cannot be used.
 */
export async function readTokenizerFile(
  folder: ModelFolder,
  entries: ReadonlyMap<string, FolderEntry>,
): Promise<Uint8Array> {
  if (entries.has(TOKENIZER)) return folder.read(TOKENIZER, MAX_BYTES);
  const text = async (path: string): Promise<string> =>
    new TextDecoder().decode(await folder.read(path, MAX_BYTES));
  if (entries.has(VOCABULARY_TEXT)) {
    const options = { config: await readOptions(folder, entries) };
    return encode(vocabularyTextFile(await text(VOCABULARY_TEXT), options));
  }
  if (entries.has(VOCABULARY) && entries.has(MERGES)) {
    const options = { config: await readOptions(folder, entries) };
    return encode(vocabularyAndMergesFile(await text(VOCABULARY), await text(MERGES), options));
  }
  const sentencePiece = SENTENCE_PIECE.find((path) => entries.has(path));
  if (sentencePiece !== undefined) throw sentencePieceRefusal(sentencePiece);
  throw new ModelError(
    'modelMissing',
    l10n.t(
      'The folder "{0}" has no tokenizer: put the model\'s tokenizer.json into it.',
      folder.name,
    ),
  );
}

async function readOptions(
  folder: ModelFolder,
  entries: ReadonlyMap<string, FolderEntry>,
): Promise<unknown> {
  if (!entries.has(OPTIONS)) return undefined;
  return parseJson(OPTIONS, await folder.read(OPTIONS, MAX_OPTIONS_BYTES));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
