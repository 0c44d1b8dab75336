/** What a bundle answers from stored weights, against what the engine answers from queries and keys. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Bundle } from '../../../../client/bundle/bundle';
import { NotStored, StoredReaders, type Asked } from '../../../../client/bundle/storedReaders';
import { simdKernel } from '../../../../server/engine/kernel/choose';
import { Readers } from '../../../../server/engine/readers';
import { SINK_THRESHOLD } from '../../../../server/engine/sink';
import { AnalysedWindow } from '../../../../server/engine/window';
import { toFloat16Bits } from '../../../../server/onnx/float16';
import { INITIAL_SELECTION, type Token } from '../../../../server/protocol';
import { randomFloats, randomLayer, rangeIn, type Layer } from '../../engine/layers';
import { content, MANIFEST, opened, someWeights } from './madeBundle';

const kernel = simdKernel();
const breathe = (): Promise<void> => Promise.resolve();
const TOLERANCE = 5e-6;
const LAYERS = 2;
const HEADS = 3;
const OF_TWO: number[] = [0, 2];

interface Case {
  layers: Layer[];
  tokens: number;
  causal: boolean;
  window: number | undefined;
  special: number[];
  asked: Asked;
  /** [token] → word */
  words: number[];
  token: number;
  queries: [number, number];
  keys: [number, number];
  seed: number;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    tokens: fc.integer({ min: 1, max: 70 }),
    causal: fc.boolean(),
    sinks: fc.boolean(),
    window: fc.constantFrom(undefined, 3),
    seed: fc.nat(),
  })
  .chain(({ tokens, causal, sinks, window, seed }) => {
    const shape = { heads: HEADS, keyValueHeads: HEADS, tokens, headSize: 4, scale: 1, causal };
    const layers = Array.from({ length: LAYERS }, (_, at) =>
      randomLayer(
        { ...shape, window, ...(sinks && { sinks: randomFloats(HEADS, seed + at) }) },
        seed + 100 * at,
      ),
    );
    // Some of the first tokens draw much weight.
    for (const layer of layers)
      if (seed % 2 === 0) layer.key.forEach((_, at) => (layer.key[at]! *= at % 4 === 0 ? 3 : 1));
    return fc.record({
      ...{ layers: fc.constant(layers), tokens: fc.constant(tokens), seed: fc.constant(seed) },
      ...{ causal: fc.constant(causal), window: fc.constant(window) },
      special: fc.constantFrom([], [0], [...new Set([0, tokens - 1])]),
      asked: fc
        .tuple(
          fc.constantFrom(
            { head: null, heads: null },
            { head: 1, heads: null },
            { head: null, heads: OF_TWO },
          ),
          fc.record({
            layer: fc.constantFrom(null, 0, 1),
            aggregate: fc.constantFrom('mean', 'max'),
            reading: fc.constantFrom('raw', 'withoutSink'),
            merge: fc.constantFrom('tokens', 'words'),
          }),
        )
        .map(([which, rest]) => ({ ...which, ...rest })),
      words: fc
        .array(fc.boolean(), { minLength: tokens - 1, maxLength: tokens - 1 })
        .map((begins) => begins.reduce((all, begin) => [...all, all.at(-1)! + Number(begin)], [0])),
      token: fc.nat(tokens - 1),
      queries: rangeIn(tokens),
      keys: rangeIn(tokens),
    });
  });

/** The engine's window, and a bundle of all its weights. */
async function both(
  each: Case,
): Promise<{ window: AnalysedWindow; readers: Readers; bundle: Bundle }> {
  const { tokens, special, causal } = each;
  const window = new AnalysedWindow(kernel, {
    ...{ tokens, specialTokens: special, values: [] },
    layers: each.layers.map(({ shape, query, key }) => kernel.store(shape, query, key)),
  });
  const readers = new Readers(kernel, () => assert.fail('asked for norms'));
  const values = new Float32Array(LAYERS * HEADS * tokens * tokens);
  for (let at = 0; at < LAYERS * HEADS; at++) {
    const head = { layer: Math.floor(at / HEADS), head: at % HEADS, reading: 'raw' } as const;
    const all: [number, number] = [0, tokens];
    const region = { queries: all, keys: all, rows: tokens, columns: tokens, pool: 'max' } as const;
    values.set(await readers.region(window, { ...head, ...region }, breathe), at * tokens * tokens);
  }
  const written: Token[] = Array.from({ length: tokens }, (_, at) => ({
    ...{ id: at, text: `t${at}` },
    range: special.includes(at)
      ? null
      : { start: { line: 0, character: at }, end: { line: 0, character: at + 1 } },
  }));
  const windows = each.window === undefined ? undefined : Array(LAYERS).fill(each.window);
  const bundle = await opened({
    text: 'x'.repeat(tokens),
    tokens: written,
    words: each.words,
    statistics: null,
    arrays: { weights: { shape: [LAYERS, HEADS, tokens, tokens], values } },
    manifest: {
      ...MANIFEST,
      window: {
        ...{ index: 0, count: 1, tokens },
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: tokens } },
      },
      model: { ...MANIFEST.model, layers: LAYERS, heads: HEADS, causal, windows },
      view: { saved: {}, chosen: null },
    },
  });
  return { window, readers, bundle };
}

/** A received weight this near the threshold may fall on either side of it by rounding. */
function isUnclear(window: AnalysedWindow, { asked }: Case): boolean {
  const heads = Array.from({ length: HEADS }, (_, at) => at).filter(
    (at) => asked.heads?.includes(at) ?? (asked.head === null || asked.head === at),
  );
  const layers = asked.layer === null ? [0, 1] : [asked.layer];
  const all = layers.flatMap((layer) => heads.map((head) => window.received(layer, head)));
  return [...all[0]!].some((_, key) => {
    const mean = all.reduce((sum, received) => sum + received[key]!, 0) / all.length;
    return Math.abs(mean - SINK_THRESHOLD) < 1e-5;
  });
}

function assertClose(actual: Float32Array, expected: Float32Array): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, at) =>
    assert.ok(
      Math.abs(value - expected[at]!) <= TOLERANCE,
      `${at}: ${value} instead of ${expected[at]}`,
    ),
  );
}

describe('What a bundle answers', () => {
  it('is what the engine answers: rows, columns and regions', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(cases, async (each) => {
        const { window, readers, bundle } = await both(each);
        try {
          fc.pre(!isUnclear(window, each));
          const { asked, token, words } = each;
          const stored = new StoredReaders(bundle);
          const groups = asked.merge === 'words' ? Int32Array.from(words) : undefined;
          const units = groups ? groups.at(-1)! + 1 : each.tokens;
          const [first, end] = groups
            ? [words.indexOf(words[token]!), words.lastIndexOf(words[token]!) + 1]
            : [token, token + 1];
          const of = { ...asked, groups, token: first, end };
          const reads = stored.row(asked, token, 'reads');
          const expected = readers.row(window, of);
          assertClose(reads.weights, expected.weights);
          const sinks = expected.sink!.tokens;
          const expectedSinks = groups ? [...new Set(sinks.map((at) => words[at]!))] : sinks;
          assert.deepEqual(reads.sink?.tokens, expectedSinks);
          assert.ok(Math.abs(reads.sink.share - expected.sink!.share) < TOLERANCE);
          const readBy = stored.row(asked, token, 'readBy');
          assertClose(readBy.weights, readers.column(window, of).weights);
          const within = ([from, to]: [number, number]): [number, number] =>
            groups ? [0, units] : [from, to];
          const [queries, keys] = [within(each.queries), within(each.keys)];
          const region = {
            ...{ queries, keys },
            rows: 1 + (each.seed % (queries[1] - queries[0])),
            columns: 1 + (each.seed % (keys[1] - keys[0])),
            pool: each.seed % 3 === 0 ? ('mean' as const) : ('max' as const),
          };
          assertClose(
            await stored.region(asked, region),
            await readers.region(window, { ...asked, groups, ...region }, breathe),
          );
        } finally {
          window.release();
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is what the engine answers: the overview', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (each) => {
        const { window, readers, bundle } = await both(each);
        try {
          const size = 1 + (each.seed % each.tokens);
          const stored = await new StoredReaders(bundle).overview('raw', size);
          const expected = await readers.overview(window, { reading: 'raw', size }, breathe);
          assertClose(stored.scales, expected.scales);
          stored.thumbnails.forEach((byte, at) =>
            assert.ok(Math.abs(byte - expected.thumbnails[at]!) <= 1),
          );
        } finally {
          window.release();
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('A bundle that holds a part of the heads', () => {
  const N = MANIFEST.window.tokens;
  const all = { queries: [0, N], keys: [0, N], rows: N, columns: N, pool: 'max' } as const;
  const region = { ...all, queries: [...all.queries], keys: [...all.keys] } as {
    queries: [number, number];
    keys: [number, number];
    rows: number;
    columns: number;
    pool: 'max';
  };
  const head = { ...INITIAL_SELECTION, layer: 1, head: 2 };

  it('answers for them alone', async () => {
    const values = someWeights(1, N);
    const bundle = await opened({
      manifest: { ...MANIFEST, heads: [[1, 2]], selection: head },
      arrays: { weights: { shape: [1, N, N], values } },
    });
    const readers = new StoredReaders(bundle);
    assert.deepEqual(await readers.region(head, region), values);
    for (const [asked, what] of [
      [{ ...head, head: 1 }, 'heads'],
      [INITIAL_SELECTION, 'heads'],
      [{ ...head, reading: 'valueWeighted' }, 'reading'],
      [{ ...INITIAL_SELECTION, reading: 'rollout' }, 'reading'],
    ] as const)
      await assert.rejects(readers.region(asked, region), (error) => {
        assert.ok(error instanceof NotStored);
        assert.equal(error.what, what);
        return true;
      });
  });

  it('answers for what was selected where that is all there is', async () => {
    const values = someWeights(1, N);
    const selection = { ...INITIAL_SELECTION, aggregate: 'max' } as const;
    const thumbnails = new Uint8Array(6 * 4).fill(7);
    const bundle = await opened({
      manifest: { ...MANIFEST, heads: [], selection },
      arrays: {
        shown: { shape: [N, N], values },
        thumbnails: { shape: [2, 3, 2, 2], values: thumbnails },
        scales: { shape: [2, 3], values: new Float32Array(6).fill(0.5) },
      },
    });
    const readers = new StoredReaders(bundle);
    assert.deepEqual(await readers.region(selection, region), values);
    assert.equal(readers.row(selection, 1, 'reads').sink, null);
    assert.deepEqual((await readers.overview('raw', 64)).thumbnails, thumbnails);
    await assert.rejects(readers.region({ ...selection, merge: 'words' }, region), NotStored);
    await assert.rejects(readers.overview('withoutSink', 64), NotStored);
  });

  it('counts what a learned score takes as the sink’s, and scales over the keys alone without it', async () => {
    const whole = someWeights(6, N);
    const values = whole.map((weight) => weight * 0.9);
    const bundle = await opened({ arrays: { weights: { shape: [2, 3, N, N], values } } });
    const readers = new StoredReaders(bundle);
    assert.deepEqual(await readers.region(head, region), values.slice(5 * N * N));
    const raw = readers.row(head, 1, 'reads');
    const taken = raw.sink!.tokens.reduce((sum, token) => sum + raw.weights[token]!, 0.1);
    assert.ok(Math.abs(raw.sink!.share - taken) < 1e-6, `${raw.sink!.share} ${taken}`);
    const asked = { ...head, reading: 'withoutSink' } as const;
    const undrained = await opened({ arrays: { weights: { shape: [2, 3, N, N], values: whole } } });
    assertClose(
      await readers.region(asked, region),
      await new StoredReaders(undrained).region(asked, region),
    );
  });

  it('does not take rounding for what a sink leaves', async () => {
    const weights = someWeights(6, N);
    // [CLS] takes all but a hundred-thousandth of every row.
    weights.forEach((weight, at) => {
      const row = Math.floor(at / N) * N;
      if (at > row) weights[at] = 1e-5 * weight;
    });
    for (let row = 0; row < weights.length; row += N)
      weights[row] = 1 - weights.subarray(row + 1, row + N).reduce((sum, each) => sum + each, 0);
    const shape = [2, 3, N, N];
    const asked = { ...head, reading: 'withoutSink' } as const;
    const halves = await opened({ arrays: { weights: { shape, values: toFloat16Bits(weights) } } });
    await assert.rejects(new StoredReaders(halves).region(asked, region), NotStored);
    const floats = await opened({ arrays: { weights: { shape, values: weights } } });
    const found = await new StoredReaders(floats).region(asked, region);
    const sum = found.reduce((total, weight) => total + weight, 0);
    assert.ok(Math.abs(sum - N) < 1e-5, String(sum));
  });

  it('answers value-weighted and rolled out where it was saved so', async () => {
    const { arrays } = content();
    const [weighted, rolled] = [someWeights(6, N, 5), someWeights(2, N, 9)];
    const bundle = await opened({
      arrays: {
        ...arrays,
        valueWeighted: { shape: [2, 3, N, N], values: weighted },
        rollout: { shape: [2, N, N], values: rolled },
      },
    });
    const readers = new StoredReaders(bundle);
    const valueWeighted = { ...head, reading: 'valueWeighted' } as const;
    assert.deepEqual(await readers.region(valueWeighted, region), weighted.slice(5 * N * N));
    for (const layer of [null, 1, 0]) {
      const rollout = { ...INITIAL_SELECTION, layer, reading: 'rollout' } as const;
      const from = (layer ?? 1) * N * N;
      assert.deepEqual(await readers.region(rollout, region), rolled.slice(from, from + N * N));
    }
  });
});
