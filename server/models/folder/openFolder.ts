/** From a folder in the Hugging Face layout to everything that server and engine need of it. */
import { describeModel } from '../../onnx/architectures/architecture';
import { architectureOf } from '../../onnx/architectures/architectures';
import { OnnxError } from '../../onnx/onnxError';
import { buildTransformer } from '../../onnx/transformer/build';
import { WeightFiles } from '../../onnx/weightFiles';
import { PositionError } from '../../positional/positionError';
import type { FileSource } from '../../engine/protocol';
import type { LoadedModel } from '../loadModel';
import type { ModelFile } from '../manifest';
import { ModelError } from '../modelError';
import { publicModel } from '../publicModel';
import { sha256 } from '../verifyFile';
import { onnxCandidates } from '../onnxFile/candidates';
import { openOnnx } from '../onnxFile/openOnnx';
import { CONFIG, readConfigFile, type FolderConfig } from './config';
import { describeTransformer } from './describe';
import { chooseForm, formsOf } from './forms';
import { requireEntry, type FolderEntry, type ModelFolder } from './modelFolder';
import { noWeights, requirePlain, unknownType } from './refusals';
import { storageOf } from './storage';
import { readTokenizerFile } from './tokenizerFile';
import { hasWeights, readWeights } from './weights';

const GRAPH = 'graph.onnx';
const GRAPH_ENDING = '.onnx';
const TOKENIZER = 'tokenizer.json';

/** What a model is called where it is chosen and where it is shown. */
export interface FolderIdentity {
  id: string;
  name: string;
  /** Which of several forms is wanted, by a file of it. */
  form?: string;
  /** Where the folder lies, for the names of its forms; without it the most faithful one is taken. */
  folder?: string;
}

/**
 * Builds the graph of the model in `folder` over the weights that lie there; nothing is
 * written. Rejects with ModelError where the folder is no model that can be shown, or
 * contradicts itself, TokenizerError where its tokenizer cannot be used.
 */
export async function openFolder(
  folder: ModelFolder,
  identity: FolderIdentity,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const entries = await folder.list();
  const [graph] = onnxCandidates(entries.keys());
  const config = await configOf(folder, entries, graph);
  const forms = formsOf(entries, config !== undefined && canBuild(config));
  const form = chooseForm(forms, { entries, asked: identity.form, folder: identity.folder });
  if (form !== undefined && form.endsWith(GRAPH_ENDING)) {
    return openOnnxIn({ folder, entries, identity, signal }, form);
  }
  if (!config || !hasWeights(entries)) throw noWeights(folder.name, entries);
  requirePlain(config);
  try {
    return await build({ folder, entries, config, identity, signal });
  } catch (error) {
    if (error instanceof OnnxError || error instanceof PositionError)
      throw new ModelError('modelRefused', error.message, { cause: error });
    throw error;
  }
}

/** Opens one graph of a folder, with the configuration and the tokenizer that lie there. Rejects as {@link openFolder}. */
export async function openOnnxIn(
  opening: Omit<Opening, 'config'>,
  path: string,
): Promise<LoadedModel> {
  const { folder, entries } = opening;
  const config = await configOf(folder, entries, path);
  const tokenizerBytes = await readTokenizerFile(folder, entries);
  return openOnnx({ ...opening, path, config, tokenizerBytes });
}

interface Opening {
  folder: ModelFolder;
  entries: ReadonlyMap<string, FolderEntry>;
  config: FolderConfig;
  identity: FolderIdentity;
  signal: AbortSignal;
}

/** A graph says by itself what it needs; weights alone do not. */
async function configOf(
  folder: ModelFolder,
  entries: ReadonlyMap<string, FolderEntry>,
  graph: string | undefined,
): Promise<FolderConfig | undefined> {
  if (graph !== undefined && !entries.has(CONFIG)) return undefined;
  return readConfigFile(folder, entries);
}

function canBuild({ model_type, auto_map, quantization_config }: FolderConfig): boolean {
  const plain = (auto_map ?? null) === null && !quantization_config;
  return plain && architectureOf(model_type ?? '') !== undefined;
}

async function build({ folder, entries, config, identity, signal }: Opening): Promise<LoadedModel> {
  const architecture = architectureOf(config.model_type ?? '');
  if (!architecture) throw unknownType(config.model_type);
  const tensors = await readWeights(folder, entries);
  const files = new WeightFiles(tensors);
  const prefix = files.prefixBefore(architecture.words);
  const spec = describeModel(architecture, config, prefix, (tensor) => files.has(tensor));
  const graph = buildTransformer(spec, files);
  const tokenizerBytes = await readTokenizerFile(folder, entries);
  const manifest = describeTransformer(spec, {
    id: identity.id,
    name: identity.name,
    architecture: config.model_type ?? '',
    storage: storageOf(tensors),
    graph: await describeBytes(GRAPH, graph),
    weights: await hashAll(folder, [...tensors.keys()], entries, signal),
    tokenizer: await describeBytes(TOKENIZER, tokenizerBytes),
  });
  const weights: { [location: string]: FileSource } = {};
  for (const path of tensors.keys()) weights[path] = await folder.source(path);
  return { manifest, model: publicModel(manifest), tokenizerBytes, graph: { bytes: graph }, weights };
}

async function hashAll(
  folder: ModelFolder,
  paths: readonly string[],
  entries: ReadonlyMap<string, FolderEntry>,
  signal: AbortSignal,
): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for (const path of paths) {
    const { bytes } = requireEntry(entries, path);
    files.push({ path, bytes, sha256: await folder.hash(path, signal) });
  }
  return files;
}

async function describeBytes(path: string, bytes: Uint8Array): Promise<ModelFile> {
  return { path, bytes: bytes.length, sha256: await sha256(bytes) };
}
