import assert from 'node:assert/strict';
import fc from 'fast-check';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { cellStart } from '../../../server/engine/kernel/kernel';
import { PlainKernel } from '../../../server/engine/kernel/plain';
import { layers, randomLayer, rangeIn, weightsOf } from './layers';
import type { HeadView, Kernel, StoredLayer } from '../../../server/engine/kernel/kernel';
import type { Layer } from './layers';

/** float32 rounding of a weight; both kernels keep within it of the definition. */
const TOLERANCE = 1e-6;

/** A layer with a set of excluded keys and a rectangle with its cells. */
const questions = layers.chain((layer) => {
  const { tokens, heads } = layer.shape;
  return fc.record({
    layer: fc.constant(layer),
    excluded: fc.uniqueArray(fc.nat(tokens - 1), { maxLength: 4 }),
    head: fc.nat(heads - 1),
    token: fc.nat(tokens - 1),
    queries: rangeIn(tokens),
    keys: rangeIn(tokens),
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
    logSumExp: kernel.logSumExp(stored, head, excluded),
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

function assertClose(
  actual: Iterable<number>,
  expected: Iterable<number>,
  tolerance: number,
  what: string,
): void {
  const wanted = [...expected];
  const got = [...actual];
  assert.equal(got.length, wanted.length, `${what}: length`);
  got.forEach((value, at) => {
    assert.ok(
      Math.abs(value - wanted[at]!) <= tolerance,
      `${what}[${at}] is ${value} instead of ${wanted[at]}`,
    );
  });
}

const sumOverHeads = (weights: number[][][], pick: (head: number[][]) => number[]): number[] =>
  weights.map(pick).reduce((sum, each) => sum.map((value, at) => value + each[at]!));

for (const make of [() => new PlainKernel(), simdKernel]) {
  const kernel: Kernel = make();

  describe(`${kernel.name} kernel`, () => {
    it('gives rows as the definition of attention does', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, token }) => {
          withStored(kernel, layer, (stored) => {
            const heads = allHeads(kernel, stored, excluded);
            const expected = sumOverHeads(weightsOf(layer, excluded), (head) => head[token]!);
            const row = kernel.sumRows(heads, token, excluded);
            assertClose(row, expected, TOLERANCE * heads.length, 'row');
          });
        }),
      );
    });

    it('gives columns that are slices of the map', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, token }) => {
          fc.pre(!excluded.includes(token));
          withStored(kernel, layer, (stored) => {
            const heads = allHeads(kernel, stored, excluded);
            const expected = sumOverHeads(weightsOf(layer, excluded), (head) =>
              head.map((row) => row[token]!),
            );
            const column = kernel.sumColumns(heads, token);
            assertClose(column, expected, TOLERANCE * heads.length, 'column');
          });
        }),
      );
    });

    it('gives rectangles that are slices of the map', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, queries, keys }) => {
          withStored(kernel, layer, (stored) => {
            const heads = allHeads(kernel, stored, excluded);
            const expected = sumOverHeads(weightsOf(layer, excluded), (head) =>
              head.slice(...queries).flatMap((row) => row.slice(...keys)),
            );
            const block = kernel.sumBlocks(heads, { queries, keys }, excluded);
            assertClose(block, expected, TOLERANCE * heads.length, 'block');
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
            const map = weightsOf(layer, excluded)[head]!;
            const expected = [];
            for (let row = 0; row < rows; row++) {
              for (let column = 0; column < columns; column++) {
                const cell = map
                  .slice(...cell1d(row, rows, queries))
                  .flatMap((each) => each.slice(...cell1d(column, columns, keys)));
                expected.push(Math.max(...cell));
              }
            }
            assertClose(pooled, expected, TOLERANCE, 'cell');
          });
        }),
      );
    });

    it('lets rows sum to 1, or to 0 where every key is left out', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, head }) => {
          withStored(kernel, layer, (stored) => {
            const { tokens } = layer.shape;
            const views = [allHeads(kernel, stored, excluded)[head]!];
            for (let query = 0; query < tokens; query++) {
              const sum = kernel.sumRows(views, query, excluded).reduce((a, b) => a + b, 0);
              assert.ok(Math.abs(sum - 1) < 1e-5 || sum === 0, `row ${query} sums to ${sum}`);
            }
            const everything = Array.from({ length: tokens }, (_, key) => key);
            assert.ok(kernel.sumRows(views, 0, everything).every((weight) => weight === 0));
          });
        }),
      );
    });

    it('weighs masked and left-out keys exactly 0', () => {
      fc.assert(
        fc.property(questions, ({ layer, excluded, head, token }) => {
          withStored(kernel, layer, (stored) => {
            const row = kernel.sumRows([{ layer: stored, head }], token, excluded);
            row.forEach((weight, key) => {
              const hidden = layer.shape.causal && key > token;
              if (hidden || excluded.includes(key)) assert.equal(weight, 0);
            });
          });
        }),
      );
    });

    it('stays exact for scores far from zero', () => {
      const layer = randomLayer(
        { heads: 1, keyValueHeads: 1, tokens: 20, headSize: 8, scale: 8, causal: false },
        7,
      );
      withStored(kernel, layer, (stored) => {
        const expected = weightsOf(layer)[0]!;
        expected.forEach((row, query) => {
          const actual = kernel.sumRows([{ layer: stored, head: 0 }], query, []);
          // Scores go up to some hundreds here, where float32 is that much coarser.
          assertClose(actual, row, 1e-4, `row ${query}`);
        });
      });
    });
  });
}

describe('SIMD kernel against the plain one', () => {
  const simd = simdKernel();
  const plain = new PlainKernel();

  it('answers the same to 1e-6', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { layer, excluded, head, token, queries, keys } = question;
        const [rows, columns] = cellsOf(question);
        const answers = [simd, plain].map((kernel: Kernel) =>
          withStored(kernel, layer, (stored) => {
            const view = allHeads(kernel, stored, excluded)[head]!;
            return [
              kernel.sumRows([view], token, excluded),
              kernel.sumColumns([view], token),
              kernel.sumBlocks([view], { queries, keys }, excluded),
              kernel.maxPool(view, { queries, keys }, excluded, rows, columns),
            ];
          }),
        );
        answers[0]!.forEach((values, at) => {
          if (at === 1 && excluded.includes(token)) return;
          assertClose(values, answers[1]![at]!, TOLERANCE, `answer ${at}`);
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
    const sums = kernel.logSumExp(stored[0]!, 0, []);
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
