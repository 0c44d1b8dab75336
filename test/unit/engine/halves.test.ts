import assert from 'node:assert/strict';
import fc from 'fast-check';
import { modelFeeds } from '../../../server/engine/feeds';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { inOrder, layerShape } from '../../../server/engine/layerShape';
import { openSession } from '../../../server/engine/session.node';
import { floatOutputs } from '../../../server/engine/tensor';
import { FLOAT32_TOKENS } from '../../../server/engine/precision';
import { WindowBuilder } from '../../../server/engine/windowBuilder';
import { readManifest } from '../../../server/models/readManifest';
import { loadTokenizer } from '../../../server/tokens/load';
import { fromFloat16Bits, toFloat16Bits } from '../../../server/onnx/float16';
import { layers, randomFloats, rangeIn } from './layers';
import { bundledFiles } from './openEngine.node';
import type {
  HeadView,
  Kernel,
  LayerShape,
  StoredLayer,
} from '../../../server/engine/kernel/kernel';

const rounded = (values: Float32Array) => fromFloat16Bits(toFloat16Bits(values));
/** What a weight may be off by in windows that are kept in float16. */
const ROW_ERROR = 5e-3;

/** Everything the kernel can say about a layer. */
function answers(
  kernel: Kernel,
  layer: StoredLayer,
  region: [number, number][],
): (Float32Array | Float64Array)[] {
  const { heads, tokens } = layer.shape;
  const [queries, keys] = region as [[number, number], [number, number]];
  const views = Array.from({ length: heads }, (_, head): HeadView => {
    return { layer, head, logSumExp: kernel.logSumExp({ layer, head }, []) };
  });
  return [
    ...views.map(({ logSumExp }) => logSumExp),
    kernel.sumRows(views, queries, []),
    kernel.describeRows(views[0]!, queries).moments,
    kernel.receivedAtMost(views[0]!),
    kernel.poolMap(views[0]!, [], 1, tokens).cells,
    kernel.sumColumns(views, 0),
    kernel.sumBlocks(views, { queries, keys }, []),
    ...views.map((view) => kernel.maxPool(view, { queries, keys }, [], 1, 1)),
    kernel.maxPool(views[0]!, { queries: [0, tokens], keys: [0, tokens] }, [], tokens, tokens),
  ];
}

describe('windows in float16', function () {
  this.timeout(120_000);
  const kernel = simdKernel();

  it('are answered about exactly as the same numbers in float32 would be', () => {
    const asked = layers.chain((layer) => {
      const { tokens } = layer.shape;
      const region = fc.tuple(rangeIn(tokens), rangeIn(tokens));
      // From numbers that float16 rounds to 0 to such as it just holds.
      return fc.record({
        layer: fc.constant(layer),
        region,
        size: fc.integer({ min: -26, max: 13 }),
      });
    });
    fc.assert(
      fc.property(asked, ({ layer: { shape, query, key }, region, size }) => {
        const scaled = (values: Float32Array) => values.map((value) => value * 2 ** size);
        const [q, k] = [scaled(query), scaled(key)];
        const halves = kernel.store(shape, q, k, 'float16');
        const floats = kernel.store(shape, rounded(q), rounded(k));
        assert.deepEqual(answers(kernel, halves, region), answers(kernel, floats, region));
        halves.release();
        floats.release();
      }),
    );
    assert.equal(kernel.arena.used, 0);
  });

  it('take half the memory', () => {
    const shape: LayerShape = {
      heads: 2,
      keyValueHeads: 2,
      tokens: 1000,
      headSize: 32,
      scale: 1,
      causal: false,
    };
    const values = randomFloats(2 * 1000 * 32, 7);
    const used = (['float32', 'float16'] as const).map((precision) => {
      const layer = kernel.store(shape, values, values, precision);
      const bytes = kernel.arena.used;
      layer.release();
      return bytes;
    });
    assert.ok(used[1]! < 0.51 * used[0]!, used.join());
  });

  it('move no weight of the bundled model by more than is promised', async () => {
    const manifest = readManifest(await bundledFiles.read('manifest.json'));
    const [file] = manifest.weights;
    const session = await openSession({
      graph: await bundledFiles.read(manifest.graph.path),
      weights: { [file!.path]: await bundledFiles.read(file!.path) },
      threads: 1,
    });
    const text = new TextDecoder().decode(await bundledFiles.read('README.md')).repeat(3);
    const ids = loadTokenizer(await bundledFiles.read('tokenizer.json')).encode(text).ids;
    const tokens = manifest.contextLength;
    const placement = inOrder(tokens);
    const feeds = modelFeeds(manifest, {
      ids: Int32Array.from(ids.slice(0, tokens)),
      placement,
    });
    const names = manifest.taps.flatMap(({ query, key }) => [query, key]);
    const outputs = floatOutputs(await session.run(feeds, names), names);
    await session.release();
    const shape = layerShape({ ...manifest, tokens }, manifest.score, placement);
    let worst = 0;
    for (const tap of manifest.taps) {
      const [query, key] = [outputs.get(tap.query)!.data, outputs.get(tap.key)!.data];
      const [floats, halves] = (['float32', 'float16'] as const).map((precision) =>
        kernel.store(shape, query, key, precision),
      );
      for (let head = 0; head < shape.heads; head++) {
        for (let token = 0; token < tokens; token += 5) {
          const row = kernel.sumRows([{ layer: floats!, head }], [token, token + 1], []);
          kernel
            .sumRows([{ layer: halves!, head }], [token, token + 1], [])
            .forEach((weight, at) => {
              worst = Math.max(worst, Math.abs(weight - row[at]!));
            });
        }
      }
      floats!.release();
      halves!.release();
    }
    assert.ok(worst > 0 && worst <= ROW_ERROR, `a weight is off by ${worst}`);
  });

  describe('begin where they are worth it', () => {
    const sizes = { heads: 1, keyValueHeads: 1, headSize: 4 };
    const windowOf = (tokens: number, value: number) => {
      const shape = { ...sizes, tokens, scale: 1, causal: false };
      const builder = new WindowBuilder(kernel, [shape], { specialTokens: [] });
      const numbers = randomFloats(tokens * 4, 1);
      numbers[0] = value;
      builder.add({ query: numbers, key: numbers, value: numbers });
      return { window: builder.window, numbers };
    };

    it('values come back rounded above, and as they are up to there', () => {
      for (const tokens of [FLOAT32_TOKENS, FLOAT32_TOKENS + 1]) {
        const { window, numbers } = windowOf(tokens, 1 / 3);
        const expected = tokens > FLOAT32_TOKENS ? rounded(numbers) : numbers;
        assert.deepEqual(window.values(0, 0), expected);
        window.release();
      }
    });

    it('numbers that float16 cannot hold stay in float32', () => {
      const { window, numbers } = windowOf(FLOAT32_TOKENS + 1, 1e5);
      assert.deepEqual(window.values(0, 0), numbers);
      const { logSumExp } = window.view(0, 0, []);
      assert.ok(logSumExp.every(Number.isFinite));
      window.release();
    });
  });
});
