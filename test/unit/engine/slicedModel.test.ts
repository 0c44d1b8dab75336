import assert from 'node:assert/strict';
import { Channel, ChannelError } from '../../../channel/channel';
import { modelFeeds } from '../../../server/engine/feeds';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { inOrder } from '../../../server/engine/layerShape';
import { ModelGraph, type GraphSource } from '../../../server/engine/modelGraph';
import { openSession } from '../../../server/engine/session.node';
import { serveEngine } from '../../../server/engine/worker';
import { readManifest } from '../../../server/models/readManifest';
import { packWeights } from '../../../server/onnx/packWeights';
import { memorySource } from '../../../server/onnx/tap/byteSource';
import { portPair } from '../channel/pair';
import { TINY_CONFIG } from '../onnx/tinyBert';
import { bundledFiles } from './openEngine.node';
import { tinyModel } from './tinyModel';
import type { EngineCallerSide, EngineSide, LoadParams } from '../../../server/engine/protocol';
import type { OpenSession } from '../../../server/engine/session';

const LAYERS = 4;
const DEEP = { ...TINY_CONFIG, num_hidden_layers: LAYERS };
const go = () => Promise.resolve();

function sourceOf({ graph, weights }: LoadParams): GraphSource {
  const bytes = (file: LoadParams['graph']) => ('bytes' in file ? file.bytes : assert.fail());
  const files = Object.entries(weights).map(
    ([path, file]) => [path, memorySource(bytes(file))] as const,
  );
  return { graph: bytes(graph), weights: Object.fromEntries(files), threads: 1 };
}

/** Every run and every session of the engine goes through here. */
function watched(onRun: (run: number) => void | Promise<void> = () => undefined) {
  const seen = { opened: 0, runs: 0 };
  const open: OpenSession = async (source) => {
    const session = await openSession(source);
    seen.opened++;
    return {
      ...session,
      backend: session.backend,
      outputs: session.outputs,
      release: () => session.release(),
      run: async (feeds, outputs) => {
        await onRun(seen.runs++);
        return session.run(feeds, outputs);
      },
    };
  };
  return { seen, open };
}

function serve(open: OpenSession): Channel<EngineCallerSide, EngineSide> {
  const [near, far] = portPair();
  const openFile = () => assert.fail('no files');
  serveEngine(far, { openFile, openSession: open, kernel: simdKernel() });
  return new Channel<EngineCallerSide, EngineSide>(near);
}

describe('a model in slices', function () {
  this.timeout(120_000);

  it('computes what the whole graph does, to the bit', async () => {
    const [manifest, graph, weights] = await bundled();
    const session = await openSession({ graph, weights, threads: 1 });
    const files = Object.entries(weights).map(
      ([path, bytes]) => [path, memorySource(bytes)] as const,
    );
    const source = { graph, weights: Object.fromEntries(files), threads: 1 };
    const sliced = await ModelGraph.open(source, manifest.taps, { openSession, checkpoint: go });
    assert.equal(sliced.slices, manifest.layers + 2);
    const names = [...session.outputs];
    assert.deepEqual(
      names.filter((name) => !sliced.outputs.includes(name)),
      [],
    );
    for (const tokens of [1, 7, 64, 200]) {
      const ids = Int32Array.from({ length: tokens }, (_, at) => 1000 + ((at * 37) % 5000));
      const feeds = modelFeeds(manifest, { ids, placement: inOrder(tokens) });
      const whole = await session.run(feeds, names);
      const cut = await sliced.begin(feeds, names).take(names);
      for (const name of names) {
        const [own, expected] = [cut.get(name)!, whole.get(name)!];
        assert.deepEqual(own.dims, expected.dims, name);
        assert.ok(
          own.data.every((value, at) => value === expected.data[at]),
          name,
        );
      }
    }
    await sliced.release();
    await session.release();
  });

  it('stops between layers, and needs no new sessions to go on', async () => {
    const params = await tinyModel(DEEP);
    const controller = new AbortController();
    let stopAt = Infinity;
    const { seen, open } = watched((run) => {
      if (run === stopAt) controller.abort();
      // Longer than the engine computes without looking up.
      for (const start = performance.now(); performance.now() - start < 60;);
    });
    const engine = serve(open);
    await engine.request('load', params);
    const { opened, runs } = seen;
    stopAt = runs + 1;
    const window = { window: 'w', ids: Int32Array.of(1, 2, 3), specialTokens: [] };
    await assert.rejects(
      engine.request('analyse', window, { signal: controller.signal }),
      (error) => ChannelError.is(error, 'cancelled'),
    );
    await engine.request('analyse', { ...window, window: 'x' });
    assert.equal(seen.runs - runs, 2 + LAYERS, 'two layers of the one, all of the other');
    assert.equal(seen.opened, opened);
  });

  describe('while later layers run', () => {
    const window = { window: 'w', ids: Int32Array.of(1, 2, 3, 4, 5), specialTokens: [0] };
    const about = { window: 'w', head: null, reading: 'withoutSink' } as const;
    const region = (layer: number): EngineSide['methods']['region']['params'] => ({
      ...{ ...about, layer, head: 1, rows: 5, columns: 5, pool: 'max' },
      ...{ queries: [0, 5], keys: [0, 5] },
    });

    /** An engine whose analyses wait before each run of `layer` until `go` is called. */
    async function waitingBefore(layer: number) {
      const params = await tinyModel(DEEP);
      let [go, first] = [(): void => undefined, Infinity];
      const gate = new Promise<void>((resolve) => (go = resolve));
      const { seen, open } = watched((run) => (run === first + layer ? gate : undefined));
      const engine = serve(open);
      await engine.request('load', params);
      first = seen.runs;
      return { engine, seen, go, runs: () => seen.runs - first };
    }

    it('answers what earlier ones are enough for, the same as at the end', async () => {
      const { engine, go, runs } = await waitingBefore(2);
      const analysed = engine.request('analyse', window);
      const ask = (layer: number | null) => [
        engine.request('row', { ...about, layer, token: 2 }),
        engine.request('column', { ...about, layer, token: 2 }),
      ];
      const later = ask(null);
      const early = await Promise.all([...ask(0), ...ask(1)]);
      const cells = await Promise.all(
        [0, 1].map((layer) => engine.request('region', region(layer))),
      );
      assert.ok(runs() <= 3, 'the third layer is under way at most');
      go();
      await analysed;
      assert.deepEqual(early, await Promise.all([...ask(0), ...ask(1)]));
      assert.deepEqual(
        cells,
        await Promise.all([0, 1].map((layer) => engine.request('region', region(layer)))),
      );
      assert.deepEqual(await Promise.all(later), await Promise.all(ask(null)));
    });

    it('waits for all of them with rollout', async () => {
      const { engine, go } = await waitingBefore(2);
      const analysed = engine.request('analyse', window);
      const rolled = { ...about, reading: 'rollout', layer: 0, token: 2 } as const;
      let answered = false;
      const row = engine.request('row', rolled).finally(() => (answered = true));
      await engine.request('row', { ...about, layer: 1, token: 2 });
      assert.ok(!answered);
      go();
      await analysed;
      assert.equal((await row).weights.length, 5);
    });

    it('tells who waits for a layer why it will not come, and keeps nothing', async () => {
      const { engine, go } = await waitingBefore(2);
      const controller = new AbortController();
      const analysed = engine.request('analyse', window, { signal: controller.signal });
      const late = engine.request('row', { ...about, layer: 3, token: 2 });
      await engine.request('row', { ...about, layer: 0, token: 2 });
      controller.abort();
      const isCancelled = (error: unknown): boolean => ChannelError.is(error, 'cancelled');
      await assert.rejects(analysed, isCancelled);
      // By its answer the worker has heard of the cancellation.
      await engine.request('row', { ...about, layer: 0, token: 2 });
      go();
      await assert.rejects(late, isCancelled);
      await assert.rejects(engine.request('row', { ...about, layer: 0, token: 2 }), (error) =>
        ChannelError.is(error, 'unknownWindow'),
      );
    });

    it('lets a question be given up while it waits', async () => {
      const { engine, go } = await waitingBefore(1);
      const analysed = engine.request('analyse', window);
      const controller = new AbortController();
      const row = engine.request(
        'row',
        { ...about, layer: 2, token: 2 },
        { signal: controller.signal },
      );
      controller.abort();
      await assert.rejects(row, (error) => ChannelError.is(error, 'cancelled'));
      go();
      await analysed;
    });
  });

  it('runs no more than what is asked for', async () => {
    const params = await tinyModel(DEEP);
    const { seen, open } = watched();
    const sliced = await ModelGraph.open(sourceOf(params), params.manifest.taps, {
      openSession: open,
      checkpoint: go,
    });
    assert.equal(seen.opened, LAYERS + 1, 'what follows the last attention is not opened yet');
    const ids = Int32Array.of(5, 6);
    const feeds = modelFeeds(params.manifest, { ids, placement: inOrder(2) });
    await sliced.begin(feeds, ['layer.1.query']).take(['layer.1.query']);
    assert.equal(seen.runs, 2);
    await sliced.begin(feeds, ['last_hidden_state']).take(['last_hidden_state']);
    assert.equal(seen.opened, LAYERS + 2);
    await sliced.release();
  });

  it('is run whole where a slice does not open', async () => {
    const params = await tinyModel(DEEP);
    const source = sourceOf(params);
    const whole = packWeights(source.graph, source.weights).graph;
    const refusing: OpenSession = (asked) =>
      Buffer.compare(asked.graph, whole) === 0
        ? openSession(asked)
        : Promise.reject(new ChannelError('modelRefused', 'No.'));
    const graph = await ModelGraph.open(source, params.manifest.taps, {
      openSession: refusing,
      checkpoint: go,
    });
    assert.equal(graph.slices, 1);
    const ids = Int32Array.of(5, 6);
    const feeds = modelFeeds(params.manifest, { ids, placement: inOrder(2) });
    const names = ['layer.0.query', 'layer.3.weights'];
    const outputs = await graph.begin(feeds, names).take(names);
    assert.deepEqual(outputs.get('layer.3.weights')!.dims, [1, 3, 2, 2]);
    await graph.release();
  });
});

async function bundled() {
  const manifest = readManifest(await bundledFiles.read('manifest.json'));
  const graph = await bundledFiles.read(manifest.graph.path);
  const [file] = manifest.weights;
  return [manifest, graph, { [file!.path]: await bundledFiles.read(file!.path) }] as const;
}
