import assert from 'node:assert/strict';
import fc from 'fast-check';
import { offerRow, offerTiles, StrongestLines } from '../../../webview/lines/lineChoice';
import type { Tile } from '../../../webview/map/picture';

const COUNT = 12;

function tilesOf(weights: Float32Array, side: number): Tile[] {
  const tiles: Tile[] = [];
  for (let query = 0; query < COUNT; query += side)
    for (let key = 0; key < COUNT; key += side) {
      const queries = [query, Math.min(COUNT, query + side)] as const;
      const keys = [key, Math.min(COUNT, key + side)] as const;
      const rows = queries[1] - queries[0];
      const columns = keys[1] - keys[0];
      const values = new Float32Array(rows * columns);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          values[row * columns + column] = weights[(query + row) * COUNT + key + column]!;
      tiles.push({ pool: 1, queries, keys, rows, columns, values, unit: 1 });
    }
  return tiles;
}

const map = fc.float32Array({
  minLength: COUNT * COUNT,
  maxLength: COUNT * COUNT,
  min: 0,
  max: 1,
  noNaN: true,
});
const span = fc
  .tuple(fc.integer({ min: 0, max: COUNT }), fc.integer({ min: 0, max: COUNT }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe('line choice', () => {
  it('is the n strongest of all heads between the tokens in sight, weakest first', () => {
    fc.assert(
      fc.property(
        fc.array(map, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 40 }),
        span,
        span,
        fc.uniqueArray(fc.integer({ min: 0, max: COUNT - 1 }), { maxLength: 3 }),
        (heads, side, n, queries, keys, hiddenTokens) => {
          const hidden = new Set(hiddenTokens);
          const strongest = new StrongestLines(n);
          heads.forEach((weights, head) =>
            offerTiles(strongest, tilesOf(weights, side), head, { queries, keys, hidden }),
          );
          const lines = strongest.sorted();
          const all: number[] = [];
          for (const weights of heads)
            for (let query = queries[0]; query < queries[1]; query++)
              for (let key = keys[0]; key < keys[1]; key++) {
                const weight = weights[query * COUNT + key]!;
                if (weight > 0 && !hidden.has(query) && !hidden.has(key)) all.push(weight);
              }
          const expected = all.sort((a, b) => b - a).slice(0, n);
          assert.deepEqual(
            lines.map(({ weight }) => weight),
            expected.toReversed(),
          );
          for (const { query, key, head, weight } of lines)
            assert.equal(heads[head]![query * COUNT + key], weight);
        },
      ),
    );
  });

  it('knows no line of weight zero, and none from a coarse picture', () => {
    const [empty] = tilesOf(new Float32Array(COUNT * COUNT), COUNT);
    const [full] = tilesOf(new Float32Array(COUNT * COUNT).fill(0.5), COUNT);
    const all = { queries: [0, COUNT], keys: [0, COUNT], hidden: new Set<number>() } as const;
    const strongest = new StrongestLines(5);
    offerTiles(strongest, [empty!, { ...full!, pool: 2 }], 0, all);
    assert.deepEqual(strongest.sorted(), []);
    offerTiles(strongest, [full!], 0, all);
    assert.equal(strongest.sorted().length, 5);
  });

  it('of a row leads from its token to what it reads, or to it from its readers', () => {
    const row = [0.1, 0, 0.7, 0.2];
    const reads = new StrongestLines(2);
    offerRow(reads, row, 1, 3, 'reads', new Set());
    assert.deepEqual(reads.sorted(), [
      { query: 3, key: 3, head: 1, weight: 0.2 },
      { query: 3, key: 2, head: 1, weight: 0.7 },
    ]);
    const readBy = new StrongestLines(2, 0.15);
    offerRow(readBy, row, 0, 3, 'readBy', new Set([2]));
    assert.deepEqual(readBy.sorted(), [{ query: 3, key: 3, head: 0, weight: 0.2 }]);
  });
});
