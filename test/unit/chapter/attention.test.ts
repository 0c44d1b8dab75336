import assert from 'node:assert';
import fc from 'fast-check';
import { attention, joinHeads, splitHeads } from '../../../server/chapter/attention';
import { similarities } from '../../../server/chapter/similarity';
import { SIMILARITIES, type Similarity } from '../../../server/chapter/controls';
import { softmaxRows } from '../../../server/chapter/softmax';
import { contributions, weightedSum } from '../../../server/chapter/weightedSum';
import reference from '../../reference/positional/attention.json';
import { closeTo } from '../positional/closeTo';

const array = (numbers: readonly number[]) => Float64Array.from(numbers);
const numbers = (length: number) =>
  fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: length, maxLength: length });
const similarity = fc.constantFrom(...SIMILARITIES);

describe('attention in plain arithmetic', () => {
  for (const entry of reference.cases) {
    const { kind, heads, headSize, causal } = entry;
    it(`equals PyTorch's: ${kind}, ${heads} heads, causal ${causal}, with a bias`, () => {
      const rule = { similarity: kind as Similarity, causal, bias: array(entry.bias) };
      const found = attention(
        array(entry.query),
        array(entry.key),
        array(entry.value),
        heads,
        headSize,
        rule,
      );
      closeTo(found.weights, entry.weights, 1e-10);
      closeTo(found.context, entry.context, 1e-10);
    });
  }

  it("has Bahdanau's score", () => {
    const { query, key, width, scores } = reference.additive;
    closeTo(similarities('additive', query, key, width), scores, 1e-10);
  });

  it("splits heads as PyTorch's multi-head layer does", () => {
    const { width, heads, vectors, weights, context } = reference.multiHead;
    const split = splitHeads(vectors, width, heads);
    const rule = { similarity: 'scaledDot' as const, causal: false, bias: null };
    const found = attention(split, split, split, heads, width / heads, rule);
    closeTo(found.weights, weights, 1e-10);
    closeTo(joinHeads(found.context, width, heads), context, 1e-10);
  });

  it('joins what it split', () => {
    const vectors = Array.from({ length: 24 }, (_, index) => index);
    closeTo(joinHeads(splitHeads(vectors, 8, 4), 8, 4), vectors, 0);
  });
});

describe('laws of attention', () => {
  it('rows of weights sum to 1 and are never negative', () => {
    fc.assert(
      fc.property(numbers(12), fc.boolean(), similarity, (vectors, causal, kind) => {
        const tokens = array(vectors);
        const { weights } = attention(tokens, tokens, tokens, 1, 3, {
          similarity: kind,
          causal,
          bias: null,
        });
        for (let row = 0; row < 4; row++) {
          const sum = weights
            .subarray(row * 4, row * 4 + 4)
            .reduce((total, weight) => total + weight, 0);
          assert.ok(Math.abs(sum - 1) < 1e-12);
        }
        assert.ok(weights.every((weight) => weight >= 0));
      }),
    );
  });

  it('a weighted sum lies within the range of the values, column by column', () => {
    fc.assert(
      fc.property(numbers(8), numbers(8), similarity, (vectors, given, kind) => {
        const [tokens, values] = [array(vectors), array(given)];
        const { context } = attention(tokens, tokens, values, 1, 2, {
          similarity: kind,
          causal: false,
          bias: null,
        });
        for (const column of [0, 1]) {
          const inColumn = values.filter((_, cell) => cell % 2 === column);
          const [low, high] = [Math.min(...inColumn), Math.max(...inColumn)];
          const sums = context.filter((_, cell) => cell % 2 === column);
          assert.ok(sums.every((sum) => sum >= low - 1e-12 && sum <= high + 1e-12));
        }
      }),
    );
  });

  it('without position, permuted tokens give permuted outputs', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(numbers(20), order, similarity, (vectors, places, kind) => {
        const permute = (rows: ArrayLike<number>) =>
          Float64Array.from(
            { length: 20 },
            (_, cell) => rows[places[Math.floor(cell / 4)]! * 4 + (cell % 4)]!,
          );
        const run = (rows: Float64Array) => {
          const split = splitHeads(rows, 4, 2);
          const rule = { similarity: kind, causal: false, bias: null };
          return joinHeads(attention(split, split, split, 2, 2, rule).context, 4, 2);
        };
        closeTo(run(permute(vectors)), permute(run(array(vectors))), 1e-10);
      }),
    );
  });

  it('contributions add up to the sum', () => {
    const values = [1, 2, 3, 4, 5, 6];
    const parts = contributions([0.2, 0.3, 0.5], values, 2);
    const sums = [0, 1].map((column) => parts[column]! + parts[column + 2]! + parts[column + 4]!);
    closeTo(weightedSum([0.2, 0.3, 0.5], values, 2), sums, 1e-12);
  });
});

describe('softmax', () => {
  it('does not overflow, gives masked keys nothing and hopeless rows zeros', () => {
    closeTo(softmaxRows([1000, 1000, -Infinity, -Infinity], 2), [0.5, 0.5, 0, 0], 0);
    closeTo(softmaxRows([-Infinity, 3], 2), [0, 1], 0);
  });

  it('does not change when a number is added to a row', () => {
    fc.assert(
      fc.property(numbers(5), fc.double({ min: -100, max: 100, noNaN: true }), (scores, shift) => {
        closeTo(
          softmaxRows(
            scores.map((score) => score + shift),
            5,
          ),
          softmaxRows(scores, 5),
          1e-12,
        );
      }),
    );
  });
});
