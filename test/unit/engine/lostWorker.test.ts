import assert from 'node:assert/strict';
import { ChannelError } from '../../../channel/channel';
import { SILENCE_LIMIT_MS } from '../../../server/engine/generation';
import { RESTART_WINDOW_MS } from '../../../server/engine/supervisor';
import { fakeLoadParams } from './fakeModel';
import type { workerLine } from './fakeWorkers';
import { crash, hang } from './fakeWorkers';
import { MODEL, analysis, given, names, reasonIs, row, settle, supervise } from './supervised';

describe('an engine that loses its worker', () => {
  describe('when the worker crashes', () => {
    it('restarts it, analyses again what is asked about, and answers as if nothing had been', async () => {
      const { engine, started, states } = supervise({ row: crash }, {});
      await engine.load(MODEL);
      await engine.analyse(analysis('a'));
      await engine.analyse(analysis('b'));
      const answer = await engine.row(row('b'));
      assert.deepEqual(answer.weights, Float32Array.of(0.5, 0.5));
      assert.deepEqual(started[1]!.calls, ['load', 'analyse b', 'row b']);
      assert.deepEqual(names(states), ['starting', 'ready', 'starting', 'ready']);
      assert.match(states[2]!.message!, /stopped unexpectedly/);
      assert.match(states[3]!.message!, /restarted/);
    });

    it('analyses a window again only once, however many ask about it', async () => {
      const { engine, started } = supervise({ row: crash }, {});
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      await Promise.all([engine.row(row('w')), engine.row(row('w')), engine.column(row('w'))]);
      assert.equal(started[1]!.calls.filter((call) => call === 'analyse w').length, 1);
    });

    it('gives a given window again, and both windows of a comparison', async () => {
      const { engine, started } = supervise({ compare: crash }, {});
      await engine.load(MODEL);
      await engine.give(given('a'));
      await engine.analyse(analysis('b'));
      await engine.compare({ window: 'a', other: 'b' });
      assert.deepEqual(started[1]!.calls, ['load', 'give a', 'analyse b', 'compare a']);
    });

    it('asks for tables again', async () => {
      const { engine } = supervise({ positionTable: crash }, {});
      await engine.load(MODEL);
      assert.equal((await engine.positionTable()).width, 1);
    });

    it('makes an analysis under way again', async () => {
      const { engine } = supervise({ analyse: crash }, {});
      await engine.load(MODEL);
      assert.deepEqual(await engine.analyse(analysis('w')), { tokens: 2 });
    });

    it('waits for the window where a question comes to the new worker before it', async () => {
      let [begun, here] = [(): void => undefined, false];
      const crashed = new Promise<void>((resolve) => (begun = resolve));
      const notYet = { weights: Float32Array.of(0.5, 0.5), sink: null };
      const { engine, started } = supervise(
        { analyse: (_, worker) => (begun(), worker.die('killed'), hang()), row: hang },
        {
          analyse: async ({ ids }) => {
            await settle();
            here = true;
            return { tokens: ids.length };
          },
          row: () => {
            if (here) return notYet;
            throw new ChannelError('unknownWindow', 'Not yet.');
          },
        },
      );
      await engine.load(MODEL);
      const asked = [engine.analyse(analysis('w')), engine.row(row('w'))] as const;
      await crashed;
      assert.deepEqual((await asked[1]).weights, notYet.weights);
      assert.deepEqual(await asked[0], { tokens: 2 });
      assert.equal(started[1]!.calls.filter((call) => call === 'analyse w').length, 1);
    });

    it('does not analyse again what was let go', async () => {
      const { engine, started } = supervise({ row: crash }, {});
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      await engine.forget(['w']);
      await engine.row(row('w'));
      assert.deepEqual(started[1]!.calls, ['load', 'row w']);
    });

    it('restarts it when it crashes while nobody asks', async () => {
      const { engine, started, states } = supervise();
      await engine.load(MODEL);
      started[0]!.die('killed');
      await settle();
      assert.equal(started.length, 2);
      assert.equal(states.at(-1)!.state, 'ready');
    });

    it('makes the first load again', async () => {
      const { engine, states } = supervise({ load: crash }, {});
      await engine.load(MODEL);
      assert.equal(states.at(-1)!.state, 'ready');
    });

    it('lets a question be cancelled while it restarts', async () => {
      const { engine } = supervise({ row: crash }, { load: hang });
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      const controller = new AbortController();
      const question = engine.row(row('w'), { signal: controller.signal });
      await settle();
      controller.abort();
      await assert.rejects(question, reasonIs('cancelled'));
    });

    it('keeps the reason for the log and off the screen', async () => {
      const { engine, log, states } = supervise({ row: crash }, {});
      await engine.load(MODEL);
      await engine.row(row('w'));
      assert.match(log.join(), /out of memory/);
      assert.ok(states.every(({ message }) => !message?.includes('memory')));
    });
  });

  describe('when the worker crashes again', () => {
    it('stays down within a minute: pending and later calls fail until it is restarted', async () => {
      const { engine, started, states, clock } = supervise({ row: crash }, { row: crash }, {});
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      const pending = engine.row(row('w'));
      await assert.rejects(pending, reasonIs('engineDown'));
      await assert.rejects(engine.row(row('w')), reasonIs('engineDown'));
      await assert.rejects(engine.analyse(analysis('x')), reasonIs('engineDown'));
      clock.advance(10 * RESTART_WINDOW_MS);
      await assert.rejects(engine.row(row('w')), reasonIs('engineDown'));
      assert.equal(started.length, 2);
      assert.equal(states.at(-1)!.state, 'failed');
      assert.match(states.at(-1)!.message!, /twice/);

      const report = await engine.restart();
      assert.equal(report.detail, 'fake');
      assert.equal(states.at(-1)!.state, 'ready');
      assert.deepEqual((await engine.row(row('w'))).weights, Float32Array.of(0.5, 0.5));
      assert.deepEqual(started[2]!.calls, ['load', 'analyse w', 'row w']);
    });

    it('restarts it again after a minute', async () => {
      const { engine, started, clock } = supervise();
      await engine.load(MODEL);
      started[0]!.die('first');
      await settle();
      clock.advance(RESTART_WINDOW_MS);
      started[1]!.die('second');
      await settle();
      await engine.row(row('w'));
      assert.equal(started.length, 3);
    });

    it('loading another model starts it, too', async () => {
      const { engine } = supervise({ row: crash }, { row: crash }, {});
      await engine.load(MODEL);
      await assert.rejects(engine.row(row('w')), reasonIs('engineDown'));
      await engine.load(fakeLoadParams({ layers: 1 }));
      await engine.row(row('w'));
    });

    it('loading a bad model starts it with the one in use', async () => {
      const { engine } = supervise(
        { row: crash },
        { row: crash },
        {
          load: ({ manifest }) => {
            if (manifest.layers === 1) throw new ChannelError('modelRefused', 'No good.');
            return { backend: 'wasm', threads: 1, detail: '', probeError: 0 };
          },
        },
      );
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      await assert.rejects(engine.row(row('w')), reasonIs('engineDown'));
      await assert.rejects(engine.load(fakeLoadParams({ layers: 1 })), reasonIs('modelRefused'));
      assert.equal(engine.state.state, 'ready');
      await engine.row(row('w'));
    });

    it('fails the load that it crashes on', async () => {
      const { engine, states } = supervise({ load: crash });
      await assert.rejects(engine.load(MODEL), reasonIs('engineDown'));
      assert.equal(states.at(-1)!.state, 'failed');
    });
  });

  describe('when the worker hangs', () => {
    it('restarts it after the limit, not before', async () => {
      const { engine, clock, started, states } = supervise({ row: hang }, {});
      await engine.load(MODEL);
      await engine.analyse(analysis('w'));
      const question = engine.row(row('w'));
      await settle();
      clock.advance(SILENCE_LIMIT_MS - 1);
      assert.equal(started[0]!.terminated, false);
      clock.advance(1);
      assert.equal(started[0]!.terminated, true);
      await question;
      assert.match(states[2]!.message!, /stopped answering/);
    });

    it('takes progress for a sign of life', async () => {
      const { engine, clock, started } = supervise({ analyse: hang });
      await engine.load(MODEL);
      void engine.analyse(analysis('w')).catch(() => undefined);
      await settle();
      for (let i = 0; i < 3; i++) {
        clock.advance(SILENCE_LIMIT_MS - 1);
        started[0]!.channel.send('progress', { window: 'w', done: i, total: 3 });
        await settle();
      }
      assert.equal(started[0]!.terminated, false);
      engine.dispose();
    });

    it('waits longer for a long window, whose layers take longer', async () => {
      const { engine, clock, started } = supervise({ analyse: hang });
      await engine.load(MODEL);
      void engine.analyse({ ...analysis('w'), ids: new Int32Array(8192) }).catch(() => undefined);
      await settle();
      clock.advance(4 * SILENCE_LIMIT_MS - 1);
      assert.equal(started[0]!.terminated, false);
      clock.advance(1);
      assert.equal(started[0]!.terminated, true);
      engine.dispose();
    });

    it('lets it be idle for as long as it likes', async () => {
      const { engine, clock, started } = supervise();
      await engine.load(MODEL);
      clock.advance(1000 * SILENCE_LIMIT_MS);
      await settle();
      assert.equal(started.length, 1);
    });

    it('drops what the worker before says too late', async () => {
      let answerLate: () => void = () => undefined;
      const { engine, clock } = supervise(
        {
          row: () =>
            new Promise((resolve) => {
              answerLate = () => resolve({ weights: Float32Array.of(1, 0), sink: null });
            }),
        },
        {},
      );
      await engine.load(MODEL);
      const question = engine.row(row('w'));
      await settle();
      clock.advance(SILENCE_LIMIT_MS);
      answerLate();
      assert.deepEqual((await question).weights, Float32Array.of(0.5, 0.5));
    });
  });

  describe('when the worker answers nonsense', () => {
    const nonsense: [string, Parameters<typeof workerLine>[0]][] = [
      [
        'weights that are not numbers',
        { row: () => ({ weights: Float32Array.of(NaN), sink: null }) },
      ],
      ['weights above 1', { row: () => ({ weights: Float32Array.of(7), sink: null }) }],
      ['a row of another length', { row: () => ({ weights: Float32Array.of(1), sink: null }) }],
      ['nothing', { row: () => undefined as never }],
      ['another type', { row: () => ({ weights: [0.5, 0.5] }) as never }],
    ];
    for (const [what, behaviour] of nonsense) {
      it(`restarts it instead of showing ${what}`, async () => {
        const { engine, started } = supervise(behaviour, {});
        await engine.load(MODEL);
        await engine.analyse(analysis('w'));
        assert.deepEqual((await engine.row(row('w'))).weights, Float32Array.of(0.5, 0.5));
        assert.equal(started.length, 2);
      });
    }

    it('checks regions and overviews likewise', async () => {
      const { engine } = supervise({
        region: () => ({ values: new Float32Array(3) }),
        overview: () => ({
          thumbnails: new Uint8Array(3),
          scales: new Float32Array(4),
        }),
      });
      await engine.load(MODEL);
      const region = { ...row('w'), queries: [0, 2], keys: [0, 2], rows: 2, columns: 2 } as const;
      const asked = engine.region({ ...region, queries: [0, 2], keys: [0, 2], pool: 'max' });
      await assert.rejects(asked, reasonIs('engineDown'));
      await engine.restart();
      const overview = engine.overview({ window: 'w', reading: 'raw', size: 2 });
      await assert.rejects(overview, reasonIs('engineDown'));
    });
  });
});
