import assert from 'node:assert/strict';
import fc from 'fast-check';
import { strongest } from '../../../webview/token/ranking';

describe('strongest weights', () => {
  it('come in order, without those kept apart and without zeros', () => {
    const weights = Float32Array.of(0.5, 0.1, 0, 0.3, 0.1);
    assert.deepEqual(
      strongest(weights, 3, new Set([0])).map(({ token }) => token),
      [3, 1, 4],
    );
  });

  it('are never beaten by one that is left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true })),
        fc.nat(10),
        (weights, count) => {
          const ranked = strongest(weights, count, new Set());
          const least = ranked.at(-1)?.weight ?? Infinity;
          const listed = new Set(ranked.map(({ token }) => token));
          weights.forEach((weight, token) => {
            if (ranked.length === count && !listed.has(token)) assert.ok(weight <= least);
          });
        },
      ),
    );
  });
});
