/** Opens what a path of the person's machine names: a model's folder. */
import type { LoadedModel } from '../loadModel';
import { formatModelSource } from '../source';
import { diskFolder } from './diskFolder.node';
import { openFolder } from './openFolder';

/** Rejects with ModelError, or TokenizerError. `path`: absolute. */
export async function openModelPath(path: string, signal: AbortSignal): Promise<LoadedModel> {
  const folder = await diskFolder(path);
  const identity = { id: formatModelSource({ kind: 'file', path }), name: folder.name };
  return openFolder(folder, identity, signal);
}
