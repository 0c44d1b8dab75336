/** From an `.onnx` file to everything that server and engine need of it. */
import * as l10n from '@vscode/l10n';
import type { FileSource } from '../../engine/protocol';
import { OnnxError } from '../../onnx/onnxError';
import type { NotShown } from '../../onnx/tap/attention';
import type { ByteSource } from '../../onnx/tap/byteSource';
import { tapSource, type TappedGraph } from '../../onnx/tap/tapGraph';
import type { LoadedModel } from '../loadModel';
import type { ModelFile } from '../manifest';
import { ModelError } from '../modelError';
import { publicModel } from '../publicModel';
import { sha256 } from '../verifyFile';
import { describeTapped } from './describeTapped';

/** Where the file and what belongs to it lie; paths are relative, with forward slashes. */
export interface OnnxFolder {
  hash(path: string, signal: AbortSignal): Promise<string>;
  source(path: string): Promise<FileSource>;
}

/** Bytes that are open until they are closed. */
export interface OpenBytes extends ByteSource {
  close(): void;
}

export interface OnnxOpening {
  folder: OnnxFolder;
  /** The files that are there. */
  entries: ReadonlyMap<string, { bytes: number }>;
  /** Of the `.onnx` file. */
  path: string;
  /** The parsed `config.json`, or undefined where there is none. */
  config: unknown;
  identity: { id: string; name: string };
  /** Of a `tokenizer.json`. */
  tokenizerBytes: Uint8Array;
  signal: AbortSignal;
  openBytes: (source: FileSource) => OpenBytes;
}

/** A model, and what of it cannot be shown. */
export interface OnnxModel extends LoadedModel {
  notShown: readonly NotShown[];
}

const GRAPH = 'graph.onnx';
const TOKENIZER = 'tokenizer.json';

/**
 * Looks through the file without reading its weights, and rewrites its structure so that
 * queries, keys and values come out; weights stay in the files that they are in, and
 * nothing is written. Rejects with ModelError.
 */
export async function openOnnx(opening: OnnxOpening): Promise<OnnxModel> {
  const { path, identity, config, tokenizerBytes } = opening;
  const tapped = await tap(opening);
  if (tapped.tokens !== null) throw fixedLength(path, tapped.tokens);
  const { manifest, notShown } = describeTapped(tapped, {
    ...identity,
    config,
    graph: await describeBytes(GRAPH, tapped.graph),
    weights: await describeWeights(opening, tapped.locations),
    tokenizer: await describeBytes(TOKENIZER, tokenizerBytes),
  });
  const weights: { [location: string]: FileSource } = {};
  for (const location of tapped.locations) {
    weights[location] = await opening.folder.source(pathOf(opening, location));
  }
  return {
    manifest,
    model: publicModel(manifest),
    tokenizerBytes,
    graph: { bytes: tapped.graph },
    weights,
    notShown,
  };
}

/** The file itself is one of the places of weights, under its own name. */
async function tap(opening: OnnxOpening): Promise<TappedGraph> {
  const { folder, entries, path, openBytes } = opening;
  const opened = new Map<string, OpenBytes>();
  const sources = new Map<string, FileSource>();
  for (const name of entries.keys()) {
    if (isBeside(path, name)) sources.set(name, await folder.source(name));
  }
  const open = (name: string): OpenBytes | undefined => {
    const source = sources.get(name);
    const known = opened.get(name) ?? (source && openBytes(source));
    if (known) opened.set(name, known);
    return known;
  };
  const file = open(path);
  if (!file) throw missing(path);
  try {
    return tapSource(file, {
      location: baseName(path),
      kinds: ['self'],
      readExternal: (location, offset, length) => {
        const beside = open(pathOf(opening, location));
        if (!beside || offset + length > beside.length) return undefined;
        return beside.read(offset, length);
      },
    });
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    throw new ModelError('modelRefused', error.message, { cause: error });
  } finally {
    for (const bytes of opened.values()) bytes.close();
  }
}

async function describeWeights(
  opening: OnnxOpening,
  locations: readonly string[],
): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for (const location of locations) {
    const path = pathOf(opening, location);
    const entry = opening.entries.get(path);
    if (!entry) throw missing(path);
    const hash = await opening.folder.hash(path, opening.signal);
    files.push({ path: location, bytes: entry.bytes, sha256: hash });
  }
  return files;
}

/** A location is relative to the graph's own folder, and stays in it: the tap has seen to that. */
function pathOf({ path }: OnnxOpening, location: string): string {
  return path.slice(0, path.length - baseName(path).length) + location.replaceAll('\\', '/');
}

function isBeside(path: string, name: string): boolean {
  return name.startsWith(path.slice(0, path.length - baseName(path).length));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function describeBytes(path: string, bytes: Uint8Array): Promise<ModelFile> {
  return { path, bytes: bytes.length, sha256: await sha256(bytes) };
}

function missing(path: string): ModelError {
  return new ModelError(
    'modelMissing',
    l10n.t('The model\'s folder has no file "{0}". Copy or download it again.', path),
  );
}

function fixedLength(path: string, tokens: number): ModelError {
  return new ModelError(
    'modelNotSupported',
    l10n.t(
      'The graph "{0}" reads texts of exactly {1} tokens; export the model again with dynamic axes.',
      path,
      tokens,
    ),
  );
}
