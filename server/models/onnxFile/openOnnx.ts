/** From an `.onnx` file to everything that server and engine need of it. */
import * as l10n from '@vscode/l10n';
import type { FileSource } from '../../engine/protocol';
import { NothingToShow, OnnxError } from '../../onnx/onnxError';
import { writeSafetensors } from '../../onnx/safetensors';
import type { OpenBytes } from '../../onnx/tap/byteSource';
import type { PositionTable } from '../../onnx/tap/positionTable';
import { shrink } from '../../onnx/tap/shrink';
import { externalLocations, tapSource, type TappedGraph } from '../../onnx/tap/tapGraph';
import { otherKindSentence } from '../folder/otherKinds';
import { requireEntry, type FolderEntry, type ModelFolder } from '../folder/modelFolder';
import type { LoadedModel } from '../loadModel';
import type { ModelFile } from '../manifest';
import { ModelError } from '../modelError';
import { publicModel } from '../publicModel';
import { sha256 } from '../verifyFile';
import { describeTapped, POSITION_TABLE } from './describeTapped';
import { readTappedConfig } from './tappedConfig';

export interface OnnxOpening {
  folder: ModelFolder;
  entries: ReadonlyMap<string, FolderEntry>;
  /** Of the `.onnx` file. */
  path: string;
  /** The parsed `config.json`, or undefined where there is none. */
  config: unknown;
  identity: { id: string; name: string };
  /** Of a `tokenizer.json`. */
  tokenizerBytes: Uint8Array;
  signal: AbortSignal;
}

const GRAPH = 'graph.onnx';
const TOKENIZER = 'tokenizer.json';
/** Not in the folder: what the graph holds of positions, by name, where the engine looks for single tensors. */
const POSITIONS = 'positions.safetensors';

/**
 * Looks through the file without reading its weights, and rewrites its structure so that
 * queries, keys and values come out; weights stay in the files that they are in, and
 * nothing is written. Rejects with ModelError.
 */
export async function openOnnx(opening: OnnxOpening): Promise<LoadedModel> {
  const { path, identity, config, tokenizerBytes } = opening;
  const tapped = await tap(opening);
  if (tapped.tokens !== null) throw fixedLength(path, tapped.tokens);
  const positions = tapped.positionTable && positionFile(tapped.positionTable);
  const { manifest, notShown } = describeTapped(tapped, {
    ...identity,
    config,
    graph: await describeBytes(GRAPH, tapped.graph),
    weights: [
      ...(await describeWeights(opening, tapped.locations)),
      ...(positions ? [await describeBytes(POSITIONS, positions)] : []),
    ],
    tokenizer: await describeBytes(TOKENIZER, tokenizerBytes),
  });
  const weights: { [location: string]: FileSource } = positions
    ? { [POSITIONS]: { bytes: positions } }
    : {};
  for (const location of tapped.locations) {
    weights[location] = await opening.folder.source(pathOf(opening, location));
  }
  return {
    manifest,
    model: publicModel(manifest),
    tokenizerBytes,
    graph: { bytes: tapped.graph },
    weights,
    ...(notShown.length > 0 ? { notShown } : {}),
  };
}

/** The file itself is one of the places of weights, under its own name. */
async function tap(opening: OnnxOpening): Promise<TappedGraph> {
  const opened = new Map<string, OpenBytes>();
  const open = async (path: string): Promise<OpenBytes> => {
    const bytes = await opening.folder.open(path);
    opened.set(path, bytes);
    return bytes;
  };
  try {
    const file = await open(opening.path);
    const location = baseName(opening.path);
    const structure = shrink(file, location);
    for (const other of externalLocations(structure)) {
      const path = pathOf(opening, other);
      requireEntry(opening.entries, path);
      if (!opened.has(path)) await open(path);
    }
    return tapSource(file, {
      location,
      structure,
      kinds: ['self'],
      readExternal: (other, offset, length) => {
        const beside = opened.get(pathOf(opening, other));
        return beside && offset + length <= beside.length ? beside.read(offset, length) : undefined;
      },
    });
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    const kind = otherKindSentence(readTappedConfig(opening.config).type, 'graph');
    if (error instanceof NothingToShow && kind !== undefined)
      throw new ModelError('modelNotSupported', kind, { cause: error });
    throw new ModelError('modelRefused', error.message, { cause: error });
  } finally {
    for (const bytes of opened.values()) bytes.close();
  }
}

function positionFile({ rows, width, values }: PositionTable): Uint8Array {
  const bytes = new Uint8Array(values.buffer);
  return writeSafetensors(
    new Map([[POSITION_TABLE, { dtype: 'F32', shape: [rows, width], bytes }]]),
  );
}

async function describeWeights(
  opening: OnnxOpening,
  locations: readonly string[],
): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for (const location of locations) {
    const path = pathOf(opening, location);
    const { bytes } = requireEntry(opening.entries, path);
    const hash = await opening.folder.hash(path, opening.signal);
    files.push({ path: location, bytes, sha256: hash });
  }
  return files;
}

/** A location is relative to the graph's own folder, and stays in it: the tap has seen to that. */
function pathOf({ path }: OnnxOpening, location: string): string {
  return path.slice(0, path.length - baseName(path).length) + location.replaceAll('\\', '/');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function describeBytes(path: string, bytes: Uint8Array): Promise<ModelFile> {
  return { path, bytes: bytes.length, sha256: await sha256(bytes) };
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
