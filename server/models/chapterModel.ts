/** The Chapter model: its graph and its manifest are made from settings when it is loaded. */
import * as l10n from '@vscode/l10n';
import { CHAPTER_OUTPUTS, chapterInputs } from '../chapter/model';
import type { ChapterSettings } from '../chapter/controls';
import { PARAMETERS_LOCATION } from '../chapter/parameters';
import { chapterScheme } from '../chapter/scheme';
import { chapterScoreRule } from '../chapter/scoreRule';
import { buildChapter, type ChapterSize } from '../onnx/architectures/chapter';
import { readSafetensors, safetensorsHeadLength, type Safetensors } from '../onnx/safetensors';
import { WeightFile } from '../onnx/weightFile';
import type { FileSource } from '../engine/protocol';
import type { ModelFiles } from './files';
import type { LoadedModel } from './loadModel';
import type { ModelFile, ModelManifest } from './manifest';
import { ModelError } from './modelError';
import { publicModel } from './publicModel';
import { sha256 } from './verifyFile';

export const CHAPTER_ID = 'chapter';

const GRAPH_PATH = 'chapter.onnx';
const WORD_TABLE = 'embeddings.word_embeddings.weight';
const POSITION_TABLE = 'embeddings.position_embeddings.weight';

/** What the Chapter model takes from the bundled one. */
export interface ChapterSource {
  bundled: LoadedModel;
  /** The bundled model's weights file, and where its tensors stand in it. */
  weights: ModelFile;
  tensors: Safetensors;
}

/**
 * Finds the bundled model's tables; of its weights no more than the header is read.
 * Rejects with ModelError where they are not there.
 */
export async function openChapter(files: ModelFiles, bundled: LoadedModel): Promise<ChapterSource> {
  const [weights] = bundled.manifest.weights;
  const source = weights && bundled.weights[weights.path];
  if (!source) throw noTables();
  const head = 'bytes' in source ? source.bytes : await readHead(files, weights.path);
  return { bundled, weights, tensors: readSafetensors(head, weights.bytes) };
}

/**
 * The model under its settings, as the engine loads it. Hashing what is made here takes
 * a few milliseconds; the bundled weights keep the hash of their manifest, so that an
 * engine that has checked them need not do so again.
 */
export async function chapterModel(
  settings: ChapterSettings,
  { bundled, weights, tensors }: ChapterSource,
): Promise<LoadedModel> {
  const size = sizeOf(tensors);
  const { graph, parameters } = buildChapter(settings, size, new WeightFile(weights.path, tensors));
  const manifest = describe(settings, size, bundled.manifest, {
    graph: await describeFile(GRAPH_PATH, graph),
    weights: [weights, await describeFile(PARAMETERS_LOCATION, parameters)],
  });
  const sources: { [location: string]: FileSource } = {
    [weights.path]: bundled.weights[weights.path]!,
    [PARAMETERS_LOCATION]: { bytes: parameters },
  };
  return {
    manifest,
    model: publicModel(manifest),
    tokenizerBytes: bundled.tokenizerBytes,
    graph: { bytes: graph },
    weights: sources,
  };
}

function describe(
  settings: ChapterSettings,
  { width, positions }: ChapterSize,
  bundled: ModelManifest,
  files: Pick<ModelManifest, 'graph' | 'weights'>,
): ModelManifest {
  const { heads, causal } = settings;
  const { query, key, value, weights } = CHAPTER_OUTPUTS;
  return {
    ...files,
    id: CHAPTER_ID,
    name: l10n.t('Chapter model'),
    architecture: CHAPTER_ID,
    layers: 1,
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    width,
    contextLength: positions,
    causal,
    position: chapterScheme(settings, width),
    storage: bundled.storage,
    licence: bundled.licence,
    tokenizer: bundled.tokenizer,
    inputs: chapterInputs(settings),
    taps: [{ query, key, value, weights, output: null }],
    score: chapterScoreRule(settings, width),
    positionTable: settings.encoding === 'learned' ? POSITION_TABLE : undefined,
    source: bundled.source,
  };
}

async function readHead(files: ModelFiles, path: string): Promise<Uint8Array> {
  const length = safetensorsHeadLength(await files.readStart(path, 8));
  return files.readStart(path, length);
}

function sizeOf(tensors: Safetensors): ChapterSize {
  const words = tensors.get(WORD_TABLE)?.shape;
  const positions = tensors.get(POSITION_TABLE)?.shape;
  if (!words || !positions) throw noTables();
  return { width: words[1]!, vocabulary: words[0]!, positions: positions[0]! };
}

function noTables(): ModelError {
  return new ModelError(
    'modelRefused',
    l10n.t(
      'The Chapter model needs the bundled model\'s tables of tokens and positions, which are missing. Reinstall the extension.',
    ),
  );
}

async function describeFile(path: string, bytes: Uint8Array): Promise<ModelFile> {
  return { path, bytes: bytes.length, sha256: await sha256(bytes) };
}
