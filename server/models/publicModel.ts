/** What the protocol tells about a model. */
import type { Model } from '../protocol';
import { encodingModes } from './encodingModes';
import { scoreOf, type ModelManifest } from './manifest';

/** Enough of a SHA-256 to tell files apart; the whole one is checked when a file is read. */
const DIGITS_PER_FILE = 16;

/** The model as clients see it. `hash` changes with any file that changes what the model computes. */
export function publicModel(manifest: ModelManifest): Model {
  const leftOut = [...(manifest.leftOut ?? [])];
  const files = [manifest.graph, ...manifest.weights, manifest.tokenizer];
  return {
    id: manifest.id,
    name: manifest.name,
    architecture: manifest.architecture,
    layers: manifest.layers,
    heads: manifest.heads,
    keyValueHeads: manifest.keyValueHeads,
    width: manifest.width,
    contextLength: manifest.contextLength,
    causal: manifest.causal,
    ...windowsOf(manifest),
    ...(leftOut.length > 0 ? { leftOut } : {}),
    position: manifest.position,
    encodingModes: encodingModes(manifest),
    ...decoderOf(manifest),
    storage: manifest.storage,
    hash: files.map(({ sha256 }) => sha256.slice(0, DIGITS_PER_FILE)).join('-'),
    licence: manifest.licence,
  };
}

function decoderOf({ decoder }: ModelManifest): Pick<Model, 'decoder'> {
  if (!decoder) return {};
  const { layers, heads, keyValueHeads, width, contextLength, position } = decoder;
  return { decoder: { layers, heads, keyValueHeads, width, contextLength, position } };
}

function windowsOf(manifest: ModelManifest): Pick<Model, 'windows'> {
  const windows = manifest.taps.map((_, layer) => scoreOf(manifest, layer).bias.window ?? null);
  return windows.some((window) => window !== null) ? { windows } : {};
}
