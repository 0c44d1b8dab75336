import assert from 'node:assert';
import * as ort from 'onnxruntime-web';
import { CHAPTER_OUTPUTS, chapterInputs, chapterTensors } from '../../../server/chapter/model';
import { PARAMETERS_LOCATION } from '../../../server/chapter/parameters';
import { runChapter, type ChapterTensors } from '../../../server/chapter/pipeline';
import type { ChapterSettings } from '../../../server/chapter/controls';
import { chapterScheme } from '../../../server/chapter/scheme';
import { readChapterSettings } from '../../../server/chapter/settings';
import { chapterWeights } from '../../../server/chapter/weights';
import { modelFeeds } from '../../../server/engine/feeds';
import { ropeFrequencies, type RopeFrequencies } from '../../../server/positional/ropeFrequencies';
import { buildChapter } from '../../../server/onnx/architectures/chapter';
import { readSafetensors, writeSafetensors } from '../../../server/onnx/safetensors';
import { WeightFile } from '../../../server/onnx/weightFile';
import { seededGenerator } from '../../../server/positional/generator';
import { closeTo } from '../positional/closeTo';

const [WIDTH, VOCABULARY, POSITIONS] = [16, 11, 24];

/** A bundled model of toy size: its two tables, float32. */
const random = seededGenerator(4);
const table = (rows: number, size: number) =>
  Float32Array.from({ length: rows * WIDTH }, () => (random() - 0.5) * size);
const words = table(VOCABULARY, 0.5);
const learned = table(POSITIONS, 0.3);
const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer);
const bundled = writeSafetensors(
  new Map([
    [
      'embeddings.word_embeddings.weight',
      { dtype: 'F32', shape: [VOCABULARY, WIDTH], bytes: bytesOf(words) },
    ],
    [
      'embeddings.position_embeddings.weight',
      { dtype: 'F32', shape: [POSITIONS, WIDTH], bytes: bytesOf(learned) },
    ],
  ]),
);

interface Window {
  ids: number[];
  positions: number[];
  positionScale: number;
  rope?: RopeFrequencies;
  slopes?: Float64Array;
}

async function runGraph(
  settings: ChapterSettings,
  window: Window,
): Promise<ort.InferenceSession.ReturnType> {
  const file = new WeightFile('model.safetensors', readSafetensors(bundled));
  const size = { width: WIDTH, vocabulary: VOCABULARY, positions: POSITIONS };
  const { graph, parameters } = buildChapter(settings, size, file);
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: ['wasm'],
    externalData: [
      { path: 'model.safetensors', data: bundled },
      { path: PARAMETERS_LOCATION, data: parameters },
    ],
    logSeverityLevel: 3,
  });
  const { ids, positions, ...others } = window;
  const feeds = modelFeeds(
    { inputs: chapterInputs(settings), position: chapterScheme(settings, WIDTH) },
    {
      ids: Int32Array.from(ids),
      placement: { positions: Int32Array.from(positions), ...others },
    },
  );
  assert.deepEqual([...session.inputNames].sort(), Object.keys(feeds).sort());
  const tensors = Object.entries(feeds).map(([name, { type, data, dims }]) => [
    name,
    new ort.Tensor(type, data, dims),
  ]);
  const results = await session.run(
    Object.fromEntries(tensors) as ort.InferenceSession.OnnxValueMapType,
  );
  await session.release();
  return results;
}

function runPlain(settings: ChapterSettings, window: Window): ChapterTensors {
  const vectors = Float64Array.from(
    { length: window.ids.length * WIDTH },
    (_, cell) =>
      words[window.ids[Math.floor(cell / WIDTH)]! * WIDTH + (cell % WIDTH)]! * Math.sqrt(WIDTH),
  );
  return runChapter({ ...window, vectors, width: WIDTH, learned }, settings, chapterWeights(WIDTH));
}

const inOrder: Window = {
  ids: [1, 7, 3, 3, 10, 0, 5],
  positions: [0, 1, 2, 3, 4, 5, 6],
  positionScale: 1,
};

async function compare(settings: ChapterSettings, window: Window): Promise<void> {
  const found = await runGraph(settings, window);
  const expected = runPlain(settings, window);
  for (const { tensor, output, shape } of chapterTensors(settings, WIDTH)) {
    const { data, dims } = found[output]!;
    const sizes = shape.map((axis) => (axis === 'token' ? window.ids.length : axis));
    assert.deepEqual([...dims], sizes, tensor);
    closeTo(data as Float32Array, expected[tensor], 1e-5);
  }
}

describe("the Chapter model's graph", function () {
  this.timeout(30_000);

  before(() => {
    ort.env.wasm.numThreads = 1;
  });

  const changes: object[] = [
    {},
    { similarity: 'dot', heads: 1 },
    { similarity: 'additive', heads: 2 },
    { encoding: 'none' },
    { encoding: 'learned', scale: 0.5 },
    { encoding: 'learned', scale: 2, scaleVariant: 'chapter' },
    { encoding: 'rope', heads: 2 },
    { encoding: 'alibi' },
    { wiring: 'words' },
    { wiring: 'diagram' },
    { scale: 10, scaleVariant: 'chapter' },
    { causal: true, encoding: 'alibi', heads: 4 },
    { causal: true, similarity: 'additive', encoding: 'rope', heads: 4 },
    { encoding: 'rope', wiring: 'diagram' },
    { encoding: 'alibi', wiring: 'diagram' },
  ];
  for (const change of changes) {
    it(`equals plain arithmetic in every tensor with ${JSON.stringify(change)}`, () =>
      compare(readChapterSettings(change), inOrder));
  }

  for (const encoding of ['sinusoidal', 'learned', 'rope', 'alibi']) {
    it(`takes positions and their scale as inputs: ${encoding}`, async () => {
      const settings = readChapterSettings({ encoding, heads: 2, causal: true });
      await compare(settings, {
        ...inOrder,
        positions: [9, 23, 2, 2, 0, 15, 1],
        positionScale: 1.5,
      });
      await compare(settings, { ...inOrder, positionScale: 0 });
    });
  }

  it('takes frequencies and their attention factor as inputs', async () => {
    const settings = readChapterSettings({ encoding: 'rope', heads: 2 });
    for (const rope of [
      ropeFrequencies(WIDTH / 2, 300, { kind: 'linear', factor: 3 }),
      ropeFrequencies(WIDTH / 2, 10_000, { kind: 'yarn', factor: 8, trainedLength: 64 }),
    ])
      await compare(settings, { ...inOrder, positionScale: 1.5, rope });
  });

  it('takes slopes as an input', async () => {
    const settings = readChapterSettings({ encoding: 'alibi', heads: 4, causal: true });
    await compare(settings, { ...inOrder, slopes: Float64Array.of(0, 0.25, 1, 3) });
  });

  it('is the same bytes for the same settings', () => {
    const build = () =>
      buildChapter(
        readChapterSettings({}),
        { width: WIDTH, vocabulary: VOCABULARY, positions: POSITIONS },
        new WeightFile('model.safetensors', readSafetensors(bundled)),
      );
    assert.deepEqual(build(), build());
  });

  it('has outputs by the names that the taps use', () => {
    const names = chapterTensors(readChapterSettings({}), WIDTH).map(({ output }) => output);
    assert.deepEqual(new Set(names), new Set(Object.values(CHAPTER_OUTPUTS)));
    for (const tap of ['query', 'key', 'value', 'weights'])
      assert.ok(names.includes(`layer.0.${tap}`));
  });
});
