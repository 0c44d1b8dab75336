/** float16 (IEEE 754 binary16) as storage; everything is computed in float32. */

/** 2¹¹²: a float16's bits, moved to a float32's place, are the number times 2⁻¹¹². */
const REBIAS: f32 = 5.192296858534828e33;
const MAGNITUDE: i32 = 0x7fff;
const SIGN: i32 = i32.MIN_VALUE;
/** The float32 bits of 2⁻¹⁴, the smallest normal float16. */
const SMALLEST_NORMAL: i32 = 0x38800000;
/** 0.5: added to a number below 2⁻¹⁴ it leaves multiples of 2⁻²⁴ in the lowest bits, rounded to even. */
const SUBNORMAL_BITS: i32 = 0x3f000000;
/** Takes 112 off the exponent, and adds all but one of the bits that decide the rounding. */
const REBIAS_AND_ROUND: i32 = 0xfff - (112 << 23);

/** Reads `count` halves and writes as many floats; up to seven more are written behind them. */
export function fromHalves(source: usize, target: usize, count: i32): void {
  const end = source + (<usize>count << 1);
  for (; source < end; source += 16) {
    const halves = v128.load(source);
    v128.store(target, widened(i32x4.extend_low_i16x8_u(halves)));
    v128.store(target, widened(i32x4.extend_high_i16x8_u(halves)), 16);
    target += 32;
  }
}

/**
 * Rounds `count` floats to the nearest halves, ties to even. They are finite and at most
 * 65504. Up to seven more are read behind them and written as well.
 */
export function toHalves(source: usize, target: usize, count: i32): void {
  const end = source + (<usize>count << 2);
  for (; source < end; source += 32) {
    const low = narrowed(v128.load(source));
    const high = narrowed(v128.load(source, 16));
    v128.store(target, i16x8.narrow_i32x4_u(low, high));
    target += 16;
  }
}

@inline
function widened(bits: v128): v128 {
  const magnitude = i32x4.shl(v128.and(bits, i32x4.splat(MAGNITUDE)), 13);
  const sign = v128.and(i32x4.shl(bits, 16), i32x4.splat(SIGN));
  return v128.or(f32x4.mul(magnitude, f32x4.splat(REBIAS)), sign);
}

@inline
function narrowed(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(SIGN));
  const magnitude = v128.xor(x, sign);
  const even = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1));
  const rounded = i32x4.add(i32x4.add(magnitude, i32x4.splat(REBIAS_AND_ROUND)), even);
  const shifted = f32x4.add(magnitude, f32x4.splat(0.5));
  const subnormal = i32x4.sub(shifted, i32x4.splat(SUBNORMAL_BITS));
  const small = i32x4.lt_s(magnitude, i32x4.splat(SMALLEST_NORMAL));
  const bits = v128.bitselect(subnormal, i32x4.shr_u(rounded, 13), small);
  return v128.or(bits, i32x4.shr_u(sign, 16));
}
