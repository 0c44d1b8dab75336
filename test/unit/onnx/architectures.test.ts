import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { BUILDABLE_TYPES } from '../../../server/onnx/architectures/architectures';
import { transformerTaps } from '../../../server/onnx/transformer/names';
import { GraphSession } from '../models/graphSession.node';
import { FOLDER, LOCATION, openCheckpoint, PAIRS, positionFeeds } from './checkpoint.node';

/** As make_architectures.py wrote them. */
interface Case {
  name: string;
  ids: number[];
  layers: number;
  heads: number;
}
const cases = JSON.parse(readFileSync(`${FOLDER}/cases.json`, 'utf8')) as Case[];

function referenceOf(name: string): Float32Array {
  const bytes = new Uint8Array(readFileSync(`${FOLDER}/${name}/attentions.bin`));
  return new Float32Array(bytes.buffer, 0, bytes.length / 4);
}

describe('Graphs built from config.json and weights', function () {
  this.timeout(60_000);

  for (const { name, ids, layers, heads } of cases) {
    it(`gives ${name} the attention weights of transformers, to 1e-5`, async () => {
      const { spec, graph, weights } = openCheckpoint(name);
      assert.equal(spec.layers.length, layers);
      assert.equal(spec.heads, heads);
      const session = await GraphSession.open(graph, LOCATION, weights);
      const names = spec.layers.map((_, layer) => transformerTaps(layer).weights);
      const outputs = await session.run(ids, names, {
        floats: positionFeeds(spec, ids.length),
      });
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

  for (const name of ['mixtral', 'gpt-oss']) {
    it(`computes ${name} where no token chooses some of its experts`, async () => {
      const { ids } = cases.find((each) => each.name === name)!;
      const { spec, graph, weights } = openCheckpoint(name);
      const session = await GraphSession.open(graph, LOCATION, weights);
      const last = transformerTaps(spec.layers.length - 1);
      const floats = positionFeeds(spec);
      const [long, short] = [
        await session.run(ids, [last.query], { floats }),
        await session.run(ids.slice(0, 1), [last.query], { floats }),
      ].map((outputs) => outputs[last.query]!);
      await session.close();
      // The first token sees itself alone, whatever follows; [head, token, headSize].
      for (let head = 0; head < spec.heads; head++) {
        for (let at = 0; at < spec.headSize; at++) {
          const whole = long![head * ids.length * spec.headSize + at]!;
          assert.ok(Math.abs(short![head * spec.headSize + at]! - whole) <= 1e-5);
        }
      }
    });
  }

  it('has a case of every kind of model that it can build', () => {
    const pairs = JSON.parse(readFileSync(`${PAIRS}/cases.json`, 'utf8')) as Case[];
    const seen = new Set([
      ...cases.map(({ name }) => openCheckpoint(name).type),
      ...pairs.map(({ name }) => openCheckpoint(name, { folder: PAIRS }).type),
    ]);
    // CamemBERT is RoBERTa under another name, Gemma 3 with images describes its text part inside.
    assert.deepEqual([...seen, 'camembert', 'gemma3'].sort(), BUILDABLE_TYPES);
  });
});
