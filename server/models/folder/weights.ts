/** Finds a folder's weights: one safetensors file, or several with an index of which tensor lies in which. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { readSafetensors, safetensorsHeadLength, type Safetensors } from '../../onnx/safetensors';
import { ModelError } from '../modelError';
import { parseJson } from './config';
import { isInside, requireEntry, type FolderEntry, type ModelFolder } from './modelFolder';

export const WEIGHTS = 'model.safetensors';
export const INDEX = 'model.safetensors.index.json';

/** One line a tensor; the largest published models have some ten thousand. */
const MAX_INDEX_BYTES = 64_000_000;
const MAX_SHARDS = 1000;
const START = 8;

const indexSchema = v.object({ weight_map: v.record(v.string(), v.string()) });

/** Whether {@link readWeights} finds something to read. */
export function hasWeights(entries: ReadonlyMap<string, FolderEntry>): boolean {
  return entries.has(WEIGHTS) || entries.has(INDEX);
}

/** Where every tensor lies, by file in alphabetical order. Rejects with ModelError or OnnxError. */
export async function readWeights(
  folder: ModelFolder,
  entries: ReadonlyMap<string, FolderEntry>,
): Promise<ReadonlyMap<string, Safetensors>> {
  const found = new Map<string, Safetensors>();
  for (const path of await filesOf(folder, entries)) {
    found.set(path, await readHead(folder, requireEntry(entries, path)));
  }
  return found;
}

async function filesOf(
  folder: ModelFolder,
  entries: ReadonlyMap<string, FolderEntry>,
): Promise<string[]> {
  if (entries.has(WEIGHTS)) return [WEIGHTS];
  const index = v.safeParse(indexSchema, parseJson(INDEX, await folder.read(INDEX, MAX_INDEX_BYTES)));
  if (!index.success) throw badIndex(l10n.t('it has no list of tensors'));
  const paths = [...new Set(Object.values(index.output.weight_map))].sort();
  const outside = paths.find((path) => !isInside(path));
  if (outside !== undefined)
    throw badIndex(l10n.t('"{0}" is not the name of a file in the folder', outside.slice(0, 80)));
  if (paths.length === 0 || paths.length > MAX_SHARDS)
    throw badIndex(l10n.t('it names {0} files', paths.length));
  return paths;
}

async function readHead(folder: ModelFolder, { path, bytes }: FolderEntry): Promise<Safetensors> {
  const length = safetensorsHeadLength(await folder.readStart(path, START));
  return readSafetensors(await folder.readStart(path, Math.min(length, bytes)), bytes);
}

function badIndex(why: string): ModelError {
  return new ModelError(
    'modelRefused',
    l10n.t('The model file "{0}" cannot be used: {1}. Copy or download it again.', INDEX, why),
  );
}
