import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { tapGraph } from '../../../server/onnx/tap/tapGraph';
import { exportFile, exportFloats, exportJson, type FusedCase } from './exports.node';
import { runTapped, worstDifference } from './tappedRun.node';

const LOCATION = 'model.onnx';
const cases = exportJson('fused/cases.json') as FusedCase[];

describe('Nodes that are the whole of attention', function () {
  this.timeout(60_000);

  for (const { name, ids, heads, keyValueHeads } of cases) {
    it(`give queries, keys and weights away: ${name}`, async () => {
      const file = exportFile(`fused/${name}.onnx`);
      const tapped = tapGraph(file, { location: LOCATION });
      const [run, ...others] = await runTapped(tapped, { [LOCATION]: file }, { ids });
      assert.ok(run);
      assert.equal(others.length, 0);
      assert.deepEqual([run.layer.heads, run.layer.keyValueHeads], [heads, keyValueHeads]);
      const reference = exportFloats(`fused/${name}.bin`);
      assert.ok(worstDifference(run.weights, reference) <= 1e-6);
      assert.ok(worstDifference(run.byRule, reference) <= 1e-6);
    });
  }
});
