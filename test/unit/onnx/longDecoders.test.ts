/** Graphs for long contexts compute attention block by block, by every rule. */
import assert from 'node:assert/strict';
import { transformerTaps } from '../../../server/onnx/transformer/names';
import { GraphSession } from '../models/graphSession.node';
import { LOCATION, openCheckpoint, positionFeeds } from './checkpoint.node';

/** One of each kind of mask, bias, cap and grouping. */
const CASES = [
  'llama',
  'mistral',
  'bloom',
  't5',
  'gemma2',
  'gemma3',
  'modernbert',
  'falcon-grouped',
];

describe('graphs of transformers with a long context', function () {
  this.timeout(60_000);

  for (const name of CASES) {
    it(`gives the same numbers of ${name} block by block as in one piece`, async () => {
      const run = async (contextLength: number, ids: readonly number[]) => {
        const { spec, graph, weights } = openCheckpoint(name, {
          change: (spec) => ({ ...spec, contextLength }),
        });
        const session = await GraphSession.open(graph, LOCATION, weights);
        // What the first layer's attention has found is in the second one's.
        const { query, key, value, weights: last } = transformerTaps(1);
        const names = [query, key, value, last];
        // Positions need not be those of the text's order.
        const positions = ids.map((_, at) => (at * 5) % (ids.length + 3));
        const floats = positionFeeds(spec);
        const outputs = await session.run(ids, names, { floats, positions, positionScale: 0.7 });
        await session.close();
        return names.map((output) => outputs[output]!);
      };
      for (const tokens of [1, 257, 511]) {
        const ids = Array.from({ length: tokens }, (_, at) => (at * 7) % 40);
        const whole = await run(1024, ids);
        const blocked = await run(1025, ids);
        whole.forEach((expected, output) => {
          const found = blocked[output]!;
          assert.equal(found.length, expected.length);
          const worst = expected.reduce(
            (most, value, at) => Math.max(most, Math.abs(value - found[at]!)),
            0,
          );
          assert.equal(worst, 0, `output ${output} of ${tokens} tokens`);
        });
      }
    });
  }
});
