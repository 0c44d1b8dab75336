/** Opens what a path of the person's machine names: a model's folder, or one graph of it. */
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

/** Rejects with ModelError, or TokenizerError. `path`: absolute. */
export async function openModelPath(path: string, signal: AbortSignal): Promise<LoadedModel> {
  const id = formatModelSource({ kind: 'file', path });
  if (!path.toLowerCase().endsWith(GRAPH)) {
    const folder = await diskFolder(path);
    return openFolder(folder, { id, name: folder.name }, signal);
  }
  const { folder, root } = await folderOf(path);
  const inside = relative(root, path).split(sep).join('/');
  const identity = { id, name: `${folder.name}/${basename(path)}` };
  return openOnnxIn({ folder, entries: await folder.list(), identity, signal }, inside);
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
