/** The Chapter model as the product loads it, against plain arithmetic on the same tables. */
import assert from 'node:assert/strict';
import {
  chapterTensors,
  type ChapterTensorName,
} from '../../../server/chapter/model';
import { embeddingScale } from '../../../server/chapter/encoding';
import { runChapter, type ChapterTensors } from '../../../server/chapter/pipeline';
import { readChapterSettings } from '../../../server/chapter/settings';
import { chapterWeights } from '../../../server/chapter/weights';
import { chapterModel, openChapter, type ChapterSource } from '../../../server/models/chapterModel';
import { bundledTensor } from '../chapter/bundledTables.node';
import { bundledFiles, loadBundled, loadParams, newEngine } from '../engine/openEngine.node';
import type { ChapterSettings } from '../../../server/chapter/controls';
import type { Engine } from '../../../server/engine/engine';
import type { AnalyseParams } from '../../../server/engine/protocol';

const WIDTH = 384;
/** "the keeper lit the lamp" and a repetition, as ids of the bundled vocabulary. */
const ids = Int32Array.of(101, 1996, 10684, 5507, 1996, 10437, 102);
const tokens = ids.length;
const TOLERANCE = 1e-5;

describe('the Chapter model in the engine', function () {
  this.timeout(120_000);
  let engine: Engine;
  let source: ChapterSource;

  before(async () => {
    engine = newEngine();
    source = await openChapter(bundledFiles, await loadBundled());
  });
  after(() => engine.dispose());

  const changes: Partial<ChapterSettings>[] = [
    {},
    { similarity: 'additive', heads: 4 },
    { similarity: 'additive', encoding: 'alibi', causal: true },
    { similarity: 'dot', heads: 1, encoding: 'learned', scale: 0.5 },
    { encoding: 'rope', heads: 2, causal: true },
    { encoding: 'alibi', wiring: 'words' },
    { wiring: 'diagram', scaleVariant: 'chapter' },
  ];
  for (const change of changes) {
    it(`weighs as plain arithmetic does with ${JSON.stringify(change)}`, async () => {
      const settings = readChapterSettings(change);
      const { manifest, model, ...files } = await chapterModel(settings, source);
      assert.deepEqual([model.id, model.layers, model.heads], ['chapter', 1, settings.heads]);
      const report = await engine.load(loadParams({ manifest, model, ...files }));
      assert.ok(report.probeError < TOLERANCE, report.detail);
      const placements = [
        {},
        { positionScale: 0 },
        { positions: Int32Array.of(6, 5, 4, 3, 2, 1, 0), positionScale: 1.5 },
      ];
      for (const placement of placements) {
        await engine.analyse({ window: 'w', ids, specialTokens: [0, tokens - 1], ...placement });
        await assertAsPlain(settings, placement);
      }
    });
  }

  async function assertAsPlain(
    settings: ChapterSettings,
    placement: Partial<AnalyseParams>,
  ): Promise<void> {
    const expected = plain(settings, placement);
    for (let head = 0; head < settings.heads; head++) {
      const selection = { window: 'w', layer: 0, head, reading: 'raw' } as const;
      for (const token of [0, 3, tokens - 1]) {
        const { weights } = await engine.row({ ...selection, token });
        const start = (head * tokens + token) * tokens;
        assertClose(weights, expected.weights.subarray(start, start + tokens), 'weights');
      }
    }
    const token = 2;
    const tensors = chapterTensors(settings, WIDTH);
    const { slices } = await engine.stages({
      window: 'w',
      slices: tensors.map(({ output, shape }) => ({
        output,
        at: { axis: shape.indexOf('token'), index: token },
      })),
    });
    tensors.forEach(({ tensor }, at) => {
      const wanted = sliceOf(expected[tensor], tensor, settings.heads, token);
      assertClose(slices[at]!.values, wanted, tensor);
    });
  }

  it('comes and goes beside the bundled model', async () => {
    const bundled = await loadBundled();
    const { heads } = bundled.manifest;
    for (const settings of [{}, { heads: 2 }] as const) {
      const chapter = await chapterModel(readChapterSettings(settings), source);
      for (const each of [bundled, chapter]) {
        await engine.load(loadParams(each));
        await engine.analyse({ window: 'w', ids, specialTokens: [] });
        const { scales } = await engine.overview({ window: 'w', reading: 'raw', size: 2 });
        assert.equal(scales.length, each.manifest.layers * each.manifest.heads);
      }
    }
    assert.equal(heads, 12);
  });

  it('differs from itself under other settings in its hash alone where nothing else does', async () => {
    const [one, same, other] = await Promise.all(
      [{}, {}, { scale: 2 }].map((change) => chapterModel(readChapterSettings(change), source)),
    );
    assert.equal(one!.model.hash, same!.model.hash);
    assert.notEqual(one!.model.hash, other!.model.hash);
  });

  it('has a position table with the learned encoding alone, and no nine terms', async () => {
    await engine.load(
      loadParams(await chapterModel(readChapterSettings({ encoding: 'learned' }), source)),
    );
    const { table } = await engine.positionTable();
    assert.deepEqual(table, bundledTensor('embeddings.position_embeddings.weight'));
    const question = { ids, positions: Int32Array.from(ids.keys()), positionScale: 1, head: 0 };
    await assert.rejects(engine.firstLayer(question), { reason: 'notInThisModel' });
    await engine.load(loadParams(await chapterModel(readChapterSettings({}), source)));
    await assert.rejects(engine.positionTable(), { reason: 'notInThisModel' });
  });
});

const words = bundledTensor('embeddings.word_embeddings.weight');
const learned = bundledTensor('embeddings.position_embeddings.weight');

function plain(settings: ChapterSettings, placement: Partial<AnalyseParams>): ChapterTensors {
  const vectors = Float64Array.from(
    { length: tokens * WIDTH },
    (_, cell) =>
      words[ids[Math.floor(cell / WIDTH)]! * WIDTH + (cell % WIDTH)]! * embeddingScale(WIDTH),
  );
  const source = {
    vectors,
    width: WIDTH,
    learned,
    positions: placement.positions ?? Int32Array.from(ids.keys()),
    positionScale: placement.positionScale ?? 1,
  };
  return runChapter(source, settings, chapterWeights(WIDTH));
}

/** Tensors by head have the head first; the token follows. */
const BY_HEAD = new Set<ChapterTensorName>([
  'query',
  'key',
  'value',
  'similarity',
  'scaled',
  'weights',
]);

function sliceOf(
  values: Float64Array,
  tensor: ChapterTensorName,
  heads: number,
  token: number,
): Float64Array {
  const outer = BY_HEAD.has(tensor) ? heads : 1;
  const inner = values.length / outer / tokens;
  return Float64Array.from({ length: outer * inner }, (_, cell) => {
    const row = Math.floor(cell / inner) * tokens + token;
    return values[row * inner + (cell % inner)]!;
  });
}

/** Relative to the largest number: values of the real tables reach some dozens. */
function assertClose(
  actual: Float32Array,
  expected: ArrayLike<number>,
  what: ChapterTensorName,
): void {
  assert.equal(actual.length, expected.length, what);
  const finite = Array.from(expected).filter((value) => Number.isFinite(value));
  const scale = Math.max(1, ...finite.map(Math.abs));
  actual.forEach((value, at) => {
    const wanted = expected[at]!;
    const off = value === wanted ? 0 : Math.abs(value - wanted);
    assert.ok(off <= TOLERANCE * scale, `${what}[${at}] is ${value} instead of ${wanted}`);
  });
}
