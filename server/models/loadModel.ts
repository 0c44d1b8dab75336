/** From a model's folder to everything that server and engine need of it. */
import type { FileSource } from '../engine/protocol';
import type { Model, NotShown } from '../protocol';
import type { ModelFiles } from './files';
import type { ModelManifest } from './manifest';
import { publicModel } from './publicModel';
import { readManifest } from './readManifest';
import { verifyFile } from './verifyFile';

export const MANIFEST_PATH = 'manifest.json';

export interface LoadedModel {
  manifest: ModelManifest;
  model: Model;
  /** The checked `tokenizer.json`. */
  tokenizerBytes: Uint8Array;
  /** For the engine, which reads and checks it. */
  graph: FileSource;
  /** By the location that the graph names; for the engine, which reads and checks them. */
  weights: { [location: string]: FileSource };
  /** Parts of the model that are left out; none unless said otherwise. */
  notShown?: readonly NotShown[];
}

/**
 * Reads the manifest and the tokenizer and finds the rest. Rejects with
 * ModelError `modelMissing` when a file is not there, `modelRefused` when the
 * manifest or the tokenizer is damaged.
 */
export async function loadModel(files: ModelFiles): Promise<LoadedModel> {
  const manifest = readManifest(await files.read(MANIFEST_PATH));
  const tokenizerBytes = await files.read(manifest.tokenizer.path);
  await verifyFile(manifest.tokenizer, tokenizerBytes);
  const weights: { [location: string]: FileSource } = {};
  for (const { path } of manifest.weights) weights[path] = await files.source(path);
  return {
    manifest,
    model: publicModel(manifest),
    tokenizerBytes,
    graph: await files.source(manifest.graph.path),
    weights,
  };
}
