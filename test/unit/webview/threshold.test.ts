import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ChannelError } from '../../../channel/channel';
import { INITIAL_SELECTION } from '../../../server/protocol';
import { fadeBelow } from '../../../webview/map/fade';
import { Picture, type Tile } from '../../../webview/map/picture';
import { RowThresholds } from '../../../webview/map/rowThresholds';
import { massThreshold } from '../../../webview/map/threshold';
import { planTiles, type TilePlan } from '../../../webview/map/tiles';

const weights = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 60 })
  .map((row) => Float32Array.from(row));
const share = fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100);

const sum = (row: ArrayLike<number>): number => Array.from(row).reduce((a, b) => a + b, 0);

describe('threshold', () => {
  it('keeps keys that hold the share, and no fewer would do', () => {
    fc.assert(
      fc.property(weights, share, (row, p) => {
        const threshold = massThreshold(row, p);
        const needed = p * sum(row);
        const kept = row.filter((weight) => weight >= threshold);
        assert.ok(sum(kept) >= needed - 1e-9);
        const above = row.filter((weight) => weight > threshold);
        if (sum(row) > 0) assert.ok(sum(above) < needed);
        else assert.equal(threshold, 0);
      }),
    );
  });

  it('keeps all weights for a share of 1, however they round', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (row) => {
        const threshold = massThreshold(row, 1);
        assert.ok(sum(row.filter((weight) => weight >= threshold)) >= sum(row) * (1 - 1e-6));
      }),
    );
  });

  it('fades what is below it, a pooled value only if it is below each row’s', () => {
    const tile: Tile = {
      pool: 2,
      queries: [0, 4],
      keys: [0, 4],
      rows: 2,
      columns: 2,
      values: Float32Array.of(0.5, 0.1, 0.5, 0.1),
      unit: 1,
    };
    const pixels = new Uint8ClampedArray(16).fill(200);
    fadeBelow(tile, Float32Array.of(0.6, 0.3, NaN, 0.9), [0, 0, 0], pixels);
    const faded = [0, 1, 2, 3].map((cell) => pixels[cell * 4]! < 100);
    assert.deepEqual(faded, [false, true, false, false]);
  });

  describe('of rows in sight', () => {
    const COUNT = 20;
    const map = Float32Array.from({ length: COUNT * COUNT }, (_, at) => ((at * 7919) % 101) / 1000);
    const expected = Array.from({ length: COUNT }, (_, query) =>
      massThreshold(map.subarray(query * COUNT, (query + 1) * COUNT), 0.9),
    );
    const asked: TilePlan[] = [];
    const ask = ({ queries, keys, rows, columns }: TilePlan) => {
      const values = new Float32Array(rows * columns);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          values[row * columns + column] = map[(queries[0] + row) * COUNT + keys[0] + column]!;
      return Promise.resolve({ generation: 1, rows, columns, values });
    };
    const picture = (): Picture =>
      new Picture(
        'one',
        INITIAL_SELECTION,
        ask,
        () => undefined,
        () => undefined,
      );
    const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    beforeEach(() => asked.splice(0));

    it('is taken from the map’s tiles where they hold whole rows', async () => {
      const drawn = picture();
      const extent = { rows: COUNT, columns: COUNT };
      const [whole] = planTiles({ queries: [0, COUNT], keys: [0, COUNT] }, extent, 1);
      drawn.want(whole!, []);
      await settle();
      const thresholds = new RowThresholds(
        drawn,
        COUNT,
        0.9,
        (plan) => (asked.push(plan), ask(plan)),
        () => undefined,
      );
      thresholds.want([3, 9], false);
      assert.deepEqual(
        [...thresholds.values.subarray(3, 9)],
        expected.slice(3, 9).map(Math.fround),
      );
      assert.ok(Number.isNaN(thresholds.values[2]));
      assert.deepEqual(asked, []);
    });

    it('is asked for as whole rows else, once', async () => {
      const thresholds = new RowThresholds(
        picture(),
        COUNT,
        0.9,
        (plan) => (asked.push(plan), ask(plan)),
        () => undefined,
      );
      thresholds.want([3, 9], true);
      assert.deepEqual(asked, []);
      thresholds.want([3, 9], false);
      thresholds.want([3, 9], false);
      await settle();
      thresholds.want([3, 9], false);
      assert.deepEqual(
        asked.map(({ queries, keys }) => [queries, keys]),
        [
          [
            [3, 9],
            [0, COUNT],
          ],
        ],
      );
      assert.deepEqual(
        [...thresholds.values.subarray(3, 9)],
        expected.slice(3, 9).map(Math.fround),
      );
    });

    it('fades nothing when it cannot be had', async () => {
      const thresholds = new RowThresholds(
        picture(),
        COUNT,
        0.9,
        () => Promise.reject(new ChannelError('engineDown', 'Down.')),
        () => undefined,
      );
      thresholds.want([3, 9], false);
      await settle();
      thresholds.want([3, 9], false);
      assert.ok(thresholds.values.every(Number.isNaN));
    });
  });
});
