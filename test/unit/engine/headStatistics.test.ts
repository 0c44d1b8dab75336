/** Statistics of heads against their definitions, from whole maps in float64. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HEAD_STATISTICS, headStatistics } from '../../../server/engine/headStatistics';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { inOrder } from '../../../server/engine/layerShape';
import { SINK_THRESHOLD } from '../../../server/engine/sink';
import { AnalysedWindow } from '../../../server/engine/window';
import { layers, sees, weightsOf } from './layers';
import type { HeadStatistic } from '../../../server/engine/headStatistics';
import type { StatisticsAnswer, TextStructure } from '../../../server/engine/protocol';
import type { Layer } from './layers';

const kernel = simdKernel();
const TOLERANCE = 1e-4;
const breathe = () => Promise.resolve();

const texts = layers.chain((layer) => {
  const { tokens } = layer.shape;
  return fc.record({
    layer: fc.constant(layer),
    // Few different ids, so that tokens come again.
    ids: fc.array(fc.nat(5), { minLength: tokens, maxLength: tokens }),
    specialTokens: fc.uniqueArray(fc.nat(tokens - 1), { maxLength: 2 }),
    queries: fc
      .tuple(fc.nat(tokens), fc.nat(tokens))
      .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
    structure: structures(tokens),
  });
});

/** Identifiers of up to three pieces, any pairs of tokens as brackets, any tokens as line breaks. */
function structures(tokens: number): fc.Arbitrary<TextStructure> {
  const token = fc.nat(tokens - 1);
  return fc
    .record({
      runs: fc.array(fc.record({ name: fc.integer({ min: -1, max: 2 }), pieces: fc.nat(2) }), {
        minLength: tokens,
        maxLength: tokens,
      }),
      brackets: fc.array(fc.tuple(token, token), { maxLength: 6 }),
      lineBreaks: fc.uniqueArray(token, { maxLength: 4 }),
    })
    .map(({ runs, brackets, lineBreaks }) => {
      const pieces = runs
        .flatMap(({ name, pieces }, run) =>
          Array.from({ length: pieces + 1 }, () => ({ name, run: name < 0 ? -1 : run })),
        )
        .slice(0, tokens);
      return {
        identifiers: Int32Array.from(pieces, ({ name }) => name),
        occurrences: Int32Array.from(pieces, ({ run }) => run),
        brackets: Int32Array.from(brackets.flat()),
        lineBreaks: Int32Array.from(lineBreaks).sort(),
      };
    });
}

interface Text {
  layer: Layer;
  ids: number[];
  specialTokens: number[];
  queries: [start: number, end: number];
  structure: TextStructure;
}

async function found({
  layer,
  ids,
  specialTokens,
  queries,
  structure,
}: Text): Promise<StatisticsAnswer> {
  const { tokens } = layer.shape;
  const window = new AnalysedWindow(kernel, {
    tokens,
    specialTokens: [...specialTokens].sort((a, b) => a - b),
    layers: [kernel.store(layer.shape, layer.query, layer.key)],
    values: [],
    inputs: { ids: Int32Array.from(ids), placement: inOrder(tokens) },
  });
  try {
    return await headStatistics(kernel, window, { queries, structure }, breathe);
  } finally {
    window.release();
  }
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

/** A sink that is so by a hair may be none by rounding. */
function isUnclear({ layer }: Text, map: number[][]): boolean {
  return map.some((_, key) => Math.abs(received(layer, map, key) - SINK_THRESHOLD) < 1e-5);
}

function received(layer: Layer, map: number[][], key: number): number {
  return mean(map.filter((_, query) => sees(layer, query, key)).map((row) => row[key]!));
}

/** One head's statistics by their definitions. */
function byDefinition(text: Text, map: number[][]) {
  const { layer, ids, specialTokens, structure } = text;
  const { tokens } = layer.shape;
  const all = ids.map((_, at) => at);
  const own = all.filter((token) => !specialTokens.includes(token));
  const [start, end] = text.queries;
  const queries = (own.length > 0 ? own : all).filter((token) => token >= start && token < end);
  const sinks = all.filter(
    (key) => specialTokens.includes(key) || (key < 4 && received(layer, map, key) > SINK_THRESHOLD),
  );
  const on = (query: number, keys: number[]) => sum(keys.map((key) => map[query]![key]!));
  const seen = (query: number) => all.filter((key) => sees(layer, query, key));
  const duplicates = (query: number) =>
    seen(query).filter((key) => key !== query && ids[key] === ids[query]);
  const successors = (query: number) =>
    seen(query).filter((key) => key > 0 && key < query && ids[key - 1] === ids[query]);
  const { identifiers, occurrences, brackets, lineBreaks } = structure;
  const same = (query: number) =>
    seen(query).filter(
      (key) =>
        identifiers[query]! >= 0 &&
        identifiers[key] === identifiers[query] &&
        occurrences[key] !== occurrences[query],
    );
  const pairs = Array.from({ length: brackets.length / 2 }, (_, pair) => [
    brackets[2 * pair]!,
    brackets[2 * pair + 1]!,
  ]);
  const partners = (query: number) =>
    seen(query).filter(
      (key) => key !== query && pairs.some((pair) => pair.includes(key) && pair.includes(query)),
    );
  const lines = (query: number) => seen(query).filter((key) => lineBreaks.includes(key));
  const overThose = (keys: (query: number) => number[]) =>
    mean(queries.filter((q) => keys(q).length > 0).map((query) => on(query, keys(query))));
  const distances = queries.flatMap((query) =>
    all.map((key) => ({ weight: map[query]![key]!, apart: Math.abs(query - key) })),
  );
  const distance = sum(distances.map(({ weight, apart }) => weight * apart)) / queries.length;
  const squared = sum(distances.map(({ weight, apart }) => weight * apart ** 2)) / queries.length;
  const expected: { [statistic in HeadStatistic]: number } = {
    entropy: mean(queries.map((q) => sum(map[q]!.map((w) => (w > 0 ? -w * Math.log2(w) : 0))))),
    // A learned sink takes what the keys leave.
    sinkShare: mean(queries.map((query) => on(query, sinks) + 1 - sum(map[query]!))),
    self: mean(queries.map((query) => map[query]![query]!)),
    previousToken: mean(queries.filter((q) => q > 0).map((query) => map[query]![query - 1]!)),
    nextToken: mean(queries.filter((q) => q < tokens - 1).map((query) => map[query]![query + 1]!)),
    meanDistance: distance,
    // Rounding may take a vanishing variance below 0.
    distanceSpread: Math.sqrt(Math.max(0, squared - distance ** 2)),
    duplicateToken: overThose(duplicates),
    sameIdentifier: overThose(same),
    matchingBracket: overThose(partners),
    newline: overThose(lines),
    induction: mean(
      queries
        .filter((query) => successors(query).length > 0)
        .map((query) => {
          const keys = successors(query);
          return on(query, keys) - keys.length / seen(query).length;
        }),
    ),
  };
  return expected;
}

function assertStatistic(name: HeadStatistic, actual: number, wanted: number): void {
  if (Number.isNaN(wanted)) {
    assert.ok(Number.isNaN(actual), `${name} is ${actual} although no query has it`);
    return;
  }
  // A root makes any error of a vanishing variance large; the variance itself is as exact as the rest.
  const power = name === 'distanceSpread' ? 2 : 1;
  const off = Math.abs(actual ** power - wanted ** power);
  const allowed = TOLERANCE * Math.max(1, Math.abs(wanted ** power));
  assert.ok(off <= allowed, `${name} is ${actual} instead of ${wanted}`);
}

/** What even attention is measured by: keys that the order of the text allows. */
function withoutWindow(text: Text): Text {
  const { layer } = text;
  return { ...text, layer: { ...layer, shape: { ...layer.shape, window: undefined } } };
}

function evenMap({ layer: { shape } }: Text): number[][] {
  const { tokens, causal } = shape;
  return Array.from({ length: tokens }, (_, query) =>
    Array.from({ length: tokens }, (_, key) => {
      const seen = causal ? query + 1 : tokens;
      return key < seen ? 1 / seen : 0;
    }),
  );
}

describe('head statistics', () => {
  it('are what their definitions give on the whole map', () =>
    fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const maps = weightsOf(text.layer);
        fc.pre(!maps.some((map) => isUnclear(text, map)));
        const { statistics, even } = await found(text);
        for (const [head, map] of maps.entries()) {
          const expected = byDefinition(text, map);
          for (const name of HEAD_STATISTICS) {
            assertStatistic(name, statistics[name]![head]!, expected[name]);
          }
        }
        const spread = byDefinition(withoutWindow(text), evenMap(text));
        for (const name of HEAD_STATISTICS.filter((name) => name !== 'sinkShare')) {
          assertStatistic(name, even[name]!, spread[name]);
        }
      }),
    ));

  it('know an induction head from one that looks at random', async () => {
    const ids = [1, 2, 3, 4, 1, 2, 3, 4];
    const tokens = ids.length;
    const headSize = 8;
    // Each key is the mark of what came before it, each query looks for its own mark.
    const marks = (shift: number) =>
      Float32Array.from({ length: tokens * headSize }, (_, cell) => {
        const token = Math.floor(cell / headSize) - shift;
        return token >= 0 && ids[token] === cell % headSize ? 4 : 0;
      });
    const sizes = { heads: 1, keyValueHeads: 1, tokens, headSize, causal: true };
    const text = (scale: number): Text => ({
      layer: { shape: { ...sizes, scale }, query: marks(0), key: marks(1) },
      ids,
      specialTokens: [],
      queries: [0, tokens],
      structure: {
        identifiers: Int32Array.from(ids),
        occurrences: Int32Array.from(ids.keys()),
        brackets: new Int32Array(0),
        lineBreaks: new Int32Array(0),
      },
    });
    const sharp = await found(text(1));
    assert.ok(sharp.statistics.induction![0]! > 0.8, String(sharp.statistics.induction));
    const blind = await found(text(0));
    assert.ok(Math.abs(blind.statistics.induction![0]!) < 1e-6);
    const bits = mean(ids.map((_, at) => Math.log2(at + 1)));
    assert.ok(Math.abs(blind.statistics.entropy![0]! - bits) < 1e-5);
    assert.equal(blind.counted.induction, 4);
    assert.equal(blind.counted.entropy, tokens);
    assert.equal(blind.counted.matchingBracket, 0);
    assert.ok(Number.isNaN(blind.even.matchingBracket));
  });
});
