/** From the scores of one query to what they weigh. */
import { exactScore } from './exact';
import { exp4 } from './exp';
import { Head } from './head';
import { BLOCK } from './scores';

const NOTHING: f32 = -f32.MAX_VALUE;
/** Takes the place of −∞ where it is multiplied with 0. */
const FAR: f32 = -1000;
/** Bytes of a row that are summed in float32; their sums are summed in float64. */
const RUN: usize = 512;
/** A larger weight shows the error of its score. */
const GOOD_PART: f64 = 0.03;

/** The largest of `count` scores (a multiple of four) and the sink's; −∞ where no key is left. */
export function largest(head: Head, scores: usize, count: i32): f32 {
  const end = scores + (<usize>count << 2);
  let most = f32x4.splat(NOTHING);
  for (let at = scores; at < end; at += 16) most = f32x4.pmax(most, v128.load(at));
  const top = max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
  return top == NOTHING ? -Infinity : max(top, head.sink);
}

/** The sink's power, e^(its score − top). */
@inline
function beside(head: Head, top: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(head.sink - top)), 0);
}

/** Adds four float32 lanes to a float64 sum. */
@inline
function withLanes(sum: f64, lanes: v128): f64 {
  const pairs = f64x2.add(
    f64x2.promote_low_f32x4(lanes),
    f64x2.promote_low_f32x4(i64x2.shuffle(lanes, lanes, 1, 0)),
  );
  return sum + (f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1));
}

/**
 * Replaces the scores of query `q` and blocks [first, last) by e^(score − top), where top
 * is the {@link largest}. Returns their sum with the sink's.
 */
export function raise(head: Head, q: i32, first: i32, last: i32, scores: usize, top: f32): f64 {
  const shift = f32x4.splat(top);
  const end = scores + (<usize>((last - first) * BLOCK) << 2);
  let sum: f64 = 0;
  for (let at = scores; at < end;) {
    const pause = min(end, at + RUN);
    let sums = f32x4.splat(0);
    for (; at < pause; at += 16) {
      const power = exp4(f32x4.sub(v128.load(at), shift));
      v128.store(at, power);
      sums = f32x4.add(sums, power);
    }
    sum = withLanes(sum, sums);
  }
  return sharpen(head, q, first * BLOCK, scores, end, top, sum + beside(head, top));
}

/**
 * As {@link raise}. Writes to `moments`, of the weights w that come of it: −Σ w·log₂ w,
 * Σ w·|q − key| and Σ w·(q − key)².
 */
export function raiseWithMoments(
  head: Head, q: i32, first: i32, last: i32, scores: usize, top: f32, moments: usize,
): f64 {
  const shift = f32x4.splat(top);
  const end = scores + (<usize>((last - first) * BLOCK) << 2);
  let apart = f32x4.add(f32x4.splat(<f32>(first * BLOCK - q)), f32x4(0, 1, 2, 3));
  let sum: f64 = 0, log: f64 = 0, distance: f64 = 0, square: f64 = 0;
  for (let at = scores; at < end;) {
    const pause = min(end, at + RUN);
    let sums = f32x4.splat(0), logs = sums, distances = sums, squares = sums;
    for (; at < pause; at += 16) {
      const difference = f32x4.sub(v128.load(at), shift);
      const power = exp4(difference);
      v128.store(at, power);
      sums = f32x4.add(sums, power);
      logs = f32x4.add(logs, f32x4.mul(power, f32x4.pmax(difference, f32x4.splat(FAR))));
      const far = f32x4.mul(power, f32x4.abs(apart));
      distances = f32x4.add(distances, far);
      squares = f32x4.add(squares, f32x4.mul(far, f32x4.abs(apart)));
      apart = f32x4.add(apart, f32x4.splat(4));
    }
    sum = withLanes(sum, sums);
    log = withLanes(log, logs);
    distance = withLanes(distance, distances);
    square = withLanes(square, squares);
  }
  const whole = sum + beside(head, top);
  // −Σ w·ln w with ln w = difference − ln whole.
  const entropy = (sum * Math.log(whole) - log) / whole;
  store<f32>(moments, <f32>(entropy * Math.LOG2E));
  store<f32>(moments, <f32>(distance / whole), 4);
  store<f32>(moments, <f32>(square / whole), 8);
  return sharpen(head, q, first * BLOCK, scores, end, top, whole);
}

/**
 * Computes those of a row's powers again that are a good part of `whole`, their sum with
 * the sink's, from scores in float64 ({@link exactScore}). Returns the sum of what is then
 * there. `key`: the one that `scores` begins with.
 */
function sharpen(
  head: Head, q: i32, key: i32, scores: usize, end: usize, top: f32, whole: f64,
): f64 {
  const good = <f32>(GOOD_PART * whole);
  // No power is above 1; additive scores are small enough as they are.
  if (good >= 1 || head.v) return whole;
  for (let at = scores; at < end; at += 16) {
    if (v128.any_true(f32x4.gt(v128.load(at), f32x4.splat(good)))) {
      for (let each = at; each < at + 16; each += 4) {
        const power = load<f32>(each);
        if (power <= good) continue;
        const score = exactScore(head, q, key + <i32>((each - scores) >> 2));
        const exact = f32x4.extract_lane(exp4(f32x4.splat(<f32>(score - top))), 0);
        store<f32>(each, exact);
        whole += <f64>exact - <f64>power;
      }
    }
  }
  return whole;
}
