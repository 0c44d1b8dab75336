import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  Band,
  bandShape,
  grainOf,
  widthOf,
  windowBlocks,
  type BandWindow,
} from '../../../server/analysis/band';
import { Lens } from '../../../server/analysis/lens';
import { decodeBytes, decodeNumbers } from '../../../server/analysis/numbers';
import { WindowPlan } from '../../../server/analysis/windows';
import { FakeEngine, fakeHost, fakeReady } from './fakes';

const wanted = { signal: new AbortController().signal };

/** [query, key] of a window, template included; rows sum to 1. */
type Weights = number[][];

function windowsOf(tokens: number, capacity: number): BandWindow[] {
  const plan = new WindowPlan(capacity);
  plan.extend(
    Int32Array.from({ length: tokens }, (_, at) => (at * at * 31) % 97),
    true,
  );
  const count = plan.count ?? 0;
  return Array.from({ length: count }, (_, index) => {
    const bounds = plan.bounds(index);
    const from = index === 0 ? 0 : plan.border(index - 1);
    const to = index === count - 1 ? bounds[1] : plan.border(index);
    return { bounds, owned: [from, to], before: 1, after: 1 };
  });
}

function randomWeights(tokens: number, seed: number): Weights {
  return Array.from({ length: tokens }, (_, query) => {
    const row = Array.from(
      { length: tokens },
      (_unused, key) => 1 + ((query * 7 + key * 13 + seed) % 11),
    );
    const sum = row.reduce((total, weight) => total + weight, 0);
    return row.map((weight) => weight / sum);
  });
}

/** As the engine answers a region of groups. */
function regionOf(
  weights: Weights,
  { groups, spans, queries }: ReturnType<typeof windowBlocks>,
): Float32Array {
  const region = new Float32Array((queries[1] - queries[0]) * spans.length);
  groups.forEach((query, token) => {
    if (query < queries[0] || query >= queries[1]) return;
    const [start, end] = spans[query]!;
    groups.forEach((key, other) => {
      const at = (query - queries[0]) * spans.length + key;
      region[at] = (region[at] ?? 0) + (weights[token]?.[other] ?? 0) / (end - start);
    });
  });
  return region;
}

/** [token of the document] → the first and the last of those it is told together with. */
function blockOf(
  token: number,
  { bounds, owned }: BandWindow,
  grain: number,
): [first: number, end: number] {
  const edges = [bounds[0], owned[0], owned[1], bounds[1]];
  const from = edges.findLast((edge) => edge <= token) ?? 0;
  const to = edges.find((edge) => edge > token) ?? bounds[1];
  const first = from + grain * Math.floor((token - from) / grain);
  return [first, Math.min(first + grain, to)];
}

/** What a token pays to another, as far as blocks tell it apart: the mean over the pairs of both blocks. */
function blockWeight(
  weights: Weights,
  window: BandWindow,
  [query, key]: readonly [number, number],
  grain: number,
): number {
  const [firstQuery, endQuery] = blockOf(query, window, grain);
  const [firstKey, endKey] = blockOf(key, window, grain);
  let [sum, pairs] = [0, 0];
  for (let one = firstQuery; one < endQuery; one++)
    for (let other = firstKey; other < endKey; other++) {
      sum += weights[one - window.bounds[0] + 1]?.[other - window.bounds[0] + 1] ?? 0;
      pairs++;
    }
  return sum / pairs;
}

describe('the map of a document', () => {
  it('is the mean of what the tokens of a cell pay to each cell, each seen by its own window', () => {
    const cases = fc.record({
      tokens: fc.integer({ min: 1, max: 90 }),
      capacity: fc.integer({ min: 3, max: 24 }),
      size: fc.integer({ min: 1, max: 100 }),
      missing: fc.integer({ min: 0, max: 6 }),
      grain: fc.constantFrom(1, 2, 4),
    });
    fc.assert(
      fc.property(cases, ({ tokens, capacity, size, missing, grain }) => {
        const shape = bandShape(tokens, size, capacity);
        const width = widthOf(shape);
        const band = new Band(shape);
        const expected = new Float64Array(shape.size * width);
        const known = new Int32Array(shape.size);
        const all = new Int32Array(shape.size);
        const cellOf = (token: number): number =>
          Array.from({ length: shape.size }, (_, cell) =>
            Math.floor((cell * tokens) / shape.size),
          ).findLastIndex((start) => start <= token);
        windowsOf(tokens, capacity).forEach((window, index) => {
          const total = window.bounds[1] - window.bounds[0] + 2;
          const weights = randomWeights(total, index);
          for (let token = window.owned[0]; token < window.owned[1]; token++) {
            const cell = cellOf(token);
            all[cell] = (all[cell] ?? 0) + 1;
            if (index === missing) continue;
            known[cell] = (known[cell] ?? 0) + 1;
            for (let key = window.bounds[0]; key < window.bounds[1]; key++) {
              const at = cell * width + cellOf(key) - cell + shape.reach;
              expected[at] =
                (expected[at] ?? 0) + blockWeight(weights, window, [token, key], grain);
            }
          }
          if (index === missing) return;
          const blocks = windowBlocks(window, grain);
          band.add(window, blocks, regionOf(weights, blocks));
        });
        band.values().forEach((value, at) => {
          const covered = known[Math.floor(at / width)] ?? 0;
          const mean = covered === 0 ? 0 : (expected[at] ?? 0) / covered;
          assert.ok(Math.abs(value - mean) < 1e-5, `${at}: ${value} is not ${mean}`);
        });
        band.analysed().forEach((share, cell) => {
          const [some = 0, whole] = [known[cell], all[cell]];
          assert.equal(share === 0, some === 0);
          assert.equal(share === 255, some === whole && some > 0);
        });
      }),
    );
  });

  it('is exact where a cell has few tokens, and has several blocks in each cell elsewhere', () => {
    const sizes = fc.record({
      tokens: fc.integer({ min: 0, max: 1_000_000 }),
      size: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(sizes, ({ tokens, size }) => {
        const shape = bandShape(tokens, size, 510);
        const grain = grainOf(shape);
        const cell = tokens / Math.max(1, shape.size);
        assert.ok(grain === 1 || (grain <= cell / 8 && grain > cell / 17), `${grain} of ${cell}`);
        assert.ok(cell >= 16 || grain === 1);
      }),
    );
  });

  it('has what is analysed and draws the rest as absent', async () => {
    const engine = new FakeEngine();
    const lens = new Lens(fakeHost(fakeReady(engine)));
    const text = Array.from({ length: 300 }, (_, index) => `w${index}`).join(' ');
    const textDocument = { uri: 'file:///text' };
    lens.open(textDocument.uri, 3, text);
    await lens.loadModel('bundled', wanted.signal);
    const empty = await lens.documentMap({ textDocument, size: 50 }, wanted);
    assert.deepEqual([empty.version, empty.tokens, empty.size], [3, 300, 50]);
    assert.ok(decodeBytes(empty.analysed).every((share) => share === 0));
    assert.equal(engine.jobs.length, 0, 'nothing is analysed for it');
    await lens.hover(textDocument.uri, { line: 0, character: 0 }, true, wanted);
    const map = await lens.documentMap({ textDocument, size: 50, layer: 1 }, wanted);
    assert.equal(decodeNumbers(map.values).length, map.size * map.width);
    assert.equal(map.width % 2, 1);
    const analysed = [...decodeBytes(map.analysed)];
    assert.ok(analysed[0] === 255 && analysed.at(-1) === 0, analysed.join());
    assert.deepEqual(map.windows.map((window) => window.analysed).filter(Boolean), [true]);
    assert.deepEqual([map.windows[0]?.start, map.windows.at(-1)?.end], [0, 300]);
    await assert.rejects(lens.documentMap({ textDocument, layer: 2 }, wanted), { field: 'layer' });
  });

  it('of a text without tokens is empty', async () => {
    const lens = new Lens(fakeHost(fakeReady(new FakeEngine())));
    const textDocument = { uri: 'file:///text' };
    lens.open(textDocument.uri, 1, ' ');
    await lens.loadModel('bundled', wanted.signal);
    const { tokens, size, width, values, windows } = await lens.documentMap(
      { textDocument },
      wanted,
    );
    assert.deepEqual([tokens, size, width, values], [0, 0, 1, '']);
    assert.deepEqual(windows, [{ start: 0, end: 0, analysed: false, held: false }]);
  });

  it('says what to ask for when it would be too large', async () => {
    const lens = new Lens(fakeHost(fakeReady(new FakeEngine(), 4096)));
    const textDocument = { uri: 'file:///text' };
    lens.open(textDocument.uri, 1, 'word '.repeat(4000));
    await lens.loadModel('bundled', wanted.signal);
    const large = lens.documentMap({ textDocument, size: 2000 }, wanted);
    const { data } = (await large.catch((error: unknown) => error)) as { data: { size: number } };
    assert.ok(data.size > 100 && data.size < 2000);
    assert.equal(
      (await lens.documentMap({ textDocument, size: data.size }, wanted)).size,
      data.size,
    );
    await lens.documentMap({ textDocument }, wanted);
  });
});
