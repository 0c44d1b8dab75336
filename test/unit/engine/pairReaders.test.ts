import assert from 'node:assert/strict';
import fc from 'fast-check';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { Readers } from '../../../server/engine/readers';
import { ofOneText } from '../../../server/engine/window';
import { WindowBuilder } from '../../../server/engine/windowBuilder';
import { randomFloats, randomLayer, weightsOf } from './layers';

const TOLERANCE = 1e-5;
const kernel = simdKernel();
const headSize = 4;
const heads = 2;

/** Pieces that words begin with, as [token] → word. */
const wordsIn = (count: number) =>
  fc.array(fc.boolean(), { minLength: count, maxLength: count }).map((begins) => {
    const words = new Int32Array(count);
    for (let token = 1; token < count; token++)
      words[token] = words[token - 1]! + (begins[token] ? 1 : 0);
    return words;
  });

const cases = fc
  .tuple(fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 23 }), fc.nat())
  .chain(([tokens, keys, seed]) =>
    fc.record({
      tokens: fc.constant(tokens),
      keys: fc.constant(keys),
      seed: fc.constant(seed),
      groups: wordsIn(tokens),
      keyGroups: wordsIn(keys),
      head: fc.nat(heads - 1),
      query: fc.nat(tokens - 1),
      key: fc.nat(keys - 1),
    }),
  );

const countOf = (words: Int32Array): number => words.at(-1)! + 1;

describe('Readers of the attention across two texts', function () {
  this.timeout(60_000);

  it('sum keys over the words of the one text and average queries over those of the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases,
        async ({ tokens, keys, seed, groups, keyGroups, head, query, key }) => {
          const sizes = { heads, keyValueHeads: heads, headSize, scale: 1, causal: false };
          const layer = randomLayer({ ...sizes, tokens, keys }, seed);
          const builder = new WindowBuilder(kernel, [layer.shape], {
            stack: 'cross',
            specialTokens: [keys - 1],
          });
          builder.add({ ...layer, value: randomFloats(heads * keys * headSize, seed) });
          const { window } = builder;
          try {
            const readers = new Readers(kernel, () => new Float32Array(keys));
            const map = weightsOf(layer)[head]!;
            const [rows, columns] = [countOf(groups), countOf(keyGroups)];
            const merged = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
            const sizesOf = groups.reduce(
              (counts, word) => ((counts[word]! += 1), counts),
              new Array<number>(rows).fill(0),
            );
            map.forEach((row, q) =>
              row.forEach((weight, k) => {
                merged[groups[q]!]![keyGroups[k]!]! += weight / sizesOf[groups[q]!]!;
              }),
            );
            const near = (actual: ArrayLike<number>, expected: readonly number[]): void => {
              assert.equal(actual.length, expected.length);
              expected.forEach((value, at) =>
                assert.ok(Math.abs(actual[at]! - value) <= TOLERANCE),
              );
            };
            const asked = { layer: 0, head, reading: 'raw', groups, keyGroups } as const;
            const region = await readers.region(
              window,
              { ...asked, queries: [0, rows], keys: [0, columns], rows, columns, pool: 'max' },
              () => Promise.resolve(),
            );
            near(region, merged.flat());
            const ofWord = (words: Int32Array, word: number): [number, number] => [
              words.indexOf(word),
              words.lastIndexOf(word) + 1,
            ];
            const [token, end] = ofWord(groups, groups[query]!);
            const row = readers.row(window, { ...asked, token, end });
            near(row.weights, merged[groups[query]!]!);
            assert.ok(row.sink?.tokens.includes(keys - 1));
            const [from, to] = ofWord(keyGroups, keyGroups[key]!);
            const column = readers.column(window, { ...asked, token: from, end: to });
            near(
              column.weights,
              merged.map((each) => each[keyGroups[key]!]!),
            );
            assert.throws(() => ofOneText(window), /one text/);
          } finally {
            window.release();
          }
        },
      ),
    );
  });

  it('refuse what lies outside of either text', () => {
    const shape = { heads: 1, keyValueHeads: 1, headSize, scale: 1, causal: false };
    const layer = randomLayer({ ...shape, tokens: 3, keys: 7 }, 1);
    const builder = new WindowBuilder(kernel, [layer.shape], { stack: 'cross', specialTokens: [] });
    builder.add({ ...layer, value: new Float32Array(7 * headSize) });
    const readers = new Readers(kernel, () => new Float32Array(7));
    const asked = { layer: 0, head: 0, reading: 'raw' } as const;
    assert.equal(readers.row(builder.window, { ...asked, token: 2 }).weights.length, 7);
    assert.equal(readers.column(builder.window, { ...asked, token: 6 }).weights.length, 3);
    assert.throws(() => readers.row(builder.window, { ...asked, token: 3 }), /3 tokens/);
    assert.throws(() => readers.column(builder.window, { ...asked, token: 7 }), /7 tokens/);
    builder.window.release();
  });
});
