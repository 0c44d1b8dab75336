import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { Tensor } from 'onnxruntime-web';
import { DECODER_INPUTS, transformerTaps } from '../../../server/onnx/transformer/names';
import { STACKS } from '../../../server/protocol';
import { GraphSession } from '../models/graphSession.node';
import { LOCATION, openCheckpoint, PAIRS } from './checkpoint.node';

/** As make_pairs.py wrote them; shapes are [layers, heads] of encoder, decoder and across. */
interface Case {
  name: string;
  source: number[];
  target: number[];
  shapes: [layers: number, heads: number][];
}
const cases = JSON.parse(readFileSync(`${PAIRS}/cases.json`, 'utf8')) as Case[];

describe('Graphs of encoder-decoders built from config.json and weights', function () {
  this.timeout(60_000);

  for (const { name, source, target, shapes } of cases) {
    it(`gives ${name} the three attentions of transformers, to 1e-5`, async () => {
      const { spec, graph, weights } = openCheckpoint(name, { folder: PAIRS });
      assert.ok(spec.decoder);
      assert.equal(spec.decoder.startToken, target[0]);
      const session = await GraphSession.open(graph, LOCATION, weights);
      const bytes = new Uint8Array(readFileSync(`${PAIRS}/${name}/attentions.bin`));
      const reference = new Float32Array(bytes.buffer, 0, bytes.length / 4);
      const sizes = {
        encoder: [source, source],
        decoder: [target, target],
        cross: [target, source],
      };
      const taps = STACKS.flatMap((stack, at) =>
        Array.from({ length: shapes[at]![0] }, (_, layer) => ({
          name: transformerTaps(layer, stack).weights,
          size: shapes[at]![1] * sizes[stack].reduce((product, { length }) => product * length, 1),
        })),
      );
      const outputs = await session.run(
        source,
        taps.map(({ name: tap }) => tap),
        { others: decoderFeeds(target) },
      );
      await session.close();
      let from = 0;
      for (const { name: tap, size } of taps) {
        const own = outputs[tap]!;
        assert.equal(own.length, size, tap);
        const worst = own.reduce(
          (most, weight, at) => Math.max(most, Math.abs(weight - reference[from + at]!)),
          0,
        );
        assert.ok(worst <= 1e-5, `${tap}: ${worst}`);
        from += size;
      }
      assert.equal(from, reference.length);
    });
  }
});

function decoderFeeds(target: readonly number[]): Record<string, Tensor> {
  const row = (values: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  return {
    [DECODER_INPUTS.ids]: row(target),
    [DECODER_INPUTS.positions]: row(target.map((_, index) => index)),
  };
}
