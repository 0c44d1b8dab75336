import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../../../server/engine/clock';
import { Engine } from '../../../server/engine/engine';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { PlainKernel } from '../../../server/engine/kernel/plain';
import { inOrder, layerShape } from '../../../server/engine/layerShape';
import { modelFeeds } from '../../../server/engine/feeds';
import { openSession } from '../../../server/engine/session.node';
import { startWorkerThread } from '../../../server/engine/startWorker.node';
import { floatOutputs } from '../../../server/engine/tensor';
import { folderFiles } from '../../../server/models/files.node';
import { loadModel } from '../../../server/models/loadModel';
import { loadTokenizer } from '../../../server/tokens/load';
import type { Head, Kernel } from '../../../server/engine/kernel/kernel';
import type { LoadParams } from '../../../server/engine/protocol';
import type { Session } from '../../../server/engine/session';

const FOLDER = resolve('models/all-minilm-l6-v2');
/** Our weights against the graph's own, which are float32 softmaxes of the same numbers. */
const TOLERANCE = 1e-5;
const TEXTS = {
  'an empty text': '',
  'a sentence': 'The keeper of the lighthouse answered that the lamp had never gone out.',
  code: 'export function area(width: number, height: number) {\n  return width * height;\n}\n',
  Chinese: '灯塔的看守人说，灯从来没有熄灭过。',
  'a long text': 'Attention is a weighted mean, and nothing more than that. '.repeat(12),
};

describe('engine with the bundled model', function () {
  this.timeout(120_000);
  let engine: Engine;
  let session: Session;
  let params: LoadParams;
  let encode: (text: string) => Int32Array;

  before(async () => {
    const { manifest, graph, weights, tokenizerBytes } = await loadModel(folderFiles(FOLDER));
    params = { manifest, graph, weights, threads: 1 };
    const tokenizer = loadTokenizer(tokenizerBytes);
    encode = (text) => {
      const { before, after } = tokenizer.template;
      return Int32Array.from([...before, ...tokenizer.encode(text).ids, ...after]);
    };
    engine = newEngine('dist/engine.js');
    const read = (path: string) => readFile(join(FOLDER, path));
    session = await openSession({
      graph: await read(manifest.graph.path),
      weights: Object.fromEntries(
        await Promise.all(
          manifest.weights.map(async ({ path }) => [path, await read(path)] as const),
        ),
      ),
      threads: 1,
    });
    const report = await engine.load(params);
    assert.ok(report.probeError < TOLERANCE, report.detail);
    assert.match(report.detail, /simd kernel/);
  });

  after(async () => {
    engine.dispose();
    await session.release();
  });

  async function run(ids: Int32Array, names: string[]) {
    const feeds = modelFeeds(params.manifest, { ids, placement: inOrder(ids.length) });
    return floatOutputs(await session.run(feeds, names), names);
  }

  for (const [name, text] of Object.entries(TEXTS)) {
    it(`gives the graph’s own weights for ${name}`, async () => {
      const { taps, heads } = params.manifest;
      const ids = encode(text);
      const tokens = ids.length;
      const own = await run(
        ids,
        taps.map(({ weights }) => weights),
      );
      await engine.analyse({ window: name, ids, specialTokens: [0, tokens - 1] });
      for (const [layer, tap] of taps.entries()) {
        const expected = own.get(tap.weights)!.data;
        for (let head = 0; head < heads; head++) {
          const map = expected.subarray(head * tokens * tokens, (head + 1) * tokens * tokens);
          const selection = { window: name, layer, head, reading: 'raw' } as const;
          const token = (layer * heads + head) % tokens;
          const { weights } = await engine.row({ ...selection, token });
          assertClose(weights, map.subarray(token * tokens, (token + 1) * tokens));
          const column = await engine.column({ ...selection, token });
          assertClose(
            column.weights,
            map.filter((_, at) => at % tokens === token),
          );
          const region = await engine.region({
            ...selection,
            queries: [0, tokens],
            keys: [0, tokens],
            rows: tokens,
            columns: tokens,
            pool: 'max',
          });
          assertClose(region.values, map);
        }
      }
    });
  }

  it('has the same weights from both kernels for every head and 512 tokens of a text', async () => {
    const { taps, heads, keyValueHeads, headSize, score, contextLength } = params.manifest;
    const ids = encode(TEXTS['a long text'].repeat(4)).subarray(0, contextLength);
    const names = taps.flatMap(({ query, key }) => [query, key]);
    const own = await run(ids, names);
    const tokens = ids.length;
    const shape = layerShape({ heads, keyValueHeads, headSize, tokens }, score, inOrder(tokens));
    const kernels = [simdKernel(), new PlainKernel()];
    for (const [layer, tap] of taps.entries()) {
      const stored = kernels.map((kernel) =>
        kernel.store(shape, own.get(tap.query)!.data, own.get(tap.key)!.data),
      );
      for (let head = 0; head < heads; head++) {
        const [simd, plain] = kernels.map((kernel, at) =>
          everyWayToTheMap(kernel, { layer: stored[at]!, head }),
        );
        for (const [way, map] of Object.entries(simd!)) {
          let largest = 0;
          for (const [at, weight] of map.entries())
            largest = Math.max(largest, Math.abs(weight - plain![way]![at]!));
          assert.ok(largest <= 1e-6, `${way} of layer ${layer}, head ${head}: off by ${largest}`);
        }
      }
      stored.forEach((each) => each.release());
    }
  });

  it('reads as many tokens as the model has positions, and no more', async () => {
    const { contextLength } = params.manifest;
    const ids = (length: number) => new Int32Array(length).fill(2000);
    await engine.analyse({ window: 'full', ids: ids(contextLength), specialTokens: [] });
    await assert.rejects(
      engine.analyse({ window: 'more', ids: ids(contextLength + 1), specialTokens: [] }),
      { reason: 'tooLong' },
    );
  });

  it('answers questions while an analysis waits, and forgets what is cancelled', async () => {
    const ids = encode(TEXTS['a long text']);
    await engine.analyse({ window: 'here', ids, specialTokens: [] });
    const controller = new AbortController();
    const analyses = ['x', 'y'].map((window) =>
      engine.analyse({ window, ids, specialTokens: [] }, { signal: controller.signal }),
    );
    controller.abort();
    for (const analysis of analyses) await assert.rejects(analysis, { reason: 'cancelled' });
    const question = { layer: 0, head: 0, reading: 'raw', token: 0 } as const;
    await engine.row({ ...question, window: 'here' });
    await assert.rejects(engine.row({ ...question, window: 'x' }), { reason: 'unknownWindow' });
  });

  it('comes back with the same answers after its thread is killed', async () => {
    const started: ReturnType<typeof startWorkerThread>[] = [];
    const fragile = newEngine('dist/engine.js', (worker) => started.push(worker));
    try {
      await fragile.load(params);
      await fragile.analyse({ window: 'w', ids: encode(TEXTS.code), specialTokens: [] });
      const question = { window: 'w', layer: 3, head: null, reading: 'raw', token: 4 } as const;
      const before = await fragile.row(question);
      started[0]!.terminate();
      const after = await fragile.row(question);
      assert.deepEqual(after.weights, before.weights);
      assert.equal(started.length, 2);
    } finally {
      fragile.dispose();
    }
  });

  describe('without a whole runtime', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'attention-lens-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    const glue = 'ort-wasm-simd-threaded.mjs';
    const wasm = 'ort-wasm-simd-threaded.wasm';
    const damages: [string, () => void][] = [
      ['no file of it', () => undefined],
      ['no WASM', () => copyFileSync(`dist/${glue}`, join(folder, glue))],
      [
        'a truncated WASM',
        () => {
          copyFileSync(`dist/${glue}`, join(folder, glue));
          writeFileSync(join(folder, wasm), new Uint8Array(100));
        },
      ],
    ];
    for (const [what, damage] of damages) {
      it(`says what is missing: ${what}`, async () => {
        copyFileSync('dist/engine.js', join(folder, 'engine.js'));
        damage();
        const broken = newEngine(join(folder, 'engine.js'));
        await assert.rejects(broken.load(params), {
          reason: 'backendUnavailable',
          message: /missing or damaged\. Reinstall/,
        });
        assert.equal(broken.state.state, 'failed');
        broken.dispose();
      });
    }
  });
});

/** One head's map, float32 [query, key], and its first column, by each operation of the kernel. */
function everyWayToTheMap(kernel: Kernel, head: Head): { [way: string]: Float32Array } {
  const { tokens } = head.layer.shape;
  const whole = [0, tokens] as const;
  const view = { ...head, logSumExp: kernel.logSumExp(head, []) };
  return {
    rows: kernel.sumRows([head], whole, []),
    blocks: kernel.sumBlocks([view], { queries: whole, keys: whole }, []),
    column: kernel.sumColumns([view], 0),
    pooled: kernel.maxPool(view, { queries: whole, keys: whole }, [], 64, 64),
    map: kernel.poolMap(head, [], 64, 64).cells,
  };
}

function newEngine(
  file: string,
  onStart: (worker: ReturnType<typeof startWorkerThread>) => void = () => undefined,
): Engine {
  return new Engine({
    startWorker: () => {
      const worker = startWorkerThread(resolve(file));
      onStart(worker);
      return worker;
    },
    clock: systemClock,
    log: () => undefined,
  });
}

function assertClose(actual: Float32Array, expected: Float32Array): void {
  assert.equal(actual.length, expected.length);
  let worst = 0;
  for (const [at, weight] of actual.entries()) {
    worst = Math.max(worst, Math.abs(weight - expected[at]!));
  }
  assert.ok(worst <= TOLERANCE, `a weight is off by ${worst}`);
}
