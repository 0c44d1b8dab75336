import assert from 'node:assert/strict';
import { MODEL, analysis, row, settle, supervise } from './supervised';
import type { Engine } from '../../../server/engine/engine';

describe('windows of the engine', () => {
  const overview = { window: 'w', reading: 'raw', size: 2 } as const;
  const callsOf = async (ask: (engine: Engine) => Promise<unknown>) => {
    const { engine, started } = supervise();
    await engine.load(MODEL);
    await engine.analyse(analysis('w'));
    await ask(engine);
    return started[0]!.calls.slice(2);
  };

  it('that gave up their tensors are analysed again when they are asked about', async () => {
    const calls = await callsOf(async (engine) => {
      engine.shed(['w', 'never known']);
      await engine.row(row('w'));
      await engine.row(row('w'));
    });
    assert.deepEqual(calls, ['forget', 'analyse w', 'row w', 'row w']);
  });

  it('keep what was seen of them as a whole', async () => {
    const calls = await callsOf(async (engine) => {
      const before = await engine.overview(overview);
      engine.shed(['w']);
      assert.equal(await engine.overview({ size: 2, window: 'w', reading: 'raw' }), before);
    });
    assert.deepEqual(calls, ['overview w', 'forget']);
  });

  it('keep it when their worker is lost', async () => {
    const { engine, started } = supervise();
    await engine.load(MODEL);
    await engine.analyse(analysis('w'));
    await engine.overview(overview);
    started[0]!.die('killed');
    await settle();
    await engine.overview(overview);
    assert.deepEqual(started[1]!.calls, ['load']);
  });

  it('are asked again for what is not the same', async () => {
    const calls = await callsOf(async (engine) => {
      await engine.overview(overview);
      await engine.overview({ ...overview, reading: 'withoutSink' });
      await engine.overview({ ...overview, size: 1 });
    });
    assert.deepEqual(calls, ['overview w', 'overview w', 'overview w']);
  });

  const losses: [string, (engine: Engine) => Promise<unknown>][] = [
    ['let go', (engine) => engine.forget(['w'])],
    ['replaced', (engine) => engine.analyse(analysis('w'))],
    ['of a model that went', (engine) => engine.load(MODEL)],
  ];
  for (const [what, lose] of losses) {
    it(`lose it when they are ${what}`, async () => {
      const calls = await callsOf(async (engine) => {
        await engine.overview(overview);
        await lose(engine);
        await engine.overview(overview);
      });
      assert.equal(calls.filter((call) => call === 'overview w').length, 2);
    });
  }

  it('keep no more answers than a few', async () => {
    const calls = await callsOf(async (engine) => {
      for (let size = 1; size <= 20; size++) await engine.overview({ ...overview, size });
      await engine.overview({ ...overview, size: 20 });
      await engine.overview({ ...overview, size: 1 });
    });
    assert.equal(calls.length, 21);
  });
});
