/**
 * Scores in float64. A float32 score of 100 is off by some 1e-5, and so is the weight that
 * comes of it where the weight is large; where it is small, the error is as small.
 */
import { exp4 } from './exp';
import { Head } from './head';
import { addedAt, BLOCK } from './scores';
import { tanh4 } from './tanh';

/** Scores less than this below a row's sum are worth computing again: weights above 0.03. */
const CLOSE: f32 = -3.5;

/** q·k in float64: two products a step of each pair of sums. */
@inline
function dot(query: usize, column: usize, size: i32): f64 {
  const end = query + (<usize>size << 2);
  let even = f64x2.splat(0), odd = even;
  for (; query + 16 <= end; query += 16) {
    const left = v128.load(query);
    let right = v128.load32_zero(column);
    right = v128.load32_lane(column, right, 1, 32);
    right = v128.load32_lane(column, right, 2, 64);
    right = v128.load32_lane(column, right, 3, 96);
    even = f64x2.add(even, f64x2.mul(widened(left), widened(right)));
    odd = f64x2.add(odd, f64x2.mul(widened(behind(left)), widened(behind(right))));
    column += 128;
  }
  const sums = f64x2.add(even, odd);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; query < end; query += 4) {
    sum += <f64>load<f32>(query) * <f64>load<f32>(column);
    column += 32;
  }
  return sum;
}

@inline
function widened(floats: v128): v128 {
  return f64x2.promote_low_f32x4(floats);
}

@inline
function behind(floats: v128): v128 {
  return i64x2.shuffle(floats, floats, 1, 0);
}

/** Σ v·tanh(q + k), whose terms are small enough for float32. */
function additive(query: usize, column: usize, size: i32, v: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < size; i++) {
    const at = <usize>i << 2;
    const bent = tanh4(f32x4.splat(load<f32>(query + at) + load<f32>(column + at * BLOCK)));
    sum += load<f32>(v + at) * f32x4.extract_lane(bent, 0);
  }
  return sum;
}

/** One score; the mask is left out of it. */
export function exactScore(head: Head, q: i32, key: i32): f64 {
  const size = head.size;
  const query = head.query + (<usize>(q * size) << 2);
  const column = head.keys + (<usize>((key / BLOCK) * size * BLOCK + (key % BLOCK)) << 2);
  const similarity = head.v ? additive(query, column, size, head.v) : dot(query, column, size);
  let score = similarity * head.exactScale;
  if (head.cap) score = head.cap * Math.tanh(score / head.cap);
  score += load<f32>(head.bias + (<usize>key << 2));
  if (head.places) {
    const places = head.places;
    const ahead = load<f32>(places + (<usize>key << 2)) - load<f32>(places + (<usize>q << 2));
    score -= <f64>head.slope * abs(ahead);
    if (head.added) score += addedAt(head, ahead);
  }
  return score;
}

/**
 * Four neighbouring scores less `whole`, from `key` on. Those close to it are computed
 * again before they are rounded.
 */
@inline
export function related(head: Head, q: i32, key: i32, scores: v128, whole: f64): v128 {
  const high = <f32>whole;
  const low = <f32>(whole - high);
  const differences = f32x4.sub(f32x4.sub(scores, f32x4.splat(high)), f32x4.splat(low));
  const close = f32x4.gt(differences, f32x4.splat(CLOSE));
  return v128.any_true(close) ? again(head, q, key, differences, whole) : differences;
}

function again(head: Head, q: i32, key: i32, differences: v128, whole: f64): v128 {
  if (head.v) return differences;
  let exact = differences;
  const first = f32x4.extract_lane(differences, 0);
  const second = f32x4.extract_lane(differences, 1);
  const third = f32x4.extract_lane(differences, 2);
  const fourth = f32x4.extract_lane(differences, 3);
  if (first > CLOSE) exact = f32x4.replace_lane(exact, 0, <f32>(exactScore(head, q, key) - whole));
  if (second > CLOSE)
    exact = f32x4.replace_lane(exact, 1, <f32>(exactScore(head, q, key + 1) - whole));
  if (third > CLOSE)
    exact = f32x4.replace_lane(exact, 2, <f32>(exactScore(head, q, key + 2) - whole));
  if (fourth > CLOSE)
    exact = f32x4.replace_lane(exact, 3, <f32>(exactScore(head, q, key + 3) - whole));
  return exact;
}

/** e^(score − log-sum-exp) of one pair that the mask leaves. */
@inline
export function exactWeight(head: Head, q: i32, key: i32, logSumExp: f64): f32 {
  const difference = <f32>(exactScore(head, q, key) - logSumExp);
  return f32x4.extract_lane(exp4(f32x4.splat(difference)), 0);
}
