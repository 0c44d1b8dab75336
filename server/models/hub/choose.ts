/**
 * Which of a model's files are needed, and no others: the configuration, the tokenizer, and the
 * weights in one form. The rule for the form: what was published counts, so the safetensors
 * files, in whatever precision they have, wherever the graph can be built from them; else the
 * ONNX export in full precision. Exports that were rounded afterwards (fp16, int8, q4 …) draw
 * another picture and are not taken by themselves. Pickles (`.bin`, `.pt`, `.ckpt`) can run code
 * and are never taken.
 */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { BUILDABLE_TYPES } from '../../onnx/architectures/architectures';
import { ModelError } from '../modelError';
import type { HubFile, HubListing } from './listing';

export const CONFIG = 'config.json';

const TOKENIZER = 'tokenizer.json';
/** Beside `tokenizer.json`, and beside what stands in for it. */
const TOKENIZER_SETTINGS = ['tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json'];
/** What a tokenizer is built from where there is no `tokenizer.json`. */
const VOCABULARIES = [
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'spiece.model',
  'tokenizer.model',
  'sentencepiece.bpe.model',
];
const SAFETENSORS = 'model.safetensors';
const SHARDS = 'model.safetensors.index.json';
/** In the order in which they are looked for. */
const EXPORTS = ['onnx/model.onnx', 'model.onnx'];
const PICKLE = /\.(bin|pt|pth|ckpt|pkl)$/;

/** Larger ones are no list of shards. */
export const MAX_INDEX_BYTES = 64 * 2 ** 20;

export interface HubChoice {
  files: HubFile[];
  /** A list of shards that has to be read to know the rest; it is among `files`. */
  index: HubFile | null;
}

/**
 * What to download of a listing; with an `index`, {@link shardsOf} gives the rest. `modelType` is
 * that of config.json. Throws ModelError `modelNotSupported` where nothing of it could be opened.
 */
export function chooseFiles(id: string, listing: HubListing, modelType: string | null): HubChoice {
  const find = (path: string): HubFile[] => listing.files.filter((file) => file.path === path);
  const config = find(CONFIG);
  if (config.length === 0)
    throw unsupported(
      l10n.t('{0} has no config.json, so nobody can tell what kind of model it is.', id),
    );
  const tokenizer = tokenizerFiles(id, find);
  const buildable = modelType !== null && BUILDABLE_TYPES.includes(modelType);
  const [whole] = find(SAFETENSORS);
  const [index] = find(SHARDS);
  const before = [...config, ...tokenizer];
  if (buildable && whole) return { files: [...before, whole], index: null };
  if (buildable && index) return { files: [...before, index], index };
  const [exported] = EXPORTS.flatMap(find);
  if (exported) return { files: [...before, ...withData(exported, listing)], index: null };
  throw noWeights(id, listing, modelType, buildable);
}

const indexSchema = v.object({ weight_map: v.record(v.string(), v.string()) });

/**
 * The files that a list of shards names. Throws ModelError `modelRefused` where it cannot be read
 * or names something that the model does not have.
 */
export function shardsOf(id: string, index: Uint8Array, listing: HubListing): HubFile[] {
  const parsed = v.safeParse(indexSchema, parse(index));
  if (!parsed.success || Object.keys(parsed.output.weight_map).length === 0)
    throw refused(l10n.t('The list of weights "{0}" of {1} cannot be read.', SHARDS, id));
  return [...new Set(Object.values(parsed.output.weight_map))].sort().map((path) => {
    const file = listing.files.find((each) => each.path === path && !path.includes('/'));
    if (file && path.endsWith('.safetensors')) return file;
    throw refused(
      l10n.t('The list of weights of {0} names "{1}", which is not one of its files.', id, path),
    );
  });
}

/** What config.json says the model is; null where it does not. */
export function modelTypeOf(config: Uint8Array): string | null {
  const parsed = v.safeParse(v.object({ model_type: v.string() }), parse(config));
  return parsed.success ? parsed.output.model_type : null;
}

function tokenizerFiles(id: string, find: (path: string) => HubFile[]): HubFile[] {
  const whole = find(TOKENIZER);
  const found = whole.length > 0 ? whole : VOCABULARIES.flatMap(find);
  if (found.length > 0) return [...found, ...TOKENIZER_SETTINGS.flatMap(find)];
  throw unsupported(
    l10n.t(
      '{0} has no tokenizer that can be read: it needs tokenizer.json, vocab.txt, or vocab.json with merges.txt.',
      id,
    ),
  );
}

/** An export and its weights beside it, which exporters name after it. */
function withData(exported: HubFile, { files }: HubListing): HubFile[] {
  const stem = exported.path.replace(/\.onnx$/, '');
  const beginnings = [`${exported.path}_data`, `${exported.path}.data`, `${stem}.data`];
  const data = files.filter(({ path }) => beginnings.some((start) => path.startsWith(start)));
  return [exported, ...data];
}

function noWeights(
  id: string,
  { files }: HubListing,
  modelType: string | null,
  buildable: boolean,
): ModelError {
  const has = (test: (path: string) => boolean): boolean => files.some(({ path }) => test(path));
  if (!buildable && has((path) => path.endsWith('.safetensors')))
    return unsupported(
      l10n.t(
        'Models of type "{0}" can only be opened with an ONNX export, and {1} has none: export it with "optimum-cli export onnx" and open that folder.',
        modelType ?? '?',
        id,
      ),
    );
  if (has((path) => PICKLE.test(path)))
    return unsupported(
      l10n.t(
        '{0} has its weights as pickle files only, which can run code when they are opened. Look for another revision or another model with safetensors or ONNX.',
        id,
      ),
    );
  return unsupported(
    l10n.t('{0} has no weights that can be read: model.safetensors or onnx/model.onnx.', id),
  );
}

function unsupported(message: string): ModelError {
  return new ModelError('modelNotSupported', message);
}

function refused(message: string): ModelError {
  return new ModelError('modelRefused', message);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
