/** What is fed with damaged files, and what counts as a proper refusal. */
import { readFileSync } from 'node:fs';
import { describeTapped } from '../../server/models/onnxFile/describeTapped';
import { ModelError } from '../../server/models/modelError';
import { architectureOf } from '../../server/onnx/architectures/architectures';
import { OnnxError } from '../../server/onnx/onnxError';
import { readSafetensors, safetensorsHeadLength } from '../../server/onnx/safetensors';
import { sliceGraph } from '../../server/onnx/sliceGraph';
import { tapGraph } from '../../server/onnx/tap/tapGraph';
import { buildTransformer } from '../../server/onnx/transformer/build';
import { WeightFiles } from '../../server/onnx/weightFiles';
import { PositionError } from '../../server/positional/positionError';
import { loadTokenizer } from '../../server/tokens/load';
import { TokenizerError } from '../../server/tokens/tokenizer';
import { exportFile } from '../unit/onnx/exports.node';
import { mutateBytes } from './mutateBytes';
import { mutateJson, type Json } from './mutateJson';
import type { Random } from './random';
import { TOKENIZERS } from './tokenizers';

export interface Target {
  /** A damaged file. */
  mutate: (random: Random) => Uint8Array;
  /** Takes it or throws. */
  run: (file: Uint8Array) => void;
}

export const TARGET_NAMES = ['onnx', 'safetensors', 'tokenizer', 'config'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

const GRAPHS = [
  'bert/dynamo-18.onnx',
  'bert/optimised.onnx',
  'bert/int8.onnx',
  'llama/merged-17.onnx',
  'mistral/dynamo-18.onnx',
  't5-encoder/legacy-17.onnx',
  'bloom/legacy-17.onnx',
  'fused/grouped-rotary.onnx',
  'fused/attention-3d-grouped.onnx',
  'fused/multi-head-slopes.onnx',
  'fused/projected-mask.onnx',
];
const CHECKPOINTS = 'test/reference/architectures';
const MODELS = ['bert', 'distilbert', 'gpt2', 'llama', 'phi3-longrope', 'bloom'];
const WEIGHTS = 'model.safetensors';

const TEXT =
  'The keeper of the lighthouse 1234 said: “naïve café” 👩‍👩‍👧 \u0301\ud800 <|end|> [SEP]\n\tthe\u3000end…';

export const TARGETS: { readonly [name in TargetName]: Target } = {
  onnx: {
    mutate: (random) => mutateBytes(exportFile(random.pick(GRAPHS)), random),
    run: (file) => {
      const tapped = tapGraph(file, { location: 'model.onnx', kinds: ['self'] });
      const stages = tapped.layers.map(({ query, key, value }) => [query, key, value]);
      sliceGraph(tapped.graph, stages);
      const file0 = { path: 'x', bytes: 0, sha256: '' };
      const files = { graph: file0, weights: [], tokenizer: file0 };
      describeTapped(tapped, { id: 'x', name: 'x', config: undefined, ...files });
    },
  },
  safetensors: {
    mutate: (random) => {
      const name = random.pick(MODELS);
      const file = new Uint8Array(readFileSync(`${CHECKPOINTS}/${name}/${WEIGHTS}`));
      return withName(
        name,
        random.below(3) > 0 ? damagedHead(file, random) : mutateBytes(file, random),
      );
    },
    run: (file) => {
      const [name, weights] = parted(file);
      const config = JSON.parse(readFileSync(`${CHECKPOINTS}/${name}/config.json`, 'utf8')) as Json;
      build(config, weights);
    },
  },
  tokenizer: {
    mutate: (random) => jsonOrBytes(random.pick(TOKENIZERS), random),
    run: (file) => {
      const tokenizer = loadTokenizer(file);
      const { ids } = tokenizer.encode(TEXT);
      for (const id of ids) tokenizer.tokenText(id);
      tokenizer.encode('the '.repeat(2000));
      tokenizer.lastCut(TEXT, 0, TEXT.length);
    },
  },
  config: {
    mutate: (random) => {
      const name = random.pick(MODELS);
      const config = JSON.parse(readFileSync(`${CHECKPOINTS}/${name}/config.json`, 'utf8')) as Json;
      return withName(name, jsonOrBytes(config, random));
    },
    run: (file) => {
      const [name, json] = parted(file);
      const weights = new Uint8Array(readFileSync(`${CHECKPOINTS}/${name}/${WEIGHTS}`));
      build(parsed(json), weights);
    },
  },
};

/** Errors that carry a sentence for a person. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof OnnxError ||
    error instanceof ModelError ||
    error instanceof TokenizerError ||
    error instanceof PositionError
  );
}

function build(config: Json, weights: Uint8Array): void {
  const type =
    config !== null && typeof config === 'object'
      ? (config as { model_type?: Json }).model_type
      : null;
  const architecture = architectureOf(typeof type === 'string' ? type : '');
  if (!architecture) throw new ModelError('modelNotSupported', 'unknown type');
  const head = weights.subarray(0, safetensorsHeadLength(weights.subarray(0, 8)));
  const files = new WeightFiles(new Map([[WEIGHTS, readSafetensors(head, weights.length)]]));
  buildTransformer(architecture.describe(config, files.prefixBefore(architecture.words)), files);
}

function parsed(json: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder().decode(json)) as Json;
  } catch {
    throw new ModelError('modelRefused', 'no JSON');
  }
}

function jsonOrBytes(value: Json, random: Random): Uint8Array {
  const damaged = random.below(4) > 0 ? mutateJson(value, random) : value;
  const bytes = new TextEncoder().encode(JSON.stringify(damaged));
  return damaged === value ? mutateBytes(bytes, random) : bytes;
}

/** Only the length and the JSON in front of the tensors are damaged. */
function damagedHead(file: Uint8Array, random: Random): Uint8Array {
  const length = 8 + new DataView(file.buffer).getUint32(0, true);
  const head = mutateBytes(file.subarray(0, length), random);
  const whole = new Uint8Array(head.length + file.length - length);
  whole.set(head);
  whole.set(file.subarray(length), head.length);
  return whole;
}

/** What is damaged goes with the rest of the model that it was taken from. */
function withName(name: string, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(16 + bytes.length);
  whole.set(new TextEncoder().encode(name.padEnd(16)));
  whole.set(bytes, 16);
  return whole;
}

function parted(file: Uint8Array): [name: string, bytes: Uint8Array] {
  return [new TextDecoder().decode(file.subarray(0, 16)).trim(), file.subarray(16)];
}
