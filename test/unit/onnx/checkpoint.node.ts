/** The tiny checkpoints of test/reference/architectures, and graphs of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describeModel } from '../../../server/onnx/architectures/architecture';
import { architectureOf } from '../../../server/onnx/architectures/architectures';
import { readSafetensors } from '../../../server/onnx/safetensors';
import { buildTransformer } from '../../../server/onnx/transformer/build';
import { transformerInputs } from '../../../server/onnx/transformer/names';
import type { TransformerSpec } from '../../../server/onnx/transformer/spec';
import { trainedRope } from '../../../server/positional/ropeChange';
import { WeightFiles } from '../../../server/onnx/weightFiles';

export const FOLDER = 'test/reference/architectures';
export const PAIRS = 'test/reference/pairs';
export const LOCATION = 'model.safetensors';

export interface Checkpoint {
  type: string;
  spec: TransformerSpec;
  graph: Uint8Array;
  weights: Uint8Array;
}

/** `weights`: instead of the checkpoint's own; `change`: what is made of its description. */
export function openCheckpoint(
  name: string,
  {
    folder = FOLDER,
    weights = new Uint8Array(readFileSync(`${folder}/${name}/${LOCATION}`)),
    change = (spec: TransformerSpec) => spec,
  } = {},
): Checkpoint {
  const config = JSON.parse(readFileSync(`${folder}/${name}/config.json`, 'utf8')) as {
    model_type: string;
  };
  const files = new WeightFiles(new Map([[LOCATION, readSafetensors(weights)]]));
  const architecture = architectureOf(config.model_type);
  assert.ok(architecture, config.model_type);
  const prefix = files.prefixBefore(architecture.words);
  const spec = change(describeModel(architecture, config, prefix, (tensor) => files.has(tensor)));
  return { type: config.model_type, spec, graph: buildTransformer(spec, files), weights };
}

/** What the graph wants of the model's position as trained, in a text of so many tokens. */
export function positionFeeds(
  spec: TransformerSpec,
  tokens = 1,
): {
  [input: string]: { values: readonly number[]; shape: readonly number[] };
} {
  const { frequencies, attentionFactor, slopes } = transformerInputs(spec);
  const { score } = spec;
  // That of a layer that turns: a model may have one that no layer uses.
  const rotary = spec.layers
    .map((layer) => (layer.rotary === undefined ? spec.rotary : layer.rotary))
    .find((each) => each !== null);
  const turns = rotary && trainedRope({ ...rotary, dimensions: rotary.rotatedWidth }, tokens);
  const pairs = Array.from(turns?.frequencies ?? []);
  const low = pairs.map((value) => value - Math.fround(value));
  const alibi = score.bias.alibi?.slopes ?? [];
  return {
    ...(frequencies && {
      [frequencies]: { values: [...pairs, ...low], shape: [2, pairs.length] },
    }),
    ...(attentionFactor && {
      [attentionFactor]: { values: [turns!.attentionFactor], shape: [] },
    }),
    ...(slopes && { [slopes]: { values: alibi, shape: [alibi.length] } }),
  };
}
