import assert from 'node:assert/strict';
import fc from 'fast-check';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { cellStart, keyCount, MOMENTS } from '../../../server/engine/kernel/kernel';
import { momentsOf } from '../../../server/engine/kernel/moments';
import { PlainKernel } from '../../../server/engine/kernel/plain';
import { layersOfOneOrTwoTexts, randomLayer, rangeIn, sees, weightsOf } from './layers';
import { weightBounds } from './rounding';
import type { HeadView, Kernel, StoredLayer } from '../../../server/engine/kernel/kernel';
import type { Layer } from './layers';

/** A layer with a set of excluded keys and a rectangle with its cells. */
const questions = layersOfOneOrTwoTexts.chain((layer) => {
  const { tokens, heads } = layer.shape;
  const allKeys = keyCount(layer.shape);
  return fc.record({
    layer: fc.constant(layer),
    excluded: fc.uniqueArray(fc.nat(allKeys - 1), { maxLength: 4 }),
    head: fc.nat(heads - 1),
    token: fc.nat(tokens - 1),
    key: fc.nat(allKeys - 1),
    queries: rangeIn(tokens),
    keys: rangeIn(allKeys),
    cells: fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
  });
});
type Question = typeof questions extends fc.Arbitrary<infer Q> ? Q : never;

function cellsOf({ queries, keys, cells }: Question): [rows: number, columns: number] {
  const within = (share: number, length: number) => 1 + Math.floor(share * (length - 1));
  return [within(cells[0], queries[1] - queries[0]), within(cells[1], keys[1] - keys[0])];
}

function allHeads(kernel: Kernel, stored: StoredLayer, excluded: readonly number[]): HeadView[] {
  return Array.from({ length: stored.shape.heads }, (_, head) => ({
    layer: stored,
    head,
    logSumExp: kernel.logSumExp({ layer: stored, head }, excluded),
  }));
}

function withStored<T>(kernel: Kernel, layer: Layer, use: (stored: StoredLayer) => T): T {
  const stored = kernel.store(layer.shape, layer.query, layer.key);
  try {
    return use(stored);
  } finally {
    stored.release();
  }
}

/** `bounds`: how far each number may be off. */
function assertWithin(
  actual: Iterable<number>,
  expected: Iterable<number>,
  bounds: readonly number[],
  what: string,
): void {
  const wanted = [...expected];
  const got = [...actual];
  assert.equal(got.length, wanted.length, `${what}: length`);
  got.forEach((value, at) => {
    assert.ok(
      Math.abs(value - wanted[at]!) <= bounds[at]!,
      `${what}[${at}] is ${value} instead of ${wanted[at]}, off by more than ${bounds[at]}`,
    );
  });
}

/** The weights by definition, and how far float32 may take each of them from there. */
function definition(layer: Layer, excluded: readonly number[] = []) {
  const weights = weightsOf(layer, excluded);
  return { weights, bounds: weightBounds(layer, weights) };
}

type Pick = (head: number[][]) => number[];

const sumOverHeads = (weights: number[][][], pick: Pick): number[] =>
  weights.map(pick).reduce((sum, each) => sum.map((value, at) => value + each[at]!));

/** A sum of heads in float32 rounds once more for each of them. */
const boundOverHeads = (bounds: number[][][], pick: Pick): number[] =>
  sumOverHeads(bounds, pick).map((bound) => bound + bounds.length ** 2 * 2 ** -24);

for (const make of [() => new PlainKernel(), simdKernel]) {
  const kernel: Kernel = make();

  describe(`${kernel.name} kernel`, function () {
    this.timeout(60_000);

    it('gives rows as the definition of attention does', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, queries }) => {
          withStored(kernel, layer, (stored) => {
            const heads = allHeads(kernel, stored, excluded);
            const { weights, bounds } = definition(layer, excluded);
            const pick: Pick = (head) => head.slice(...queries).flat();
            const row = kernel.sumRows(heads, queries, excluded);
            assertWithin(row, sumOverHeads(weights, pick), boundOverHeads(bounds, pick), 'row');
          });
        }),
      );
    });

    it('gives columns that are slices of the map', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, key }) => {
          fc.pre(!excluded.includes(key));
          withStored(kernel, layer, (stored) => {
            const heads = allHeads(kernel, stored, excluded);
            const { weights, bounds } = definition(layer, excluded);
            const pick: Pick = (head) => head.map((row) => row[key]!);
            const column = kernel.sumColumns(heads, key);
            const expected = sumOverHeads(weights, pick);
            assertWithin(column, expected, boundOverHeads(bounds, pick), 'column');
          });
        }),
      );
    });

    it('gives rectangles that are slices of the map', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, queries, keys }) => {
          withStored(kernel, layer, (stored) => {
            const heads = allHeads(kernel, stored, excluded);
            const { weights, bounds } = definition(layer, excluded);
            const pick: Pick = (head) =>
              head.slice(...queries).flatMap((row) => row.slice(...keys));
            const block = kernel.sumBlocks(heads, { queries, keys }, excluded);
            const expected = sumOverHeads(weights, pick);
            assertWithin(block, expected, boundOverHeads(bounds, pick), 'block');
          });
        }),
      );
    });

    it('pools to exactly the largest weight of each cell', () => {
      fc.assert(
        fc.property(questions, (question) => {
          const { layer, excluded, head, queries, keys } = question;
          const [rows, columns] = cellsOf(question);
          withStored(kernel, layer, (stored) => {
            const view = allHeads(kernel, stored, excluded)[head]!;
            const pooled = kernel.maxPool(view, { queries, keys }, excluded, rows, columns);
            const { weights, bounds } = definition(layer, excluded);
            const largest = (map: number[][]) => pool(map, question, rows, columns);
            assertWithin(pooled, largest(weights[head]!), largest(bounds[head]!), 'cell');
          });
        }),
      );
    });

    it('pools the whole map alike, whether it is summed up before or on the way', () => {
      fc.assert(
        fc.property(questions, (question) => {
          const { layer, excluded, head } = question;
          const { tokens } = layer.shape;
          const keys = keyCount(layer.shape);
          const whole: Question = { ...question, queries: [0, tokens], keys: [0, keys] };
          const [rows, columns] = cellsOf(whole);
          withStored(kernel, layer, (stored) => {
            const each = { layer: stored, head };
            const { cells, logSumExp } = kernel.poolMap(each, excluded, rows, columns);
            const { weights, bounds } = definition(layer, excluded);
            const largest = (map: number[][]) => pool(map, whole, rows, columns);
            assertWithin(cells, largest(weights[head]!), largest(bounds[head]!), 'cell');
            assert.deepEqual(logSumExp, kernel.logSumExp(each, excluded));
          });
        }),
      );
    });

    it('describes rows by what the definition gives of their weights', () => {
      fc.assert(
        fc.property(questions, ({ layer, head, queries }) => {
          withStored(kernel, layer, (stored) => {
            const { rows, moments } = kernel.describeRows({ layer: stored, head }, queries);
            assert.deepEqual(rows, kernel.sumRows([{ layer: stored, head }], queries, []));
            const { weights } = definition(layer);
            const tokens = keyCount(layer.shape);
            const expected = weights[head]!.slice(...queries).flatMap((row, at) =>
              momentsOf(queries[0] + at, Float32Array.from(row)),
            );
            // Scores up to 100 are off by 1e-5, and the weights by as much of themselves.
            const bounds = expected.map((value, at) =>
              at % MOMENTS === 0 ? 1e-3 : 1e-4 * (value + tokens),
            );
            assertWithin(moments, expected, bounds, 'moment');
          });
        }),
      );
    });

    it('bounds what the first tokens receive from above', () => {
      fc.assert(
        fc.property(questions, ({ layer, head }) => {
          withStored(kernel, layer, (stored) => {
            const most = kernel.receivedAtMost({ layer: stored, head });
            const { tokens } = layer.shape;
            assert.equal(most.length, Math.min(4, keyCount(layer.shape)));
            const map = definition(layer).weights[head]!;
            most.forEach((bound, key) => {
              const mean = map.reduce((sum, row) => sum + row[key]!, 0) / tokens;
              assert.ok(bound >= mean - 1e-5 && bound <= 1 + 1e-5, `${bound} for ${mean}`);
            });
          });
        }),
      );
    });

    it('knows exactly what the only tokens receive', () => {
      const shape = { heads: 1, keyValueHeads: 1, tokens: 4, headSize: 7, scale: 1, causal: false };
      const layer = randomLayer(shape, 3);
      withStored(kernel, layer, (stored) => {
        const { weights } = definition(layer);
        const means = [0, 1, 2, 3].map((key) =>
          weights[0]!.reduce((sum, row) => sum + row[key]! / 4, 0),
        );
        const most = kernel.receivedAtMost({ layer: stored, head: 0 });
        assertWithin(most, means, [1e-5, 1e-5, 1e-5, 1e-5], 'mean');
      });
    });

    it('lets rows sum to 1, or to what a sink leaves, or to 0 where every key is left out', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, head }) => {
          withStored(kernel, layer, (stored) => {
            const { tokens } = layer.shape;
            const { weights, bounds } = definition(layer, excluded);
            const views = [allHeads(kernel, stored, excluded)[head]!];
            for (let query = 0; query < tokens; query++) {
              const sum = kernel
                .sumRows(views, [query, query + 1], excluded)
                .reduce((a, b) => a + b, 0);
              const bound = bounds[head]![query]!.reduce((a, b) => a + b, 0);
              const whole = layer.shape.sinks ? weights[head]![query]!.reduce((a, b) => a + b) : 1;
              const off = Math.abs(sum - whole);
              assert.ok(off <= bound || sum === 0, `row ${query} sums to ${sum}`);
              assert.ok(sum <= 1 + bound);
            }
            const everything = Array.from({ length: keyCount(layer.shape) }, (_, key) => key);
            assert.ok(kernel.sumRows(views, [0, 1], everything).every((weight) => weight === 0));
          });
        }),
      );
    });

    it('weighs masked and left-out keys exactly 0', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, head, token }) => {
          withStored(kernel, layer, (stored) => {
            const row = kernel.sumRows([{ layer: stored, head }], [token, token + 1], excluded);
            row.forEach((weight, key) => {
              if (!sees(layer, token, key) || excluded.includes(key)) assert.equal(weight, 0);
            });
          });
        }),
      );
    });

    it('is as exact as float32 allows for scores far from zero', () => {
      const layer = randomLayer(
        { heads: 1, keyValueHeads: 1, tokens: 20, headSize: 8, scale: 8, causal: false },
        7,
      );
      withStored(kernel, layer, (stored) => {
        const { weights, bounds } = definition(layer);
        weights[0]!.forEach((row, query) => {
          const actual = kernel.sumRows([{ layer: stored, head: 0 }], [query, query + 1], []);
          assertWithin(actual, row, bounds[0]![query]!, `row ${query}`);
        });
      });
    });
  });
}

describe('SIMD kernel against the plain one', function () {
  this.timeout(60_000);

  const simd = simdKernel();
  const plain = new PlainKernel();

  it('answers the same within the rounding of both', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { layer, excluded, head, token, key, queries, keys } = question;
        const [rows, columns] = cellsOf(question);
        const bounds = definition(layer, excluded).bounds[head]!;
        const answers = [simd, plain].map((kernel: Kernel) =>
          withStored(kernel, layer, (stored) => {
            const view = allHeads(kernel, stored, excluded)[head]!;
            return [
              kernel.sumRows([view], [token, token + 1], excluded),
              kernel.sumColumns([view], key),
              kernel.sumBlocks([view], { queries, keys }, excluded),
              kernel.maxPool(view, { queries, keys }, excluded, rows, columns),
            ];
          }),
        );
        const allowed = [
          bounds[token]!,
          bounds.map((row) => row[key]!),
          bounds.slice(...queries).flatMap((row) => row.slice(...keys)),
          pool(bounds, question, rows, columns),
        ];
        answers[0]!.forEach((values, at) => {
          if (at === 1 && excluded.includes(key)) return;
          const both = allowed[at]!.map((bound) => 2 * bound);
          assertWithin(values, answers[1]![at]!, both, `answer ${at}`);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('gives all its memory back', () => {
    const before = simd.arena.used;
    const layer = randomLayer(
      { heads: 2, keyValueHeads: 1, tokens: 33, headSize: 5, scale: 1, causal: true },
      3,
    );
    for (let i = 0; i < 5; i++) {
      withStored(simd, layer, (stored) => {
        stored.release();
        return allHeads(
          simd,
          simd.store(layer.shape, layer.query, layer.key),
          [],
        )[0]!.layer.release();
      });
    }
    assert.equal(simd.arena.used, before);
  });

  it('keeps a window of 512 tokens, 6 layers and 12 heads in less than 20 MB with its V', () => {
    const kernel = simdKernel();
    const shape = {
      heads: 12,
      keyValueHeads: 12,
      tokens: 512,
      headSize: 32,
      scale: 1,
      causal: false,
    };
    const layer = randomLayer(shape, 5);
    const stored = Array.from({ length: 6 }, () => kernel.store(shape, layer.query, layer.key));
    const values = 6 * layer.key.byteLength;
    const sums = kernel.logSumExp({ layer: stored[0]!, head: 0 }, []);
    const whole = { queries: [0, 512], keys: [0, 512] } as const;
    kernel.maxPool({ layer: stored[0]!, head: 0, logSumExp: sums }, whole, [], 64, 64);
    assert.ok(kernel.arena.used + values + 72 * sums.byteLength < 20e6);
    // Nothing of the size of a map of all heads is taken on the way either.
    assert.ok(kernel.arena.memory.buffer.byteLength + values < 20e6);
  });

  it('does not grow when windows come and go', () => {
    const kernel = simdKernel();
    const shape = { heads: 4, keyValueHeads: 4, headSize: 32, scale: 1, causal: false };
    let size = 0;
    for (let i = 0; i < 40; i++) {
      const layer = randomLayer({ ...shape, tokens: 200 + (i % 7) }, i);
      withStored(kernel, layer, (stored) => allHeads(kernel, stored, []));
      if (i === 7) size = kernel.arena.memory.buffer.byteLength;
    }
    assert.equal(kernel.arena.memory.buffer.byteLength, size);
  });
});

function cell1d(
  index: number,
  count: number,
  [start, end]: readonly [number, number],
): [number, number] {
  return [
    start + cellStart(index, count, end - start),
    start + cellStart(index + 1, count, end - start),
  ];
}

/** The largest number in each of rows × columns cells of a rectangle of the map. */
function pool(
  map: number[][],
  { queries, keys }: Question,
  rows: number,
  columns: number,
): number[] {
  const cells = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = map
        .slice(...cell1d(row, rows, queries))
        .flatMap((each) => each.slice(...cell1d(column, columns, keys)));
      cells.push(Math.max(...cell));
    }
  }
  return cells;
}
