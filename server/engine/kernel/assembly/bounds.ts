/** What can be said of weights without the sum over a row. */
import { exp4 } from './exp';
import { Head } from './head';
import { BLOCK } from './scores';

/** Keys that a bound is for, half a block. */
const FIRST: i32 = 4;

/**
 * Writes to `result` [4] numbers that the mean weights of the first four keys over all
 * queries are below, but for rounding. The exponential is convex, so that the powers of
 * the other keys' scores sum to at least as much as if each key were their mean
 * (Jensen's inequality): one product a query instead of one for each key. For scores
 * that are scale·q·k alone, of which the mask hides none. `mean`: [size], scratch.
 */
export function receivedAtMost(
  head: Head, queries: i32, keys: i32, mean: usize, result: usize,
): void {
  const others = max(0, keys - FIRST);
  meanOfOthers(head, others, mean);
  const unused = v128.load(head.bias);
  let total = f32x4.splat(0);
  for (let q = 0; q < queries; q++) {
    const query = head.query + (<usize>(q * head.size) << 2);
    const scores = f32x4.add(firstScores(head, query), unused);
    const middle = others > 0 ? head.scale * dot(query, mean, head.size) : -Infinity;
    const top = max(
      max(max(f32x4.extract_lane(scores, 0), f32x4.extract_lane(scores, 1)), middle),
      max(f32x4.extract_lane(scores, 2), f32x4.extract_lane(scores, 3)),
    );
    const powers = exp4(f32x4.sub(scores, f32x4.splat(top)));
    const rest = <f32>others * f32x4.extract_lane(exp4(f32x4.splat(middle - top)), 0);
    const sum =
      f32x4.extract_lane(powers, 0) + f32x4.extract_lane(powers, 1) +
      (f32x4.extract_lane(powers, 2) + f32x4.extract_lane(powers, 3)) + rest;
    total = f32x4.add(total, f32x4.div(powers, f32x4.splat(sum)));
  }
  v128.store(result, f32x4.div(total, f32x4.splat(<f32>queries)));
}

/** The mean of all keys but the first four, [size]. */
function meanOfOthers(head: Head, others: i32, mean: usize): void {
  if (others == 0) return;
  const step = <usize>(head.size * BLOCK) << 2;
  const end = head.keys + <usize>head.blocks * step;
  for (let i = 0; i < head.size; i++) {
    const own = head.keys + <usize>i * 32;
    // What pads the last block is 0.
    let low = f32x4.splat(0), high = v128.load(own, 16);
    for (let key = own + step; key < end; key += step) {
      low = f32x4.add(low, v128.load(key));
      high = f32x4.add(high, v128.load(key, 16));
    }
    const sums = f32x4.add(low, high);
    const sum =
      f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) +
      (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
    store<f32>(mean + (<usize>i << 2), sum / <f32>others);
  }
}

/** Scores of the first four keys; two sums, so that one addition need not wait for the other. */
@inline
function firstScores(head: Head, query: usize): v128 {
  const end = query + (<usize>head.size << 2);
  let key = head.keys;
  let even = f32x4.splat(0), odd = even;
  for (; query + 4 < end; query += 8) {
    even = f32x4.add(even, f32x4.mul(v128.load32_splat(query), v128.load(key)));
    odd = f32x4.add(odd, f32x4.mul(v128.load32_splat(query, 4), v128.load(key, 32)));
    key += 64;
  }
  if (query < end) even = f32x4.add(even, f32x4.mul(v128.load32_splat(query), v128.load(key)));
  return f32x4.mul(f32x4.add(even, odd), f32x4.splat(head.scale));
}

@inline
function dot(left: usize, right: usize, size: i32): f32 {
  let sums = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    const at = <usize>i << 2;
    sums = f32x4.add(sums, f32x4.mul(v128.load(left + at), v128.load(right + at)));
  }
  let sum =
    f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  for (; i < size; i++) {
    const at = <usize>i << 2;
    sum += load<f32>(left + at) * load<f32>(right + at);
  }
  return sum;
}
