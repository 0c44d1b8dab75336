import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  chapterPicture,
  NO_PICTURE,
  ropePicture,
  tablePicture,
} from '../../../server/analysis/positionPicture';
import { readChapterSettings } from '../../../server/chapter/settings';
import { ropeFrequencies } from '../../../server/positional/ropeFrequencies';

const WIDTH = 16;

describe('the picture of an encoding', () => {
  it('has in each cell what the formula of the cell says', () => {
    const cell = fc.record({
      position: fc.nat(511),
      dimension: fc.nat(WIDTH - 1),
      scale: fc.double({ min: 0.01, max: 20, noNaN: true }),
      scaleVariant: fc.constantFrom('usual', 'chapter'),
    });
    fc.assert(
      fc.property(cell, ({ position, dimension, scale, scaleVariant }) => {
        const picture = chapterPicture(readChapterSettings({ scale, scaleVariant }), WIDTH, null);
        const formula = picture.formula?.(position, dimension);
        const row = picture.rows?.([position]);
        assert.ok(formula && row);
        assert.ok(Math.abs((row[dimension] ?? NaN) - formula.scaled) < 1e-12);
        assert.ok(Math.abs(Math[formula.wave](formula.angle) - formula.value) < 1e-12);
        const angle = picture.angles?.(position)[dimension] ?? NaN;
        assert.ok(Math.abs(Math[formula.wave](angle) - formula.value) < 1e-9);
        const turns = (picture.wavelengths?.[dimension] ?? NaN) * formula.frequency;
        assert.ok(Math.abs(turns - 2 * Math.PI) < 1e-9);
      }),
    );
  });

  it('writes the formula with its numbers in it', () => {
    const text = (settings: object, position: number, dimension: number): string =>
      chapterPicture(readChapterSettings(settings), WIDTH, null).formula?.(position, dimension)
        .text ?? '';
    assert.equal(text({}, 3, 4), 'PE[3, 4] = sin(3 / 10000^(4/16)) = 0.2955');
    assert.equal(text({}, 3, 5), 'PE[3, 5] = cos(3 / 10000^(4/16)) = 0.9553');
    assert.equal(
      text({ scale: 2 }, 3, 4),
      'PE[3, 4] = sin(3 / 10000^(4/16)) = 0.2955; 2 · 0.2955 = 0.5910',
    );
    assert.equal(
      text({ scale: 10, scaleVariant: 'chapter' }, 1, 9),
      'PE[1, 1] = cos(1 / 10000^(0/8)) = 0.5403; cos(10 · 0.5403) = 0.6370',
    );
    assert.throws(() => text({}, 1, WIDTH), { field: 'dimension' });
  });

  it('has the table’s own rows, wherever they are asked for', () => {
    const table = Float32Array.from({ length: 5 * 2 }, (_, cell) => cell);
    const usual = tablePicture(table, 2, { scale: 3, scaleVariant: 'usual' });
    assert.deepEqual([...(usual.rows?.([4, 0, 4]) ?? [])], [24, 27, 0, 3, 24, 27]);
    const folded = tablePicture(table, 2, { scale: 1, scaleVariant: 'chapter' });
    assert.equal(folded.dimensions, 4);
    assert.deepEqual(
      [...(folded.rows?.([1]) ?? [])],
      [Math.sin(2), Math.sin(3), Math.cos(2), Math.cos(3)],
    );
  });

  it('has for RoPE the cosine and sine of its angles, times the attention factor', () => {
    const rope = ropeFrequencies(8, 100, { kind: 'yarn', factor: 4, trainedLength: 30 });
    assert.ok(rope.attentionFactor > 1);
    for (const pairing of ['halfSplit', 'interleaved'] as const) {
      const picture = ropePicture(rope, pairing);
      assert.deepEqual([picture.dimensions, picture.attentionFactor], [8, rope.attentionFactor]);
      const row = picture.rows?.([2.5]) ?? [];
      picture.angles?.(2.5).forEach((angle, dimension) => {
        const first = pairing === 'halfSplit' ? dimension < 4 : dimension % 2 === 0;
        const expected = rope.attentionFactor * (first ? Math.cos(angle) : Math.sin(angle));
        assert.ok(Math.abs(expected - (row[dimension] ?? NaN)) < 1e-12);
      });
    }
  });

  it('has nothing where the Chapter model adds nothing', () => {
    for (const encoding of ['rope', 'alibi', 'none']) {
      const picture = chapterPicture(readChapterSettings({ encoding }), WIDTH, null);
      assert.equal(picture, NO_PICTURE);
    }
  });
});
