import assert from 'node:assert/strict';
import { ChannelError } from '../../../channel/channel';
import { Engine } from '../../../server/engine/engine';
import { FakeClock } from './fakeClock';
import { fakeLoadParams } from './fakeModel';
import { hang } from './fakeWorkers';
import { MODEL, analysis, names, reasonIs, row, settle, supervise } from './supervised';

describe('engine supervisor', () => {
  describe('with a worker that behaves', () => {
    it('starts none before it is asked to load', () => {
      const { started } = supervise();
      assert.equal(started.length, 0);
    });

    it('passes questions on', async () => {
      const { engine, states } = supervise();
      await engine.load(MODEL);
      assert.deepEqual(await engine.analyse(analysis('w')), { tokens: 2 });
      assert.deepEqual((await engine.row(row('w'))).weights, Float32Array.of(0.5, 0.5));
      assert.equal((await engine.column(row('w'))).sink, null);
      assert.deepEqual(names(states), ['starting', 'ready']);
    });

    it('lets questions wait for the first load', async () => {
      const { engine } = supervise();
      const early = engine.analyse(analysis('w'));
      await settle();
      await engine.load(MODEL);
      assert.deepEqual(await early, { tokens: 2 });
    });

    it('lets a question that waits for the first load be cancelled', async () => {
      const { engine } = supervise();
      const controller = new AbortController();
      const early = engine.analyse(analysis('w'), { signal: controller.signal });
      controller.abort();
      await assert.rejects(early, reasonIs('cancelled'));
    });

    it('passes failures of a question on and stays as it is', async () => {
      const { engine, started, states } = supervise({
        analyse: () => {
          throw new ChannelError('tooLong', 'Too long.');
        },
      });
      await engine.load(MODEL);
      await assert.rejects(engine.analyse(analysis('w')), reasonIs('tooLong'));
      assert.equal(started.length, 1);
      assert.deepEqual(names(states), ['starting', 'ready']);
    });

    it('tells the progress of the window that is asked for only', async () => {
      const { engine } = supervise({
        analyse: async ({ window, ids }, worker) => {
          worker.channel.send('progress', { window, done: 1, total: 2 });
          await settle();
          return { tokens: ids.length };
        },
      });
      await engine.load(MODEL);
      const heard: string[] = [];
      const ask = (window: string) =>
        engine.analyse(analysis(window), {
          onProgress: ({ done, total }) => heard.push(`${window} ${done}/${total}`),
        });
      await Promise.all([ask('a'), ask('b')]);
      assert.deepEqual(heard.sort(), ['a 1/2', 'b 1/2']);
    });

    it('lets a window go whose analysis was cancelled too late for the worker', async () => {
      const controller = new AbortController();
      const { engine, started } = supervise({
        analyse: ({ ids }) => {
          controller.abort();
          return { tokens: ids.length };
        },
      });
      await engine.load(MODEL);
      const asked = engine.analyse(analysis('w'), { signal: controller.signal });
      await assert.rejects(asked, reasonIs('cancelled'));
      await settle();
      assert.deepEqual(started[0]!.calls, ['load', 'analyse w', 'forget']);
    });

    it('keeps a window whose second analysis was cancelled', async () => {
      const { engine, started } = supervise();
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      const again = engine.analyse(analysis('w'), { signal: AbortSignal.abort() });
      await assert.rejects(again, reasonIs('cancelled'));
      await settle();
      assert.ok(!started[0]!.calls.includes('forget'));
    });

    it('leaves no timer behind when nothing is owed', async () => {
      const { engine, clock } = supervise();
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      assert.equal(clock.pending, 0);
    });
  });

  describe('loading', () => {
    const refuse = () => {
      throw new ChannelError('modelRefused', 'No good.');
    };

    it('a bad first model fails everything with that reason, until a good one is loaded', async () => {
      const { engine, states } = supervise({ load: refuse }, {});
      const early = engine.row(row('w'));
      const [load, question] = await Promise.allSettled([engine.load(MODEL), early]);
      for (const outcome of [load, question]) {
        assert.equal(outcome.status, 'rejected');
        assert.ok(ChannelError.is(outcome.reason, 'modelRefused'));
      }
      assert.deepEqual(states.at(-1), { state: 'failed', message: 'No good.' });
      await engine.load(MODEL);
      assert.equal(states.at(-1)!.state, 'ready');
      await engine.row(row('w'));
    });

    it('a bad second model changes nothing', async () => {
      let loads = 0;
      const { engine, states, started } = supervise({
        load: () =>
          loads++ === 0 ? { backend: 'wasm', threads: 1, detail: '', probeError: 0 } : refuse(),
      });
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      await assert.rejects(engine.load(fakeLoadParams({ layers: 1 })), reasonIs('modelRefused'));
      assert.deepEqual(names(states), ['starting', 'ready']);
      await engine.row(row('w'));
      assert.equal(started[0]!.calls.filter((call) => call === 'analyse w').length, 1);
    });

    it('a worker that comes back loads the model in use, not the one refused', async () => {
      const layers: number[] = [];
      const { engine, started } = supervise({
        load: ({ manifest }) => {
          layers.push(manifest.layers);
          return manifest.layers === 1
            ? refuse()
            : { backend: 'wasm', threads: 1, detail: '', probeError: 0 };
        },
      });
      await engine.load(MODEL);
      await assert.rejects(engine.load(fakeLoadParams({ layers: 1 })), reasonIs('modelRefused'));
      started[0]!.die('x');
      await settle();
      assert.deepEqual(layers, [2, 1, 2]);
    });

    it('can be cancelled, and done again', async () => {
      let loads = 0;
      const { engine, states } = supervise({
        load: () =>
          loads++ === 0 ? hang() : { backend: 'wasm', threads: 1, detail: '', probeError: 0 },
      });
      const controller = new AbortController();
      const load = engine.load(MODEL, { signal: controller.signal });
      await settle();
      controller.abort();
      await assert.rejects(load, reasonIs('cancelled'));
      await engine.load(MODEL);
      assert.equal(states.at(-1)!.state, 'ready');
    });

    it('says so when no worker can be started', async () => {
      const engine = new Engine({
        startWorker: () => {
          throw new Error('blocked');
        },
        clock: new FakeClock(),
        log: () => undefined,
      });
      await assert.rejects(engine.load(MODEL), {
        reason: 'engineDown',
        message: /could not be started: blocked/,
      });
      assert.equal(engine.state.state, 'failed');
    });
  });

  describe('restart and dispose', () => {
    it('restarting one that is well makes the calls under way again', async () => {
      const { engine, started } = supervise({ row: hang }, {});
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      const question = engine.row(row('w'));
      await settle();
      await engine.restart();
      await question;
      assert.equal(started[0]!.terminated, true);
      assert.deepEqual(started[1]!.calls, ['load', 'analyse w', 'row w']);
    });

    it('restarting before anything was loaded says what is missing', async () => {
      const { engine } = supervise();
      await assert.rejects(engine.restart(), reasonIs('modelMissing'));
    });

    it('disposing ends the worker and fails every call, for good', async () => {
      const { engine, started } = supervise({ row: hang });
      await engine.load(MODEL);
      const question = engine.row(row('w'));
      await settle();
      engine.dispose();
      await assert.rejects(question, reasonIs('closed'));
      assert.equal(started[0]!.terminated, true);
      await assert.rejects(engine.load(MODEL), reasonIs('closed'));
      await assert.rejects(engine.restart(), reasonIs('closed'));
      assert.equal(started.length, 1);
    });
  });
});
