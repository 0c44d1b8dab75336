/** tanh of four floats at once. */
import { exp4 } from './exp';

const SIGN: i32 = i32.MIN_VALUE;

/**
 * Within 2e-7 of tanh x: 1 − 2 / (e^(2|x|) + 1), with the sign of x. Only the
 * absolute error is that small, which is what a sum of them needs.
 */
@inline
export function tanh4(x: v128): v128 {
  const power = exp4(f32x4.mul(f32x4.abs(x), f32x4.splat(2)));
  const rest = f32x4.div(f32x4.splat(2), f32x4.add(power, f32x4.splat(1)));
  return v128.or(f32x4.sub(f32x4.splat(1), rest), v128.and(x, i32x4.splat(SIGN)));
}
