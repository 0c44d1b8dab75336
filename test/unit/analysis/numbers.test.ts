import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  defaultThumbnail,
  fittingMapSize,
  largestThumbnail,
  MAX_MAP_CELLS,
} from '../../../server/analysis/answerSize';
import {
  decodeNumbers,
  encodeBytes,
  encodeNumbers,
  entropy,
} from '../../../server/analysis/numbers';
import { MAX_ANSWER_BYTES } from '../../../server/protocol';

describe('numbers on the wire', () => {
  it('are base64 of little-endian float32', () => {
    const values = Float32Array.of(1, -0.5, Infinity);
    const expected = Buffer.alloc(12);
    values.forEach((value, index) => expected.writeFloatLE(value, index * 4));
    assert.equal(encodeNumbers(values), expected.toString('base64'));
    assert.deepEqual(decodeNumbers(encodeNumbers(values)), values);
  });

  it('encode many bytes', () => {
    const bytes = Uint8Array.from({ length: 700_000 }, (_, index) => index % 251);
    assert.equal(encodeBytes(bytes), Buffer.from(bytes).toString('base64'));
  });

  it('measure entropy in bits of the weights over their sum', () => {
    assert.equal(entropy(Float32Array.of(0.1, 0.1, 0.1, 0.1)), 2);
    assert.equal(entropy(Float32Array.of(0, 1, 0)), 0);
    assert.equal(entropy(new Float32Array(5)), 0);
  });
});

describe('the size of an answer', () => {
  it('keeps what fits and shrinks the rest to what just fits', () => {
    assert.deepEqual(fittingMapSize({ rows: 400, columns: 400 }), { rows: 400, columns: 400 });
    const size = fc.record({
      rows: fc.integer({ min: 1, max: 10_000 }),
      columns: fc.integer({ min: 1, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(size, (region) => {
        const { rows, columns } = fittingMapSize(region);
        assert.ok(rows >= 1 && rows <= region.rows && columns >= 1 && columns <= region.columns);
        assert.ok(rows * columns <= MAX_MAP_CELLS);
        if (region.rows * region.columns > MAX_MAP_CELLS)
          assert.ok((rows + 1) * (columns + 1) > MAX_MAP_CELLS);
      }),
    );
  });

  it('stays below the limit when full', () => {
    const full = encodeNumbers(new Float32Array(MAX_MAP_CELLS));
    assert.ok(full.length < MAX_ANSWER_BYTES);
    assert.ok(full.length > MAX_ANSWER_BYTES * 0.99);
    const heads = 72;
    const edge = largestThumbnail(heads);
    assert.ok((heads * edge * edge * 4) / 3 + (heads * 4 * 4) / 3 < MAX_ANSWER_BYTES);
  });

  it('makes thumbnails no larger than the tokens, than 64, or than what fits', () => {
    assert.equal(defaultThumbnail(72, 512), 64);
    assert.equal(defaultThumbnail(72, 7), 7);
    assert.ok(defaultThumbnail(10_000, 512) < 10);
  });
});
