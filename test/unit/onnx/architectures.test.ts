import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { architectureOf, BUILDABLE_TYPES } from '../../../server/onnx/architectures/architectures';
import { readSafetensors } from '../../../server/onnx/safetensors';
import {
  buildTransformer,
  transformerInputs,
  transformerTaps,
} from '../../../server/onnx/transformer/build';
import type { TransformerSpec } from '../../../server/onnx/transformer/spec';
import { WeightFiles } from '../../../server/onnx/weightFiles';
import { GraphSession } from '../models/graphSession.node';

const FOLDER = 'test/reference/architectures';
const LOCATION = 'model.safetensors';

/** As make_architectures.py wrote them. */
interface Case {
  name: string;
  ids: number[];
  layers: number;
  heads: number;
}
const cases = JSON.parse(readFileSync(`${FOLDER}/cases.json`, 'utf8')) as Case[];

interface Checkpoint {
  type: string;
  spec: TransformerSpec;
  graph: Uint8Array;
  weights: Uint8Array;
}

function open(name: string): Checkpoint {
  const config = JSON.parse(readFileSync(`${FOLDER}/${name}/config.json`, 'utf8')) as {
    model_type: string;
  };
  const weights = new Uint8Array(readFileSync(`${FOLDER}/${name}/${LOCATION}`));
  const files = new WeightFiles(new Map([[LOCATION, readSafetensors(weights)]]));
  const architecture = architectureOf(config.model_type);
  assert.ok(architecture, config.model_type);
  const spec = architecture.describe(config, files.prefixBefore(architecture.words));
  return { type: config.model_type, spec, graph: buildTransformer(spec, files), weights };
}

function referenceOf(name: string): Float32Array {
  const bytes = new Uint8Array(readFileSync(`${FOLDER}/${name}/attentions.bin`));
  return new Float32Array(bytes.buffer, 0, bytes.length / 4);
}

/** What the graph wants of the model's position as trained. */
function positionFeeds(spec: TransformerSpec): {
  [input: string]: { values: readonly number[]; shape: readonly number[] };
} {
  const { frequencies, attentionFactor, slopes } = transformerInputs(spec);
  const { rotary, score } = spec;
  const pairs = rotary?.frequencies ?? [];
  const low = pairs.map((value) => value - Math.fround(value));
  const alibi = score.bias.alibi?.slopes ?? [];
  return {
    ...(frequencies && {
      [frequencies]: { values: [...pairs, ...low], shape: [2, pairs.length] },
    }),
    ...(attentionFactor && {
      [attentionFactor]: { values: [rotary!.attentionFactor], shape: [] },
    }),
    ...(slopes && { [slopes]: { values: alibi, shape: [alibi.length] } }),
  };
}

describe('Graphs built from config.json and weights', function () {
  this.timeout(60_000);

  for (const { name, ids, layers, heads } of cases) {
    it(`gives ${name} the attention weights of transformers, to 1e-5`, async () => {
      const { spec, graph, weights } = open(name);
      assert.equal(spec.layers.length, layers);
      assert.equal(spec.heads, heads);
      const session = await GraphSession.open(graph, LOCATION, weights);
      const names = spec.layers.map((_, layer) => transformerTaps(layer).weights);
      const outputs = await session.run(ids, names, { floats: positionFeeds(spec) });
      await session.close();
      const reference = referenceOf(name);
      const size = heads * ids.length ** 2;
      names.forEach((output, layer) => {
        const own = outputs[output]!;
        assert.equal(own.length, size);
        const worst = own.reduce(
          (most, weight, at) => Math.max(most, Math.abs(weight - reference[layer * size + at]!)),
          0,
        );
        assert.ok(worst <= 1e-5, `layer ${layer}: ${worst}`);
      });
    });
  }

  it('has a case of every kind of model that it can build', () => {
    const seen = new Set(cases.map(({ name }) => open(name).type));
    // CamemBERT is RoBERTa under another name, Gemma 3 with images describes its text part inside.
    assert.deepEqual([...seen, 'camembert', 'gemma3'].sort(), BUILDABLE_TYPES);
  });
});
