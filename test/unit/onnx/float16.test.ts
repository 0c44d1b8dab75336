import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { fromFloat16Bits, toFloat16Bits } from '../../../server/onnx/float16';

const half = (value: number): number => toFloat16Bits(Float32Array.of(value))[0] ?? NaN;
const number = (bits: number): number => fromFloat16Bits(Uint16Array.of(bits))[0] ?? NaN;

describe('float16', () => {
  it('keeps every number that float16 can hold', () => {
    const every = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
    const back = toFloat16Bits(fromFloat16Bits(every));
    every.forEach((bits, index) => {
      const isNaN = (bits & 0x7fff) > 0x7c00;
      if (isNaN) assert.ok(((back[index] ?? 0) & 0x7fff) > 0x7c00);
      else assert.equal(back[index], bits);
    });
  });

  it('gives what the standard says for known numbers', () => {
    const known: [number, number][] = [
      [1, 0x3c00],
      [-2, 0xc000],
      [0.1, 0x2e66],
      [65504, 0x7bff],
      [65519.996, 0x7bff],
      [65520, 0x7c00],
      [-1e10, 0xfc00],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [2 ** -25 * 1.0001, 0x0001],
      [-0, 0x8000],
      [Infinity, 0x7c00],
      // Ties: to the even neighbour, up and down.
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
      [1.5 * 2 ** -24, 0x0002],
      [2.5 * 2 ** -24, 0x0002],
    ];
    for (const [value, bits] of known) assert.equal(half(value), bits, String(value));
    assert.ok(Number.isNaN(number(half(NaN))));
  });

  it('rounds to the nearest neighbour, a tie to the even one', () => {
    const finite = fc.float({ noNaN: true, min: Math.fround(-65504), max: Math.fround(65504) });
    const tiny = fc.float({ noNaN: true, min: Math.fround(-1e-4), max: Math.fround(1e-4) });
    fc.assert(
      fc.property(fc.oneof(finite, tiny), (value) => {
        const bits = half(value);
        const error = Math.abs(value - number(bits));
        for (const step of [-1, 1]) {
          const neighbour = (bits & 0x7fff) + step;
          if (neighbour < 0 || neighbour >= 0x7c00) continue;
          const other = Math.abs(value - number((bits & 0x8000) | neighbour));
          assert.ok(error < other || (error === other && bits % 2 === 0));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
