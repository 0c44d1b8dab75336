import assert from 'node:assert/strict';
import { ChannelError } from '../../../channel/channel';
import { Engines, type EngineWish, type OpenEngine } from '../../../server/engine/backends/engines';
import { startingOrder, triesGpu } from '../../../server/engine/backends/order';
import { FakeClock } from './fakeClock';
import { fakeLoadParams } from './fakeModel';
import { FakeWorker } from './fakeWorkers';
import type { BackendName } from '../../../server/engine/backends/backend';
import type { EngineState } from '../../../server/engine/supervisor';
import type { LoadParams } from '../../../server/engine/protocol';

/** How workers behave, by the backend they are asked for. */
interface Behaviour {
  /** Throws where it cannot be opened. */
  open?: (backend: BackendName) => void;
  /** Every weight of the backend's maps. */
  weight?: (backend: BackendName) => number;
  /** Called before each analysis. */
  analyse?: (backend: BackendName, window: string) => void;
}

const AUTO: EngineWish = { backend: 'auto', threads: 0 };
const params = fakeLoadParams({});
const { signal } = new AbortController();
const broken = (): never => {
  throw new ChannelError('backendUnavailable', 'It is broken.', { detail: 'bad ELF' });
};
const ask = { window: 'w', ids: Int32Array.of(1, 2), specialTokens: [] };

function setUp(behaviour: Behaviour = {}, present: BackendName[] = ['native', 'wasm', 'webgpu']) {
  const clock = new FakeClock();
  const workers: { worker: FakeWorker; backend: BackendName; brief: boolean }[] = [];
  const states: EngineState[] = [];
  const log: string[] = [];
  let replaced: (opened: OpenEngine) => void = () => undefined;
  const startWorker = (): FakeWorker => {
    let backend: BackendName = 'wasm';
    const worker = new FakeWorker({
      load: ({ backend: asked = 'wasm', threads, brief = false }: LoadParams) => {
        backend = asked;
        workers.push({ worker, backend, brief });
        behaviour.open?.(asked);
        return { backend: asked, threads, detail: asked, probeError: 0 };
      },
      analyse: ({ ids, window }) => {
        behaviour.analyse?.(backend, window);
        return { tokens: ids.length };
      },
      region: ({ rows, columns }) => ({
        values: new Float32Array(rows * columns).fill(behaviour.weight?.(backend) ?? 0.5),
      }),
    });
    return worker;
  };
  const engines = new Engines({
    startWorker,
    present,
    clock,
    runtime: () => Promise.resolve(undefined),
    log: (line) => log.push(line),
    onState: (state) => states.push(state),
    onReplaced: (opened) => replaced(opened),
  });
  const nextReplaced = () => new Promise<OpenEngine>((resolve) => (replaced = resolve));
  const running = () =>
    workers.filter(({ worker }) => !worker.terminated).map(({ backend }) => backend);
  return { engines, clock, workers, states, log, nextReplaced, running };
}

/** Resolves when `test` holds, which messages under way will bring about. */
async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setImmediate(resolve));
}

describe('engines', () => {
  it('start natively where that is there, else on WebAssembly', async () => {
    const { engines } = setUp();
    assert.equal((await engines.load(params, AUTO, signal)).report.backend, 'native');
    const web = setUp({}, ['wasm', 'webgpu']);
    assert.equal((await web.engines.load(params, AUTO, signal)).report.backend, 'wasm');
  });

  it('take the next where one cannot be loaded, and say why', async () => {
    const { engines, log } = setUp({ open: (name) => name === 'native' && broken() });
    const { report } = await engines.load(params, AUTO, signal);
    assert.equal(report.backend, 'wasm');
    assert.deepEqual(report.passedOver, [{ backend: 'native', reason: 'It is broken.' }]);
    assert.deepEqual(log, ['The model could not be loaded: bad ELF', 'It is broken.']);
  });

  it('fail as WebAssembly does where nothing can be loaded', async () => {
    const { engines, running } = setUp({ open: broken });
    await assert.rejects(engines.load(params, AUTO, signal), /It is broken/);
    assert.deepEqual(running(), []);
  });

  it('do not try another backend for a file that is missing', async () => {
    const missing = (): never => {
      throw new ChannelError('modelMissing', 'No file.');
    };
    const { engines, workers } = setUp({ open: missing });
    await assert.rejects(engines.load(params, AUTO, signal), /No file/);
    assert.equal(workers.length, 1);
  });

  it('open what is asked for beside the one in use, which ends afterwards', async () => {
    const { engines, clock, running } = setUp();
    await engines.load(params, AUTO, signal);
    const { report } = await engines.load(params, { backend: 'wasm', threads: 3 }, signal);
    assert.deepEqual([report.backend, report.threads], ['wasm', 3]);
    assert.deepEqual(running(), ['native', 'wasm']);
    clock.advance(0);
    assert.deepEqual(running(), ['wasm']);
  });

  it('keep the one in use where nothing else can be opened', async () => {
    let refuse = false;
    const { engines, running } = setUp({ open: () => refuse && broken() });
    const { engine } = await engines.load(params, AUTO, signal);
    refuse = true;
    await assert.rejects(engines.load(params, { backend: 'wasm', threads: 0 }, signal), /broken/);
    assert.deepEqual(running(), ['native']);
    assert.deepEqual(await engine.analyse(ask), { tokens: 2 });
  });

  it('load the next model in the worker that is there', async () => {
    const { engines, running } = setUp();
    const first = await engines.load(params, AUTO, signal);
    const second = await engines.load(params, AUTO, signal);
    assert.equal(first.engine, second.engine);
    assert.deepEqual(running(), ['native', 'native'], 'the same worker, asked twice');
  });

  it('name a backend that this platform never has', async () => {
    const { engines } = setUp({}, ['wasm', 'webgpu']);
    const { report } = await engines.load(params, { backend: 'native', threads: 0 }, signal);
    assert.equal(report.backend, 'wasm');
    assert.match(report.passedOver[0]!.reason, /"native" does not exist here/);
  });

  describe('check', () => {
    it('native code against WebAssembly, which ends afterwards', async () => {
      const { engines, clock, log, workers, running } = setUp();
      await engines.load(params, AUTO, signal);
      clock.advance(10_000);
      await until(() => log.length > 0 && running().length === 1);
      assert.match(log[0]!, /"native" differs from WebAssembly by 0/);
      assert.deepEqual(running(), ['native']);
      // What is optimised for longer would keep the process from ending.
      assert.deepEqual(
        workers.map(({ brief }) => brief),
        [false, true],
      );
    });

    it('a graph once, however often it is loaded, and another graph anew', async () => {
      const { engines, clock, log, workers, running } = setUp();
      const checks = () => workers.filter(({ backend }) => backend === 'wasm').length;
      const checked = async (count: number) => {
        clock.advance(10_000);
        await until(() => log.length === count && !running().includes('wasm'));
      };
      await engines.load(params, AUTO, signal);
      await checked(1);
      await engines.load(params, AUTO, signal);
      await checked(1);
      assert.equal(checks(), 1);
      const { manifest } = params;
      const graph = { ...manifest.graph, sha256: '0'.repeat(64) };
      await engines.load({ ...params, manifest: { ...manifest, graph } }, AUTO, signal);
      await checked(2);
      assert.equal(checks(), 2);
    });

    it('drops native code that disagrees for the WebAssembly at hand', async () => {
      const { engines, clock, log, nextReplaced, running } = setUp({
        weight: (name) => (name === 'native' ? 0.502 : 0.5),
      });
      await engines.load(params, AUTO, signal);
      const next = nextReplaced();
      clock.advance(10_000);
      const { report } = await next;
      assert.equal(report.backend, 'wasm');
      assert.match(report.passedOver[0]!.reason, /other weights than WebAssembly.*0\.002/);
      assert.ok(log.some((line) => /is not used/.test(line)));
      clock.advance(0);
      assert.deepEqual(running(), ['wasm']);
    });

    for (const [what, weight] of [
      ['too far off', 0.4],
      ['no numbers', NaN],
    ] as const) {
      it(`keeps the graphics card out whose weights are ${what}`, async () => {
        const { engines, clock, log, running } = setUp({
          weight: (name) => (name === 'webgpu' ? weight : 0.5),
        });
        const wish: EngineWish = { backend: 'webgpu', threads: 0 };
        const { report } = await engines.load(params, wish, signal);
        assert.equal(report.backend, 'native');
        clock.advance(0);
        await until(() => report.passedOver.length > 0 && running().length === 1);
        assert.equal(report.passedOver[0]!.backend, 'webgpu');
        assert.deepEqual(running(), ['native']);
        assert.ok(log.length > 0);
      });
    }

    it('lets the graphics card in that agrees, where it is asked for', async () => {
      const { engines, clock, nextReplaced, running } = setUp();
      await engines.load(params, { backend: 'webgpu', threads: 0 }, signal);
      const next = nextReplaced();
      clock.advance(0);
      assert.equal((await next).report.backend, 'webgpu');
      await until(() => !running().includes('wasm'));
      clock.advance(0);
      assert.deepEqual(running(), ['webgpu']);
    });

    it('takes the WebAssembly in use as the measure in a browser', async () => {
      const { engines, clock, workers, nextReplaced } = setUp({}, ['wasm', 'webgpu']);
      await engines.load(params, { backend: 'webgpu', threads: 0 }, signal);
      const next = nextReplaced();
      clock.advance(0);
      await next;
      assert.deepEqual(
        workers.map(({ backend }) => backend),
        ['wasm', 'webgpu'],
      );
    });

    for (const [what, gpuMs, expected] of [
      ['takes a faster graphics card of itself', 100, 'webgpu'],
      ['leaves a slower one alone', 500, 'native'],
    ] as const) {
      it(what, async () => {
        const times = { native: 300, wasm: 900, webgpu: gpuMs };
        const setup = setUp({
          analyse: (name, window) => window === 'speed' && setup.clock.advance(times[name]),
        });
        const { engines, clock, nextReplaced, running } = setup;
        const { report } = await engines.load(params, AUTO, signal);
        const next = nextReplaced();
        clock.advance(10_000);
        if (expected === 'webgpu') assert.equal((await next).report.backend, 'webgpu');
        else {
          await until(() => report.passedOver.length > 0);
          assert.match(report.passedOver[0]!.reason, /slower/);
        }
        await until(() => (clock.advance(0), running().length === 1));
        assert.deepEqual(running(), [expected]);
      });
    }

    it('ends when another model is loaded', async () => {
      const { engines, clock, workers, running } = setUp();
      await engines.load(params, AUTO, signal);
      clock.advance(10_000);
      await until(() => workers.length > 1);
      await engines.load(params, AUTO, signal);
      await until(() => !running().includes('wasm'));
    });
  });

  describe('when one fails at work', () => {
    const fails = (backend: BackendName) => (name: BackendName, window: string) => {
      if (name === backend && window === 'w')
        throw new ChannelError('backendFailed', 'Device lost.');
    };

    it('are replaced by the next before the question fails', async () => {
      const { engines, nextReplaced } = setUp({ analyse: fails('native') });
      const { engine } = await engines.load(params, AUTO, signal);
      const next = nextReplaced();
      await assert.rejects(engine.analyse(ask), /Device lost/);
      const { engine: other, report } = await next;
      assert.equal(report.backend, 'wasm');
      assert.deepEqual(report.passedOver, [{ backend: 'native', reason: 'Device lost.' }]);
      assert.deepEqual(await other.analyse(ask), { tokens: 2 });
    });

    it('go back from the graphics card to native code', async () => {
      const { engines, clock, nextReplaced } = setUp({ analyse: fails('webgpu') });
      await engines.load(params, { backend: 'webgpu', threads: 0 }, signal);
      const gpu = nextReplaced();
      clock.advance(0);
      const { engine } = await gpu;
      const next = nextReplaced();
      await assert.rejects(engine.analyse(ask), /Device lost/);
      assert.equal((await next).report.backend, 'native');
    });

    it('that crashes twice are replaced, too', async () => {
      const { engines, workers, states, nextReplaced } = setUp();
      await engines.load(params, AUTO, signal);
      const next = nextReplaced();
      workers[0]!.worker.die('segmentation fault');
      await until(() => workers.length === 2);
      workers[1]!.worker.die('segmentation fault');
      assert.equal((await next).report.backend, 'wasm');
      assert.ok(states.every(({ state }) => state !== 'failed'));
    });
  });
});

describe('the order of backends', () => {
  it('begins with the processor and ends with WebAssembly', () => {
    const all: BackendName[] = ['webgpu', 'wasm', 'native'];
    assert.deepEqual(startingOrder('auto', all), ['native', 'wasm']);
    assert.deepEqual(startingOrder('webgpu', all), ['native', 'wasm']);
    assert.deepEqual(startingOrder('native', all), ['native', 'wasm']);
    assert.deepEqual(startingOrder('wasm', all), ['wasm']);
    assert.deepEqual(startingOrder('auto', ['wasm', 'webgpu']), ['wasm']);
  });

  it('wakes the graphics card when it is asked for, or may help on the desktop', () => {
    assert.ok(triesGpu('webgpu', ['wasm', 'webgpu'], 1));
    assert.ok(triesGpu('auto', ['native', 'wasm', 'webgpu'], 1000));
    assert.ok(!triesGpu('auto', ['native', 'wasm', 'webgpu'], 50));
    assert.ok(!triesGpu('auto', ['wasm', 'webgpu'], 1000), 'it would take a download');
    assert.ok(!triesGpu('native', ['native', 'wasm', 'webgpu'], 1000));
    assert.ok(!triesGpu('webgpu', ['wasm'], 1000));
  });
});
