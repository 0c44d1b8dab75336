import assert from 'node:assert/strict';
import { Foresight } from '../../../server/engine/foresight';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { PlainKernel } from '../../../server/engine/kernel/plain';
import { pause } from '../../../server/engine/pause';
import { WindowBuilder } from '../../../server/engine/windowBuilder';
import { randomLayer } from './layers';

/** Steps that are counted. */
function counted(count: number): { taken: number; steps: Iterator<unknown> } {
  const next = (): IteratorResult<unknown> =>
    work.taken < count ? { done: false, value: work.taken++ } : { done: true, value: undefined };
  const work = { taken: 0, steps: { next } };
  return work;
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) await pause();
}

describe('work ahead', () => {
  it('goes on while nobody asks, one piece after the other', async () => {
    const foresight = new Foresight();
    const [first, second] = [counted(3), counted(2)];
    foresight.plan(first.steps);
    foresight.plan(second.steps);
    await until(() => second.taken > 0);
    assert.equal(first.taken, 3);
    await until(() => second.taken === 2);
  });

  it('rests while a question is answered, and goes on after it', async () => {
    const foresight = new Foresight();
    const work = counted(5);
    foresight.plan(work.steps);
    await until(() => work.taken > 0);
    const seen = await foresight.during(async () => {
      const before = work.taken;
      for (let i = 0; i < 5; i++) await pause();
      return work.taken - before;
    });
    assert.equal(seen, 0);
    await until(() => work.taken === 5);
  });

  it('passes on what a question fails with', async () => {
    const foresight = new Foresight();
    const failing = foresight.during(() => Promise.reject(new Error('no')));
    await assert.rejects(failing, /no/);
    const work = counted(1);
    foresight.plan(work.steps);
    await until(() => work.taken === 1);
  });

  it('passes over what fails', async () => {
    const foresight = new Foresight();
    foresight.plan({ next: () => assert.fail('no memory') });
    const work = counted(2);
    foresight.plan(work.steps);
    await until(() => work.taken === 2);
  });

  it('gives the oldest up when there is too much', async () => {
    const foresight = new Foresight();
    const works = Array.from({ length: 6 }, () => counted(1));
    await foresight.during(() => works.forEach(({ steps }) => foresight.plan(steps)));
    await until(() => works[5]!.taken === 1);
    assert.deepEqual(
      works.map(({ taken }) => taken),
      [0, 0, 1, 1, 1, 1],
    );
  });

  for (const kernel of [simdKernel(), new PlainKernel()]) {
    it(`finds what questions need, the same as when they are asked (${kernel.name})`, () => {
      const shape = { heads: 2, keyValueHeads: 1, tokens: 37, headSize: 4, scale: 1, causal: true };
      const windowOf = () => {
        const builder = new WindowBuilder(kernel, [shape, shape], { specialTokens: [0] });
        const layers = [1, 2].map((seed) => randomLayer(shape, seed));
        for (const { query, key } of layers) builder.add({ query, key, value: key });
        return builder.window;
      };
      const [ahead, asked] = [windowOf(), windowOf()];
      // Steps of some rows each, as in a long window.
      const steps = [...ahead.ahead(37 * 4 * 5)];
      assert.equal(steps.length, 2 * 2 * 8);
      assert.deepEqual([...ahead.ahead()], [], 'nothing is left to find');
      const found = [0, 1].map((head) => [
        ahead.view(1, head, []).logSumExp,
        ahead.received(1, head),
      ]);
      const expected = [0, 1].map((head) => [
        asked.view(1, head, []).logSumExp,
        asked.received(1, head),
      ]);
      assert.deepEqual(found, expected);
      ahead.release();
      asked.release();
    });
  }

  it('ends when the window is let go', () => {
    const kernel = simdKernel();
    const shape = { heads: 2, keyValueHeads: 2, tokens: 9, headSize: 4, scale: 1, causal: false };
    const builder = new WindowBuilder(kernel, [shape, shape], { specialTokens: [] });
    const { query, key } = randomLayer(shape, 1);
    builder.add({ query, key, value: key });
    const { window } = builder;
    const steps = window.ahead();
    steps.next();
    window.release();
    assert.equal(steps.next().done, true);
    assert.equal(kernel.arena.used, 0);
  });
});
