import assert from 'node:assert/strict';
import fc from 'fast-check';
import { headGrid, movePlace } from '../../../webview/heads/geometry';
import { shrink } from '../../../webview/heads/thumbnails';

const model = fc.record({
  layers: fc.integer({ min: 1, max: 48 }),
  heads: fc.integer({ min: 1, max: 64 }),
});

describe('grid of heads', () => {
  it('has a place for every head, every layer’s mean and the mean of all', () => {
    fc.assert(
      fc.property(
        model,
        fc.integer({ min: 50, max: 2000 }),
        fc.boolean(),
        (given, width, large) => {
          const { places } = headGrid({ ...given, width, height: null, line: 14, large });
          assert.equal(places.length, 1 + given.layers * (given.heads + 1));
          assert.equal(
            new Set(places.map(({ layer, head }) => `${layer}/${head}`)).size,
            places.length,
          );
        },
      ),
    );
  });

  it('has no overlapping places', () => {
    const { places } = headGrid({
      layers: 6,
      heads: 12,
      width: 232,
      height: null,
      line: 14,
      large: false,
    });
    for (const a of places)
      for (const b of places) {
        if (a === b) continue;
        const apart =
          a.left + a.width <= b.left ||
          b.left + b.width <= a.left ||
          a.top + a.height <= b.top ||
          b.top + b.height <= a.top;
        assert.ok(apart);
      }
  });

  it('fits where there is room for the least size', () => {
    const grid = headGrid({ layers: 6, heads: 12, width: 900, height: 500, line: 14, large: true });
    assert.ok(grid.width <= 900 && grid.height <= 500);
    assert.equal(grid.cell, 61);
  });

  it('is walked with arrow keys, and back', () => {
    fc.assert(
      fc.property(model, fc.nat(), ({ layers, heads }, from) => {
        const last = layers * (heads + 1);
        const index = from % (last + 1);
        for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'x']) {
          const next = movePlace(index, key, layers, heads);
          assert.ok(next >= 0 && next <= last);
        }
        const down = movePlace(index, 'ArrowDown', layers, heads);
        if (index > 0 && down !== index)
          assert.equal(movePlace(down, 'ArrowUp', layers, heads), index);
      }),
    );
  });
});

describe('shrinking a thumbnail', () => {
  const values = (size: number): fc.Arbitrary<Uint8Array> =>
    fc.uint8Array({ minLength: size * size, maxLength: size * size });

  it('never loses the largest value, nor makes one up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }).chain((size) => fc.tuple(fc.constant(size), values(size))),
        fc.integer({ min: 1, max: 32 }),
        ([size, thumbnail], side) => {
          const small = shrink(thumbnail, size, side);
          assert.equal(small.length, side * side);
          assert.equal(Math.max(...small), Math.max(...thumbnail));
          for (const value of small) assert.ok(thumbnail.includes(value));
        },
      ),
    );
  });

  it('changes nothing at the same size', () => {
    const thumbnail = Uint8Array.from({ length: 16 }, (_, index) => index);
    assert.deepEqual([...shrink(thumbnail, 4, 4)], [...thumbnail]);
  });
});
