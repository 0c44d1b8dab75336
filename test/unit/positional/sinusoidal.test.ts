import assert from 'node:assert';
import fc from 'fast-check';
import { scaledSinusoidalTable, scaleEncoding } from '../../../server/positional/encodingScale';
import { PositionError } from '../../../server/positional/positionError';
import {
  pairFrequencies,
  sinusoidalRow,
  sinusoidalTable,
  sinusoidalTerm,
} from '../../../server/positional/sinusoidal';
import { perColumn, rotationAngles, wavelengths } from '../../../server/positional/wavelengths';
import reference from '../../reference/positional/encodings.json';
import { closeTo } from './closeTo';

const refuses = (reason: string, run: () => unknown) =>
  assert.throws(run, (error: unknown) => error instanceof PositionError && error.reason === reason);

describe('sinusoidal encoding', () => {
  for (const { positions, width, base, last, sum } of reference.sinusoidal) {
    it(`equals NumPy's for ${positions} positions of width ${width}, base ${base}`, () => {
      const table = sinusoidalTable(positions, width, base);
      const columns = Array.from({ length: width }, (_, column) =>
        Array.from({ length: positions }, (_, row) => table[row * width + column]!).reduce(
          (a, b) => a + b,
        ),
      );
      closeTo(table.subarray(-width), last, 1e-9);
      closeTo(columns, sum, 1e-9);
      closeTo(sinusoidalRow(positions - 1, width, base), last, 1e-9);
    });
  }

  it('starts with sines of 0 and cosines of 1', () => {
    assert.deepEqual([...sinusoidalRow(0, 6)], [0, 1, 0, 1, 0, 1]);
  });

  it('names the formula of a cell', () => {
    const term = sinusoidalTerm(3, 5, 8);
    assert.equal(term.wave, 'cos');
    assert.equal(term.pair, 2);
    assert.equal(term.exponent, 0.5);
    assert.ok(Math.abs(term.frequency - 0.01) < 1e-15);
    assert.equal(term.value, sinusoidalRow(3, 8)[5]);
  });

  it('refuses odd widths, bad bases and bad positions', () => {
    for (const width of [0, 1, 7, 2.5, NaN]) refuses('width', () => sinusoidalTable(3, width));
    for (const base of [0, -1, NaN, Infinity, 1]) refuses('base', () => pairFrequencies(4, base));
    refuses('position', () => sinusoidalRow(NaN, 4));
    refuses('position', () => sinusoidalTable(-1, 4));
    refuses('shape', () => sinusoidalTerm(1, 8, 8));
  });

  it('has products of rows that depend on their distance alone', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.nat(200), (i, j, shift) => {
        const product = (a: number, b: number) => {
          const [left, right] = [sinusoidalRow(a, 12), sinusoidalRow(b, 12)];
          return left.reduce((sum, value, column) => sum + value * right[column]!, 0);
        };
        assert.ok(Math.abs(product(i, j) - product(i + shift, j + shift)) < 1e-9);
      }),
    );
  });
});

describe('scale factor', () => {
  it('equals NumPy in both variants', () => {
    closeTo(scaledSinusoidalTable(6, 8, 2.5, 'chapter'), reference.scaled.chapter, 1e-11);
    closeTo(scaledSinusoidalTable(6, 8, 2.5, 'usual'), reference.scaled.usual, 1e-11);
  });

  it("doubles the width in the chapter's variant, sines first", () => {
    assert.equal(scaleEncoding([1, 2, 3], 4, 'chapter').length, 6);
    closeTo(scaleEncoding([0, 1], 10, 'chapter'), [0, Math.sin(10), 1, Math.cos(10)], 0);
    closeTo(scaleEncoding([1, -2], 10, 'usual'), [10, -20], 0);
  });

  it('refuses scales that are not above 0 and widths that do not fit', () => {
    for (const scale of [0, -1, NaN, Infinity])
      refuses('scale', () => scaleEncoding([1], scale, 'usual'));
    refuses('width', () => scaledSinusoidalTable(3, 6, 1, 'chapter'));
  });
});

describe('wavelengths and angles', () => {
  it('are 2π for the first pair and base · 2π at the end of the scale', () => {
    const waves = wavelengths(pairFrequencies(8));
    assert.equal(waves[0], 2 * Math.PI);
    assert.ok(Math.abs(waves[2]! - 200 * Math.PI) < 1e-9);
  });

  it('lie within one turn', () => {
    closeTo(rotationAngles([1, 0.5], 7), [7 - 2 * Math.PI, 3.5], 1e-12);
    closeTo(rotationAngles([1], -1), [2 * Math.PI - 1], 1e-12);
  });

  it('spread over the columns of a pair', () => {
    assert.deepEqual([...perColumn([1, 2], 'interleaved')], [1, 1, 2, 2]);
    assert.deepEqual([...perColumn([1, 2], 'halfSplit')], [1, 2, 1, 2]);
  });
});
