import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BUCKETS, bucketOf, scaleOf, shade } from '../../../client/overlay/buckets';
import { tokenAt, withMargin } from '../../../client/overlay/visible';
import type { Range } from '../../../server/protocol';

const on = (line: number, start: number, end: number): Range => ({
  start: { line, character: start },
  end: { line, character: end },
});
const everything = [on(0, 0, 1000)];

describe('overlay buckets', () => {
  it('gives the strongest the last bucket and lets the faintest end in the first', () => {
    const scale = { floor: 0.02, strongest: 0.4 };
    assert.equal(bucketOf(0.4, scale), BUCKETS - 1);
    assert.equal(bucketOf(0.02, scale), 0);
    assert.equal(bucketOf(0.0199, scale), null);
  });

  it('shades nothing without a weight', () => {
    for (const weight of [0, -1, NaN])
      assert.equal(bucketOf(weight, { floor: 0, strongest: 1 }), null);
    assert.equal(bucketOf(0, scaleOf([])), null);
    assert.equal(bucketOf(0, scaleOf([0, 0])), null);
  });

  it('leaves out what gets less than an even share, within reason', () => {
    assert.deepEqual(scaleOf([0.4, 0.1, 0.1, 0]), { floor: 0.15, strongest: 0.4 });
    assert.deepEqual(scaleOf([0.3, 0.3]), { floor: 0.15, strongest: 0.3 });
    const peaked = scaleOf([0.8, ...Array<number>(999).fill(0)]);
    assert.equal(peaked.floor, 0.008);
  });

  it('never gives a weaker weight a stronger bucket', () => {
    const weight = fc.double({ min: 1e-6, max: 1, noNaN: true });
    fc.assert(
      fc.property(weight, weight, fc.array(weight), (one, other, more) => {
        const scale = scaleOf([one, other, ...more]);
        const weaker = bucketOf(Math.min(one, other), scale) ?? -1;
        const stronger = bucketOf(Math.max(one, other), scale) ?? -1;
        assert.ok(weaker <= stronger && stronger < BUCKETS);
        assert.equal(bucketOf(scale.strongest, scale), BUCKETS - 1);
      }),
    );
  });

  it('leaves the sink out of picture and scale', () => {
    const { buckets, outline } = shade(
      {
        ranges: [null, on(0, 0, 3), on(0, 4, 7), on(0, 8, 9), null],
        weights: [0.6, 0.1, 0.055, 0.25, 0.05],
        sink: [0, 3, 4],
        token: 1,
      },
      everything,
    );
    assert.deepEqual(buckets[BUCKETS - 1], [on(0, 0, 3)]);
    assert.deepEqual(buckets[0], [on(0, 4, 7)]);
    assert.equal(buckets.flat().length, 2);
    assert.deepEqual(outline, on(0, 0, 3));
  });

  it('draws only what is visible, on the scale of the whole window', () => {
    const row = {
      ranges: [on(0, 0, 3), on(90, 0, 3)],
      weights: [0.5, 0.9],
      sink: [],
      token: 0,
    };
    const { buckets } = shade(row, [on(0, 0, 80)]);
    assert.deepEqual(buckets.flat(), [on(0, 0, 3)]);
    assert.equal(buckets[BUCKETS - 1]?.length, 0);
  });

  it('puts every range into one bucket at most', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(weights, (values) => {
        const ranges = values.map((_, token) => on(0, token * 2, token * 2 + 1));
        const { buckets } = shade({ ranges, weights: values, sink: [], token: 0 }, everything);
        const starts = buckets.flat().map(({ start }) => start.character);
        assert.equal(new Set(starts).size, starts.length);
      }),
    );
  });
});

describe('the visible part', () => {
  it('is a screen larger on both sides, within the document', () => {
    assert.deepEqual(
      withMargin(
        [on(0, 0, 5)].map((r) => ({ ...r, end: { line: 9, character: 5 } })),
        15,
      ),
      [{ start: { line: 0, character: 0 }, end: { line: 15, character: 0 } }],
    );
    const [middle] = withMargin(
      [{ start: { line: 100, character: 3 }, end: { line: 119, character: 0 } }],
      1000,
    );
    assert.equal(middle?.start.line, 80);
    assert.equal(middle?.end.line, 140);
  });
});

describe('the token at a position', () => {
  const ranges = [null, on(0, 0, 3), on(0, 3, 5), on(0, 6, 9), null];

  it('is the one that holds it, else the one that ends at it, else none', () => {
    assert.equal(tokenAt(ranges, { line: 0, character: 0 }), 1);
    assert.equal(tokenAt(ranges, { line: 0, character: 3 }), 2);
    assert.equal(tokenAt(ranges, { line: 0, character: 5 }), 2);
    assert.equal(tokenAt(ranges, { line: 0, character: 9 }), 3);
    assert.equal(tokenAt(ranges, { line: 0, character: 10 }), null);
    assert.equal(tokenAt(ranges, { line: 1, character: 0 }), null);
    assert.equal(tokenAt([null, null], { line: 0, character: 0 }), null);
  });

  it('is the first of several pieces of one character', () => {
    assert.equal(tokenAt([on(0, 0, 2), on(0, 0, 2)], { line: 0, character: 1 }), 0);
  });
});
