/** e^x of four floats at once. */

const LOG2_E: f32 = 1.44269504088896341;
/** ln 2 in two parts: the first has few bits, so that n·LN2_HIGH is exact (Cody & Waite 1980). */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** Below it e^x is no normal float32 any more and counts as 0. */
const LOWEST: f32 = -87.3;
const HIGHEST: f32 = 88.0;
/** 1.5·2²³: what is added to it is rounded to a whole number, which its lowest bits then hold. */
const ROUNDING: f32 = 12582912;
const ONE_BITS: i32 = 0x3f80_0000;

/**
 * Within 2 units in the last place for x ≤ 88; exactly 0 below −87.3 and for −∞.
 * x = n·ln 2 + r with |r| ≤ ln 2 / 2; e^r by a polynomial (the coefficients are
 * those of Cephes' expf, Moshier 1989), 2^n through the exponent's bits. Instructions
 * that WebAssembly defines for every NaN and integer take several of the processor's:
 * the ones here take one each.
 */
@inline
export function exp4(x: v128): v128 {
  const visible = f32x4.ge(x, f32x4.splat(LOWEST));
  const clamped = f32x4.pmin(f32x4.pmax(x, f32x4.splat(LOWEST)), f32x4.splat(HIGHEST));
  const rounded = f32x4.add(f32x4.mul(clamped, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDING));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDING));
  const r = f32x4.sub(
    f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(LN2_HIGH))),
    f32x4.mul(n, f32x4.splat(LN2_LOW)),
  );
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.add(i32x4.shl(rounded, 23), i32x4.splat(ONE_BITS));
  return v128.and(f32x4.mul(p, power), visible);
}
