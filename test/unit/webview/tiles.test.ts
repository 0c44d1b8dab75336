import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planTiles, poolFor, poolForWhole, tileKey, TILE_SIDE } from '../../../webview/map/tiles';
import { MAX_ANSWER_BYTES } from '../../../server/protocol';
import type { Extent, Span } from '../../../webview/map/viewport';

interface Plan {
  extent: Extent;
  visible: { queries: Span; keys: Span };
  pool: number;
}

const size = fc.integer({ min: 1, max: 5000 });
const span = (count: number): fc.Arbitrary<Span> =>
  fc
    .tuple(fc.integer({ min: 0, max: count - 1 }), fc.integer({ min: 1, max: count }))
    .map(([start, length]) => [start, Math.min(count, start + length)] as const);
const plan: fc.Arbitrary<Plan> = fc
  .tuple(size, size, fc.constantFrom(1, 2, 4, 8))
  .chain(([rows, columns, pool]) =>
    fc.record({
      extent: fc.constant({ rows, columns }),
      visible: fc.record({ queries: span(rows), keys: span(columns) }),
      pool: fc.constant(pool),
    }),
  );

describe('tiles', () => {
  it('cover what is in sight exactly once', () => {
    fc.assert(
      fc.property(plan, fc.double({ min: 0, max: 0.999, noNaN: true }), (given, share) => {
        const { visible, extent, pool } = given;
        const tiles = planTiles(visible, extent, pool);
        const inside = ([start, end]: Span): number => start + Math.floor(share * (end - start));
        const query = inside(visible.queries);
        const key = inside(visible.keys);
        const holding = tiles.filter(
          ({ queries, keys }) =>
            query >= queries[0] && query < queries[1] && key >= keys[0] && key < keys[1],
        );
        assert.equal(holding.length, 1);
        assert.equal(new Set(tiles.map(tileKey)).size, tiles.length);
      }),
    );
  });

  it('are all partly in sight, inside the map, and of the size they say', () => {
    fc.assert(
      fc.property(plan, ({ visible, extent, pool }) => {
        for (const tile of planTiles(visible, extent, pool)) {
          const { queries, keys, rows, columns } = tile;
          assert.ok(queries[0] < visible.queries[1] && queries[1] > visible.queries[0]);
          assert.ok(keys[0] < visible.keys[1] && keys[1] > visible.keys[0]);
          assert.ok(queries[1] <= extent.rows && keys[1] <= extent.columns);
          assert.equal(rows, Math.ceil((queries[1] - queries[0]) / pool));
          assert.equal(columns, Math.ceil((keys[1] - keys[0]) / pool));
        }
      }),
    );
  });

  it('fit into one answer each', () => {
    const base64Bytes = (bytes: number): number => Math.ceil(bytes / 3) * 4;
    const roomForTheRest = 10_000;
    assert.ok(base64Bytes(TILE_SIDE * TILE_SIDE * 4) + roomForTheRest < MAX_ANSWER_BYTES);
    fc.assert(
      fc.property(plan, ({ visible, extent, pool }) => {
        for (const { rows, columns } of planTiles(visible, extent, pool))
          assert.ok(rows <= TILE_SIDE && columns <= TILE_SIDE);
      }),
    );
  });

  it('are the same ones again after panning', () => {
    const extent = { rows: 2000, columns: 2000 };
    const before = planTiles({ queries: [0, 700], keys: [0, 700] }, extent, 1);
    const after = planTiles({ queries: [50, 750], keys: [50, 750] }, extent, 1);
    assert.deepEqual(new Set(before.map(tileKey)), new Set(after.map(tileKey)));
  });

  it('come nearest to the middle first', () => {
    const extent = { rows: 4000, columns: 4000 };
    const [first] = planTiles({ queries: [1000, 2000], keys: [1000, 2000] }, extent, 1);
    assert.deepEqual(first?.queries, [1152, 1536]);
  });

  it('are pooled only as far as pixels need', () => {
    assert.equal(poolFor(3), 1);
    assert.equal(poolFor(1), 1);
    assert.equal(poolFor(0.9), 2);
    assert.equal(poolFor(0.25), 4);
    assert.equal(poolForWhole({ rows: 384, columns: 10 }), 1);
    assert.equal(poolForWhole({ rows: 512, columns: 512 }), 2);
  });
});
