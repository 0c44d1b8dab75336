import assert from 'node:assert/strict';
import fc from 'fast-check';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { cellStart } from '../../../server/engine/kernel/kernel';
import { Readers } from '../../../server/engine/readers';
import { SINK_THRESHOLD } from '../../../server/engine/sink';
import { AnalysedWindow } from '../../../server/engine/window';
import { randomFloats, randomLayer, rangeIn, weightsOf } from './layers';
import type { Layer } from './layers';

const kernel = simdKernel();
/** None of these readings looks at values. */
const noNorms = (): never => assert.fail('asked for norms');
const HEADS = 3;
const LAYERS = 2;
const TOLERANCE = 2e-6;
const breathe = () => Promise.resolve();

interface Case {
  layers: Layer[];
  tokens: number;
  causal: boolean;
  /** Whether heads have sinks beside their keys. */
  learned: boolean;
  specialTokens: readonly number[];
  layer: number | null;
  head: number | null;
  heads: number[] | null;
  aggregate: 'mean' | 'max';
  /** [token] → group */
  groups: number[];
  token: number;
  reading: 'raw' | 'withoutSink';
  queries: [number, number];
  keys: [number, number];
  seed: number;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    tokens: fc.integer({ min: 1, max: 24 }),
    causal: fc.boolean(),
    learned: fc.boolean(),
    seed: fc.nat(),
  })
  .chain(({ tokens, causal, learned, seed }) =>
    fc.record({
      layers: fc.constant(
        Array.from({ length: LAYERS }, (_, at) =>
          biasedLayer(tokens, causal, learned, seed + 100 * at),
        ),
      ),
      learned: fc.constant(learned),
      tokens: fc.constant(tokens),
      causal: fc.constant(causal),
      specialTokens: fc.constantFrom([], [tokens - 1], [...new Set([0, tokens - 1])]),
      layer: fc.constantFrom(null, 0, 1),
      which: fc.oneof(
        fc.record({ head: fc.constantFrom(null, 0, 1, 2), heads: fc.constant(null) }),
        fc.record({ head: fc.constant(null), heads: fc.constantFrom<number[]>([1], [2, 0]) }),
      ),
      aggregate: fc.constantFrom('mean' as const, 'max' as const),
      groups: groupsOf(tokens),
      token: fc.nat(tokens - 1),
      reading: fc.constantFrom('raw' as const, 'withoutSink' as const),
      queries: rangeIn(tokens),
      keys: rangeIn(tokens),
      seed: fc.constant(seed),
    }),
  )
  .map(({ which, ...each }) => ({ ...each, ...which }));

/** Numbers of groups in the order of the tokens. */
function groupsOf(tokens: number): fc.Arbitrary<number[]> {
  const steps = fc.array(fc.boolean(), { minLength: tokens - 1, maxLength: tokens - 1 });
  return steps.map((begins) => {
    let group = 0;
    return [0, ...begins.map((begin) => (begin ? ++group : group))];
  });
}

/** Some of the first tokens draw much weight, as sinks do. */
function biasedLayer(tokens: number, causal: boolean, learned: boolean, seed: number): Layer {
  const sinks = learned ? { sinks: randomFloats(HEADS, seed + 5).map((x) => 2 * x) } : {};
  const sizes = { heads: HEADS, keyValueHeads: HEADS, tokens, headSize: 4 };
  const shape = { ...sizes, scale: 1, causal, ...sinks };
  const layer = randomLayer(shape, seed);
  layer.query.forEach((_, at) => {
    if (at % 4 === 0) layer.query[at] = 2;
  });
  const pulls = randomFloats(4, seed + 9);
  for (let head = 0; head < HEADS; head++) {
    for (let token = 0; token < Math.min(4, tokens); token++) {
      layer.key[(head * tokens + token) * 4] = 3 * pulls[token]!;
    }
  }
  return layer;
}

/** The meanings of the protocol, computed the long way from whole maps. */
function reference({ layers, tokens, causal, learned, specialTokens, reading, ...which }: Case) {
  const { layer, head, heads, aggregate } = which;
  const chosen = (at: number) => heads?.includes(at) ?? (head === null || at === head);
  const raw = layers
    .filter((_, at) => layer === null || at === layer)
    .flatMap((each) => weightsOf(each).filter((_, at) => chosen(at)));
  const mean = (maps: number[][][], q: number, k: number) =>
    maps.reduce((sum, map) => sum + map[q]![k]!, 0) / maps.length;
  const all = Array.from({ length: tokens }, (_, at) => at);
  const received = all.slice(0, 4).map((key) => {
    const seen = all.filter((query) => !causal || query >= key);
    return seen.reduce((sum, query) => sum + mean(raw, query, key), 0) / seen.length;
  });
  const sinks = all.filter((at) => specialTokens.includes(at) || received[at]! > SINK_THRESHOLD);
  const read = reading === 'raw' ? raw : raw.map((map) => map.map((row) => without(row, sinks)));
  const asOne = (values: number[]) =>
    aggregate === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b, 0) / values.length;
  return {
    sinks,
    /** A received weight this near the threshold may fall on either side of it by rounding. */
    unclear: received.some((weight) => Math.abs(weight - SINK_THRESHOLD) < 1e-5),
    share: (query: number) =>
      asOne(
        raw.map((map) => {
          const left = learned ? map[query]!.reduce((rest, weight) => rest - weight, 1) : 0;
          return sinks.reduce((sum, key) => sum + map[query]![key]!, left);
        }),
      ),
    weight: (query: number, key: number) => asOne(read.map((map) => map[query]![key]!)),
    /** Of groups given by their tokens. */
    merged: (queries: number[], keys: number[]) =>
      asOne(
        read.map((map) => {
          const sums = queries.map((query) =>
            keys.reduce((sum, key) => sum + map[query]![key]!, 0),
          );
          return sums.reduce((a, b) => a + b, 0) / queries.length;
        }),
      ),
  };
}

function without(row: number[], sinks: number[]): number[] {
  const left = row.map((weight, key) => (sinks.includes(key) ? 0 : weight));
  const sum = left.reduce((a, b) => a + b, 0);
  return sum === 0 ? left : left.map((weight) => weight / sum);
}

function open({ layers, tokens, specialTokens }: Case) {
  const stored = layers.map(({ shape, query, key }) => kernel.store(shape, query, key));
  const window = new AnalysedWindow(kernel, {
    tokens,
    specialTokens,
    layers: stored,
    values: [],
  });
  return { window, readers: new Readers(kernel, noNorms) };
}

function assertNear(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= TOLERANCE, `${what}: ${actual} instead of ${expected}`);
}

/** Checks one property of random windows against the reference. */
async function check(
  verify: (
    each: Case,
    opened: ReturnType<typeof open>,
    expected: ReturnType<typeof reference>,
  ) => Promise<void> | void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(cases, async (each) => {
      const expected = reference(each);
      fc.pre(!expected.unclear);
      const opened = open(each);
      try {
        await verify(each, opened, expected);
      } finally {
        opened.window.release();
      }
    }),
  );
}

describe('readings', () => {
  it('row: the heads’ rows as one, with its sink and the sink’s raw share', () =>
    check((each, { window, readers }, expected) => {
      const { weights, sink } = readers.row(window, { ...each, groups: undefined });
      weights.forEach((weight, key) =>
        assertNear(weight, expected.weight(each.token, key), `weight ${key}`),
      );
      assert.deepEqual(sink!.tokens, expected.sinks);
      assertNear(sink!.share, expected.share(each.token), 'share');
    }));

  it('row: sums to 1, or is all zeros when nothing but the sink is left', () =>
    check((each, { window, readers }) => {
      const one = { ...each, layer: 0, head: 0, heads: null };
      const { weights } = readers.row(window, { ...one, groups: Int32Array.from(each.groups) });
      const sum = weights.reduce((a, b) => a + b, 0);
      if (each.reading === 'raw' && each.learned) assert.ok(sum > 0 && sum < 1 + TOLERANCE);
      else if (each.reading === 'raw') assertNear(sum, 1, 'sum');
      else assert.ok(Math.abs(sum - 1) < TOLERANCE || weights.every((weight) => weight === 0));
    }));

  it('column: as it stands in the map, without a sink', () =>
    check((each, { window, readers }, expected) => {
      const { weights, sink } = readers.column(window, { ...each, groups: undefined });
      assert.equal(sink, null);
      weights.forEach((weight, query) =>
        assertNear(weight, expected.weight(query, each.token), `weight ${query}`),
      );
    }));

  it('region: a slice of the map when nothing is pooled', () =>
    check(async (each, { window, readers }, expected) => {
      const [rows, columns] = [each.queries[1] - each.queries[0], each.keys[1] - each.keys[0]];
      for (const pool of ['max', 'mean'] as const) {
        const params = { ...each, groups: undefined, rows, columns, pool };
        const values = await readers.region(window, params, breathe);
        values.forEach((value, at) => {
          const query = each.queries[0] + Math.floor(at / columns);
          const key = each.keys[0] + (at % columns);
          assertNear(value, expected.weight(query, key), `cell ${query}/${key}`);
        });
      }
    }));

  it('region: the largest or the mean of each cell when pooled', () =>
    check(async (each, { window, readers }, expected) => {
      const [height, width] = [each.queries[1] - each.queries[0], each.keys[1] - each.keys[0]];
      const rows = 1 + (each.seed % height);
      const columns = 1 + (Math.floor(each.seed / 64) % width);
      const size = { rows, columns, groups: undefined };
      const largest = await readers.region(window, { ...each, ...size, pool: 'max' }, breathe);
      const mean = await readers.region(window, { ...each, ...size, pool: 'mean' }, breathe);
      largest.forEach((_, at) => {
        const cell: number[] = [];
        const [row, column] = [Math.floor(at / columns), at % columns];
        for (let q = cellStart(row, rows, height); q < cellStart(row + 1, rows, height); q++) {
          const end = cellStart(column + 1, columns, width);
          for (let k = cellStart(column, columns, width); k < end; k++) {
            cell.push(expected.weight(each.queries[0] + q, each.keys[0] + k));
          }
        }
        assertNear(largest[at]!, Math.max(...cell), `largest of cell ${at}`);
        assertNear(mean[at]!, cell.reduce((a, b) => a + b, 0) / cell.length, `mean of cell ${at}`);
      });
    }));

  it('groups: keys are summed and queries averaged in each head before anything else', () =>
    check(async (each, { window, readers }, expected) => {
      const groups = Int32Array.from(each.groups);
      const count = groups.at(-1)! + 1;
      const members = Array.from({ length: count }, (_, group) =>
        each.groups.flatMap((of, token) => (of === group ? [token] : [])),
      );
      const rows = 1 + (each.seed % count);
      const values = await readers.region(
        window,
        {
          ...each,
          groups,
          queries: [0, count],
          keys: [0, count],
          rows,
          columns: count,
          pool: 'max',
        },
        breathe,
      );
      values.forEach((value, at) => {
        const [row, key] = [Math.floor(at / count), at % count];
        const cell = [];
        for (let q = cellStart(row, rows, count); q < cellStart(row + 1, rows, count); q++)
          cell.push(expected.merged(members[q]!, members[key]!));
        assertNear(value, Math.max(...cell), `cell ${row}/${key}`);
      });
      const asked = each.seed % count;
      const tokens = members[asked]!;
      const of = { ...each, groups, token: tokens[0]!, end: tokens.at(-1)! + 1 };
      readers.row(window, of).weights.forEach((weight, key) => {
        assertNear(weight, expected.merged(tokens, members[key]!), `reads ${key}`);
      });
      readers.column(window, of).weights.forEach((weight, query) => {
        assertNear(weight, expected.merged(members[query]!, tokens), `read by ${query}`);
      });
    }));

  it('overview: every head’s pooled map in bytes of its own scale', () =>
    check(async (each, { window, readers }) => {
      const size = 1 + (each.seed % each.tokens);
      const { thumbnails, scales } = await readers.overview(
        window,
        { reading: each.reading, size },
        breathe,
      );
      assert.equal(thumbnails.length, LAYERS * HEADS * size * size);
      for (const [at, scale] of scales.entries()) {
        const [layer, head] = [Math.floor(at / HEADS), at % HEADS];
        const expected = reference({ ...each, layer, head, heads: null });
        if (expected.unclear) continue;
        let top = 0;
        for (let q = 0; q < each.tokens; q++) {
          for (let k = 0; k < each.tokens; k++) top = Math.max(top, expected.weight(q, k));
        }
        assertNear(scale, top, `scale of head ${layer}/${head}`);
        const bytes = thumbnails.subarray(at * size * size, (at + 1) * size * size);
        assert.equal(Math.max(...bytes), top === 0 ? 0 : 255);
        const whole = { queries: [0, each.tokens], keys: [0, each.tokens] } as const;
        const one = { ...each, layer, head, heads: null, groups: undefined };
        const params = { ...one, rows: size, columns: size };
        const pooled = await readers.region(
          window,
          { ...params, queries: [...whole.queries], keys: [...whole.keys], pool: 'max' },
          breathe,
        );
        // A value half-way between two bytes may be rounded to either.
        bytes.forEach((byte, cell) => {
          const exact = scale === 0 ? 0 : (255 * pooled[cell]!) / scale;
          assert.ok(Math.abs(byte - exact) <= 0.5 + 1e-3, `${byte} for ${exact}`);
        });
      }
    }));

  it('a token that draws much weight counts as sink in its own selection only', () => {
    const shape = {
      heads: HEADS,
      keyValueHeads: HEADS,
      tokens: 12,
      headSize: 4,
      scale: 1,
      causal: false,
    };
    const layer = randomLayer(shape, 1);
    layer.query.fill(1);
    layer.key.fill(0);
    // Head 1 reads token 2 with nearly everything it has.
    layer.key.fill(3, (12 + 2) * 4, (12 + 3) * 4);
    const stored = kernel.store(shape, layer.query, layer.key);
    const window = new AnalysedWindow(kernel, {
      tokens: 12,
      specialTokens: [0],
      layers: [stored],
      values: [],
    });
    const sinkOf = (head: number | null) =>
      new Readers(kernel, noNorms).row(window, { layer: 0, head, reading: 'raw', token: 5 }).sink!
        .tokens;
    assert.deepEqual(sinkOf(0), [0]);
    assert.deepEqual(sinkOf(1), [0, 2]);
    assert.deepEqual(sinkOf(null), [0, 2]);
    window.release();
  });

  it('stops with unknownWindow when the window is let go in the middle', async () => {
    const layer = biasedLayer(20, false, false, 4);
    const stored = kernel.store(layer.shape, layer.query, layer.key);
    const window = new AnalysedWindow(kernel, {
      tokens: 20,
      specialTokens: [],
      layers: [stored],
      values: [],
    });
    const letGo = () => {
      window.release();
      return Promise.resolve();
    };
    const overview = new Readers(kernel, noNorms).overview(
      window,
      { reading: 'raw', size: 4 },
      letGo,
    );
    await assert.rejects(overview, { reason: 'unknownWindow' });
  });
});
