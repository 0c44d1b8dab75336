import assert from 'node:assert/strict';
import { bertTaps, buildBert } from '../../../server/onnx/architectures/bert';
import { readSafetensors, writeSafetensors } from '../../../server/onnx/safetensors';
import { sliceGraph } from '../../../server/onnx/sliceGraph';
import { WeightFile } from '../../../server/onnx/weightFile';
import { GraphSession } from '../models/graphSession.node';
import { TINY_CONFIG, tinyConfig, tinyTensors } from './tinyBert';

const LOCATION = 'tiny.safetensors';
const OUTPUTS = ['last_hidden_state', bertTaps(1).query, bertTaps(1).weights];

/**
 * A model whose table has room for so many tokens; the rest of it is the same in all.
 * Contexts longer than 1024 tokens are computed block by block.
 */
function build(contextLength: number): { graph: Uint8Array; file: Uint8Array } {
  const tensors = tinyTensors();
  const width = TINY_CONFIG.hidden_size;
  const table = Float32Array.from({ length: contextLength * width }, (_, at) => Math.sin(at));
  tensors.set('embeddings.position_embeddings.weight', {
    dtype: 'F32',
    shape: [contextLength, width],
    bytes: new Uint8Array(table.buffer),
  });
  const file = writeSafetensors(tensors);
  const weights = new WeightFile(LOCATION, readSafetensors(file));
  const config = tinyConfig({ ...TINY_CONFIG, max_position_embeddings: contextLength });
  return { graph: buildBert(config, weights), file };
}

describe('the graph of a model with a long context', function () {
  this.timeout(60_000);

  it('computes the same numbers block by block as in one piece', async () => {
    const open = (contextLength: number) => {
      const { graph, file } = build(contextLength);
      return GraphSession.open(graph, LOCATION, file);
    };
    // One after the other: both name their weights alike.
    const whole = await open(1024);
    const blocked = await open(2048);
    // One block, exactly full ones, and last ones with hardly anything in them.
    for (const tokens of [1, 2, 255, 256, 257, 511, 513, 1024]) {
      const ids = Array.from({ length: tokens }, (_, at) => (at * 7) % TINY_CONFIG.vocab_size);
      const expected = await whole.run(ids, OUTPUTS);
      const outputs = await blocked.run(ids, OUTPUTS);
      for (const name of OUTPUTS) {
        const worst = outputs[name]!.reduce(
          (most, value, at) => Math.max(most, Math.abs(value - expected[name]![at]!)),
          0,
        );
        assert.equal(worst, 0, `${name} of ${tokens} tokens`);
      }
    }
    await whole.close();
    await blocked.close();
  });

  it('can be cut into layers', () => {
    const { graph } = build(2048);
    const taps = [bertTaps(0), bertTaps(1)];
    const stages = taps.map(({ query, key, value }) => [query, key, value]);
    const slices = sliceGraph(graph, [...stages, taps.map(({ weights }) => weights)])!;
    assert.equal(slices.length, 4);
    const weights = slices.map(({ outputs }) => outputs.filter((name) => name.endsWith('weights')));
    assert.deepEqual(weights.slice(0, 2), [[], []], 'no matrix of all tokens by all tokens');
  });
});
