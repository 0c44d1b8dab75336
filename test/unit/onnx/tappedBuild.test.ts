import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ScoreRule } from '../../../server/models/manifest';
import { LONGEST_WHOLE } from '../../../server/onnx/transformer/attention';
import { transformerTaps } from '../../../server/onnx/transformer/names';
import { tapGraph } from '../../../server/onnx/tap/tapGraph';
import { FOLDER, LOCATION, openCheckpoint, positionFeeds } from './checkpoint.node';
import { asForeign } from './foreignGraph';
import { runTapped, worstDifference } from './tappedRun.node';

const GRAPH = 'model.onnx';

/** Of every kind of rule, encoding, norm and feed-forward. */
const NAMES = [
  'bert',
  'modernbert',
  'mpnet',
  't5',
  'gpt2',
  'bloom',
  'llama-dynamic',
  'mistral',
  'gemma2',
  'gemma3-both-ways',
  'falcon-grouped',
  'cohere2',
  'qwen3-moe',
  'gpt-oss',
];

interface Case {
  name: string;
  ids: number[];
  heads: number;
}
const cases = JSON.parse(readFileSync(`${FOLDER}/cases.json`, 'utf8')) as Case[];

/** What two descriptions of one rule must have in common, whatever form their numbers have. */
function kindOf(rule: ScoreRule): unknown {
  assert.ok(rule.kind !== 'additive');
  const { bias, sinks, scale } = rule;
  return {
    kind: rule.kind,
    scale: scale.toPrecision(6),
    cap: rule.kind === 'softcappedDot' ? rule.cap.toPrecision(6) : undefined,
    causal: bias.causal,
    window: bias.window,
    alibi: bias.alibi?.slopes.map((slope) => slope.toPrecision(5)),
    relative: bias.relative !== undefined,
    sinks: sinks !== undefined,
  };
}

describe('Graphs of our own, looked at as foreign ones', function () {
  this.timeout(120_000);

  for (const name of NAMES) {
    it(`have the layers, rules and weights that ${name} was built with`, async () => {
      const { ids, heads } = cases.find((each) => each.name === name)!;
      // Attention that is computed in blocks is no matrix that could be found.
      const { spec, graph, weights } = openCheckpoint(name, {
        change: (read) => ({
          ...read,
          contextLength: Math.min(read.contextLength, LONGEST_WHOLE),
        }),
      });
      const constants = {
        ...positionFeeds(spec, ids.length),
        position_scale: { values: [1], shape: [] },
      };
      // The last layer's weights are where the graph ends: nothing is read with them.
      const found = spec.layers.length - 1;
      const file = asForeign(graph, transformerTaps(found).weights, constants);
      const tapped = tapGraph(file, {
        location: GRAPH,
        readExternal: (_, offset, length) => weights.subarray(offset, offset + length),
      });
      assert.equal(tapped.layers.length, found);
      const bytes = new Uint8Array(readFileSync(`${FOLDER}/${name}/attentions.bin`));
      const reference = new Float32Array(bytes.buffer);
      const size = heads * ids.length ** 2;
      const runs = await runTapped(tapped, { [LOCATION]: weights, [GRAPH]: file }, { ids });
      runs.forEach(({ layer, weights: own, byRule }, index) => {
        const built = spec.layers[index]!.score ?? spec.score;
        assert.deepEqual(kindOf(layer.score), kindOf(built));
        const expected = reference.subarray(index * size, (index + 1) * size);
        assert.ok(worstDifference(own, expected) <= 1e-5);
        assert.ok(worstDifference(own, byRule) <= 1e-5);
      });
    });
  }
});
