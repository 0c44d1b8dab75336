import assert from 'node:assert/strict';
import { Analysis, type AnalysisRun } from '../../../client/panel/analysis';

/** A run that ends when the test says so. */
function held<T>(): { ask: (run: AnalysisRun) => Promise<T>; run: () => AnalysisRun } & {
  end: (answer: T) => void;
  fail: (error: Error) => void;
} {
  let given: AnalysisRun | undefined;
  let end!: (answer: T) => void;
  let fail!: (error: Error) => void;
  const answer = new Promise<T>((resolve, reject) => ([end, fail] = [resolve, reject]));
  return {
    ask: (run) => ((given = run), answer),
    run: () => given!,
    end: (value) => end(value),
    fail: (error) => fail(error),
  };
}

describe("the panel's analysis", () => {
  it('tells its progress until it ends', async () => {
    const told: (number | null)[] = [];
    const analysis: Analysis = new Analysis(() => told.push(analysis.progress));
    const { ask, run, end } = held<string>();
    const result = analysis.run(ask);
    run().onProgress(0.25);
    assert.deepEqual(told, [0.25]);
    assert.equal(analysis.running, true);
    end('answer');
    assert.equal(await result, 'answer');
    assert.equal(analysis.running, false);
    assert.equal(analysis.progress, null);
  });

  it('gives up the run before, which then says nothing any more', async () => {
    const told: (number | null)[] = [];
    const analysis: Analysis = new Analysis(() => told.push(analysis.progress));
    const [first, second] = [held<string>(), held<string>()];
    const results = [analysis.run(first.ask), analysis.run(second.ask)];
    assert.equal(first.run().signal.aborted, true);
    assert.equal(first.run().wanted(), false);
    first.run().onProgress(0.5);
    first.fail(new Error('Too late.'));
    second.end('answer');
    assert.deepEqual(await Promise.all(results), [undefined, 'answer']);
    assert.deepEqual(told, []);
  });

  it('passes on a failure, unless it was given up before', async () => {
    const analysis = new Analysis(() => undefined);
    const failing = held<string>();
    const result = analysis.run(failing.ask);
    failing.fail(new Error('It failed.'));
    await assert.rejects(result, /It failed/);
    const givenUp = held<string>();
    const other = analysis.run(givenUp.ask);
    analysis.abort();
    assert.equal(analysis.running, false);
    givenUp.fail(new Error('It failed.'));
    assert.equal(await other, undefined);
  });
});
