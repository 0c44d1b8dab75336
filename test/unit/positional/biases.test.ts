import assert from 'node:assert';
import { alibiBias, alibiSlopes } from '../../../server/positional/alibi';
import { PositionError } from '../../../server/positional/positionError';
import { relativeBucket, relativeBuckets } from '../../../server/positional/relativeBuckets';
import reference from '../../reference/positional/encodings.json';
import { closeTo } from './closeTo';

describe('ALiBi', () => {
  for (const { heads, slopes } of reference.alibi) {
    it(`has the reference's slopes for ${heads} heads`, () =>
      closeTo(alibiSlopes(heads), slopes, 1e-7));
  }

  it('is 2^(−8h/H) for powers of two', () => {
    assert.deepEqual(
      [...alibiSlopes(8)],
      [1, 2, 3, 4, 5, 6, 7, 8].map((h) => 2 ** -h),
    );
  });

  it('falls off alike in both directions', () => {
    assert.equal(alibiBias(0.5, 3, 7), -2);
    assert.equal(alibiBias(0.5, 7, 3), -2);
    assert.equal(alibiBias(0.5, 3, 3), 0);
  });

  it('refuses head counts that are none', () => {
    for (const heads of [0, -1, 1.5, NaN]) assert.throws(() => alibiSlopes(heads), PositionError);
  });
});

describe('relative buckets', () => {
  for (const { found, ...rule } of reference.buckets) {
    it(`equal transformers' for ${JSON.stringify(rule)}`, () => {
      const ours = found.map((_, index) => relativeBucket(index - 300, rule));
      assert.deepEqual(ours, found);
    });
  }

  it('fill a table by distance', () => {
    const rule = { buckets: 32, maxDistance: 128, bidirectional: true };
    const table = relativeBuckets(3, 4, rule);
    assert.equal(table.length, 12);
    assert.equal(table[2 * 4], relativeBucket(-2, rule));
    assert.equal(table[3], relativeBucket(3, rule));
  });

  it('refuse rules that leave no bucket', () => {
    const rule = { buckets: 2, maxDistance: 128, bidirectional: true };
    assert.throws(() => relativeBucket(1, rule), PositionError);
  });
});
