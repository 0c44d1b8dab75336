/** The statistics of the bundled model's heads on code, against NumPy. */
import assert from 'node:assert/strict';
import reference from '../../reference/statistics.json';
import { HEAD_STATISTICS } from '../../../server/engine/headStatistics';
import { AnalysedText } from '../../../server/library/text';
import { loadTokenizer } from '../../../server/tokens/load';
import { loadBundled, loadParams, newEngine } from './openEngine.node';

const TOLERANCE = 1e-5;

describe('statistics of the bundled model on code', function () {
  this.timeout(120_000);

  it('equal NumPy’s', async () => {
    const engine = newEngine();
    try {
      const loaded = await loadBundled();
      await engine.load(loadParams(loaded));
      const text = await AnalysedText.analyse(
        reference.text,
        loadTokenizer(loaded.tokenizerBytes),
        engine,
        'w',
        {},
      );
      assert.deepEqual(
        text.tokens.map(({ id }) => id),
        reference.ids,
      );
      const { statistics, counted, even } = await text.statistics();
      assert.deepEqual(counted, reference.counted);
      for (const name of HEAD_STATISTICS) {
        const heads = statistics[name] ?? new Float32Array();
        assert.equal(heads.length, reference.statistics[name].length);
        reference.statistics[name].forEach((expected, head) =>
          assertClose(heads[head]!, expected, `${name} of head ${head}`),
        );
        assertClose(even[name]!, reference.even[name], `${name} of even attention`);
      }
    } finally {
      engine.dispose();
    }
  });
});

/** Entropies and distances are larger than 1: their error is taken as a share. */
function assertClose(actual: number, expected: number, what: string): void {
  const off = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  assert.ok(off <= TOLERANCE, `${what} is ${actual} instead of ${expected}`);
}
