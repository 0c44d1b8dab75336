import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HEAD_STATISTICS } from '../../../server/engine/headStatistics';
import { moveInOrder, orderedGrid } from '../../../webview/heads/geometry';
import { rankedHeads, scoreOf } from '../../../webview/heads/ranking';
import { STATISTICS } from '../../../webview/heads/statisticNames';

const scores = fc.record({
  heads: fc.integer({ min: 1, max: 12 }),
  values: fc.array(fc.oneof(fc.float({ min: 0, max: 1, noNaN: true }), fc.constant(NaN)), {
    minLength: 1,
    maxLength: 72,
  }),
  top: fc.option(fc.integer({ min: 1, max: 80 })),
  order: fc.constantFrom('model' as const, 'highest' as const, 'lowest' as const),
});

describe('heads in the order of a statistic', () => {
  it('are the first by it, in order, each with its own score', () =>
    fc.assert(
      fc.property(scores, ({ heads, values, top, order }) => {
        const found = { heads, statistics: { self: Float32Array.from(values) } };
        const ranked = rankedHeads(found, 'self', order, top);
        const all = values.filter((value) => !Number.isNaN(value));
        assert.equal(ranked.length, Math.min(top ?? Infinity, all.length));
        const sorted = all.toSorted((one, other) =>
          order === 'lowest' ? one - other : other - one,
        );
        ranked.forEach((each, rank) => {
          assert.equal(each.score, Math.fround(sorted[rank]!));
          assert.equal(scoreOf(found, 'self', each), each.score);
        });
      }),
    ));

  it('has a name and a sentence for every statistic', () => {
    assert.deepEqual(STATISTICS.map(({ name }) => name).sort(), [...HEAD_STATISTICS].sort());
  });

  it('stand beside each other without overlapping, inside the width', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 80, max: 1500 }),
        fc.option(fc.integer({ min: 50, max: 1200 })),
        (count, width, height) => {
          const order = Array.from({ length: count }, (_, head) => ({ layer: 0, head }));
          const grid = orderedGrid(order, { width, height, line: 14 });
          assert.equal(grid.places.length, count);
          for (const [index, place] of grid.places.entries()) {
            assert.ok(place.left >= 0 && place.left + place.width <= width);
            assert.ok(place.top + place.height + 28 <= grid.height);
            const next = grid.places[index + 1];
            if (next?.top === place.top) assert.ok(next.left >= place.left + place.width);
          }
        },
      ),
    ));

  it('can be walked through by arrow keys, and no further', () => {
    assert.equal(moveInOrder(0, 'ArrowRight', 4, 10), 1);
    assert.equal(moveInOrder(0, 'ArrowLeft', 4, 10), 0);
    assert.equal(moveInOrder(1, 'ArrowDown', 4, 10), 5);
    assert.equal(moveInOrder(7, 'ArrowDown', 4, 10), 7);
    assert.equal(moveInOrder(3, 'End', 4, 10), 9);
    assert.equal(moveInOrder(-1, 'ArrowDown', 4, 10), 0);
  });
});
