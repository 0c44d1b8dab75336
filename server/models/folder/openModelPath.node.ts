/** Opens what a path of the person's machine names: a model's folder, or one graph of it. */
import { access } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import type { LoadedModel } from '../loadModel';
import { ModelError } from '../modelError';
import { formatModelSource } from '../source';
import { diskFolder } from './diskFolder.node';
import { openFolder, openOnnxIn } from './openFolder';
import type { ModelFolder } from './modelFolder';

const GRAPH = '.onnx';
/** What belongs to a model lies beside its graph, or one folder up. */
const BELONGING = ['tokenizer.json', 'vocab.txt', 'vocab.json'];

/** Rejects with ModelError, or TokenizerError. `path`: absolute; `form`: one of a folder's, by a file of it. */
export async function openModelPath(
  { path, form }: { path: string; form?: string },
  signal: AbortSignal,
): Promise<LoadedModel> {
  // A # may also be part of a name.
  if (form !== undefined && (await exists(`${path}#${form}`)))
    return openModelPath({ path: `${path}#${form}` }, signal);
  const id = formatModelSource({ kind: 'file', path, ...(form === undefined ? {} : { form }) });
  if (form !== undefined || !path.toLowerCase().endsWith(GRAPH)) {
    const folder = await diskFolder(path);
    const name = form === undefined ? folder.name : `${folder.name}/${form}`;
    return openFolder(folder, { id, name, folder: path, ...(form === undefined ? {} : { form }) }, signal);
  }
  const { folder, root } = await folderOf(path);
  const inside = relative(root, path).split(sep).join('/');
  const identity = { id, name: `${folder.name}/${basename(path)}` };
  return openOnnxIn({ folder, entries: await folder.list(), identity, signal }, inside);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function folderOf(path: string): Promise<{ folder: ModelFolder; root: string }> {
  const beside = dirname(path);
  const own = await diskFolder(beside);
  const entries = await own.list();
  if (BELONGING.some((name) => entries.has(name))) return { folder: own, root: beside };
  const above = await listed(dirname(beside));
  return above ? { folder: above, root: dirname(beside) } : { folder: own, root: beside };
}

/** Undefined where nothing there belongs to a model: it may be any folder of the person's. */
async function listed(root: string): Promise<ModelFolder | undefined> {
  try {
    const folder = await diskFolder(root);
    const entries = await folder.list();
    return BELONGING.some((name) => entries.has(name)) ? folder : undefined;
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}
