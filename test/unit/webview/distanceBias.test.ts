import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alibiBias } from '../../../server/positional/alibi';
import { biasRow, distanceBias, sharedDistances } from '../../../webview/position/distanceBias';

const TOKENS = 9;
const REACH = 3;
const learned = {
  total: TOKENS,
  slopes: null,
  bias: {
    reach: REACH,
    layers: [0],
    buckets: [0, 0, 1, 2, 3, 4, 4],
    values: Float32Array.of(0, 0, 1, 2, 3, 4, 4, 10, 10, 11, 12, 13, 14, 14),
  },
  positionIds: [...Array(TOKENS).keys()],
};
const slopes = { ...learned, bias: null, slopes: Float32Array.of(0.5, 0.25) };
const pairs = fc.record({ head: fc.nat(1), token: fc.nat(TOKENS - 1), key: fc.nat(TOKENS - 1) });

describe('what distance adds, as it is drawn', () => {
  it('is the same in the matrix as in the row of a token', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(learned, slopes), ({ head, token, key }, position) => {
        const bias = distanceBias(position, false);
        assert.ok(bias);
        const row = biasRow(position, { head, token, causal: false });
        const column = Math.max(0, Math.min(bias.columns - 1, key - token - bias.from));
        assert.equal(row[key], bias.values[head * bias.columns + column]);
      }),
    );
  });

  it('counts distances from the query to the key, and ends where the table does', () => {
    const row = biasRow(learned, { head: 1, token: 4, causal: false });
    assert.deepEqual([...row], [10, 10, 10, 11, 12, 13, 14, 14, 14]);
  });

  it('is the slope times the distance for ALiBi, and nothing for keys that are hidden', () => {
    fc.assert(
      fc.property(pairs, ({ head, token, key }) => {
        const row = biasRow(slopes, { head, token, causal: true });
        const expected = key > token ? NaN : alibiBias(slopes.slopes[head]!, token, key);
        assert.ok(Object.is(row[key]! + 0, expected + 0));
      }),
    );
    assert.equal(distanceBias(slopes, true)?.columns, TOKENS);
  });

  it('goes by the positions that tokens have been given', () => {
    const frozen = { ...learned, positionIds: new Array<number>(TOKENS).fill(4) };
    const row = biasRow(frozen, { head: 1, token: 2, causal: false });
    assert.ok(row.every((value) => value === 12));
  });

  it('says which distances have one number', () => {
    const bias = distanceBias(learned, false)!;
    assert.deepEqual(sharedDistances(bias, 1), [-3, -2]);
    assert.deepEqual(sharedDistances(bias, 3), [0, 0]);
    assert.deepEqual(sharedDistances(distanceBias(slopes, false)!, 1), [-7, -7]);
    assert.equal(distanceBias({ ...learned, bias: null }, false), null);
  });
});
