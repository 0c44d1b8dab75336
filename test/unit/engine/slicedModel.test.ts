import assert from 'node:assert/strict';
import { Channel, ChannelError } from '../../../channel/channel';
import { modelFeeds } from '../../../server/engine/feeds';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { inOrder } from '../../../server/engine/layerShape';
import { ModelGraph } from '../../../server/engine/modelGraph';
import { openSession } from '../../../server/engine/session.node';
import { serveEngine } from '../../../server/engine/worker';
import { readManifest } from '../../../server/models/readManifest';
import { portPair } from '../channel/pair';
import { TINY_CONFIG } from '../onnx/tinyBert';
import { bundledFiles } from './openEngine.node';
import { tinyModel } from './tinyModel';
import type { EngineCallerSide, EngineSide, LoadParams } from '../../../server/engine/protocol';
import type { OpenSession, SessionSource } from '../../../server/engine/session';

const LAYERS = 4;
const DEEP = { ...TINY_CONFIG, num_hidden_layers: LAYERS };
const go = () => Promise.resolve();

function sourceOf({ graph, weights }: LoadParams): SessionSource {
  const bytes = (file: LoadParams['graph']) => ('bytes' in file ? file.bytes : assert.fail());
  const files = Object.entries(weights).map(([path, file]) => [path, bytes(file)] as const);
  return { graph: bytes(graph), weights: Object.fromEntries(files), threads: 1 };
}

/** Every run and every session of the engine goes through here. */
function watched(onRun: (run: number) => void = () => undefined) {
  const seen = { opened: 0, runs: 0 };
  const open: OpenSession = async (source) => {
    const session = await openSession(source);
    seen.opened++;
    return {
      ...session,
      backend: session.backend,
      outputs: session.outputs,
      release: () => session.release(),
      run: (feeds, outputs) => {
        onRun(seen.runs++);
        return session.run(feeds, outputs);
      },
    };
  };
  return { seen, open };
}

function serve(open: OpenSession): Channel<EngineCallerSide, EngineSide> {
  const [near, far] = portPair();
  const readFile = () => Promise.reject(new Error('no files'));
  serveEngine(far, { readFile, openSession: open, kernel: simdKernel() });
  return new Channel<EngineCallerSide, EngineSide>(near);
}

describe('a model in slices', function () {
  this.timeout(120_000);

  it('computes what the whole graph does, to the bit', async () => {
    const [manifest, graph, weights] = await bundled();
    const source = { graph, weights, threads: 1 };
    const session = await openSession(source);
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
    const refusing: OpenSession = (asked) =>
      asked.graph === source.graph
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
