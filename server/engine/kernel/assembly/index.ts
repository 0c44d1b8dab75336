/**
 * The attention kernel in WebAssembly SIMD. Memory belongs to the caller, who
 * passes addresses of float32 arrays, all of them 16-byte aligned:
 *
 *   query  [token][size]; three more rows behind it may be read, never used
 *   keys   [token / 8][size][8]: blocks of eight keys side by side, so that one
 *          step of the inner loop takes one number of eight keys at once
 *   bias   [key]: added to scores; −∞ where a key is masked or is padding to eight
 *   row    [4][stride]: scores of four queries, scratch
 *   logSumExps  float64 [query]
 *
 * `first` and `last` number blocks of eight keys; a row's arrays begin with
 * block `first`.
 */
import { exactWeight, related } from './exact';
import { exp4 } from './exp';
import { Head } from './head';
import { largest, raise, raiseWithMoments } from './rows';
import { BLOCK, firstBlock, lastBlock, scoreQueries } from './scores';

export { receivedAtMost } from './bounds';
export { fromHalves, toHalves } from './halves';

/** Numbers that {@link addRows} finds of a row beside its weights. */
const MOMENTS: i32 = 3;

/** Packs `count` keys [token][size] into blocks; what pads the last one is 0. */
export function packKeys(source: usize, target: usize, count: i32, size: i32): void {
  const blocks = (count + BLOCK - 1) / BLOCK;
  memory.fill(target, 0, <usize>(blocks * size * BLOCK) << 2);
  for (let key = 0; key < count; key++) {
    let to = target + (<usize>((key / BLOCK) * size * BLOCK + (key % BLOCK)) << 2);
    for (let i = 0; i < size; i++) {
      store<f32>(to, load<f32>(source));
      source += 4;
      to += <usize>BLOCK << 2;
    }
  }
}

/** Writes the log-sum-exp of queries [from, to); +∞ where a row has no key left. */
export function logSumExp(
  head: Head, from: i32, to: i32, row: usize, stride: i32, logSumExps: usize,
): void {
  for (let q = from; q < to; q += 4) {
    const count = min(4, to - q);
    const first = firstBlock(head, q);
    const last = lastBlock(head, q + count - 1);
    scoreQueries(head, first, last, q, count, row, stride);
    for (let r = 0; r < count; r++) {
      const scores = row + (<usize>(r * stride) << 2);
      const top = largest(head, scores, (last - first) * BLOCK);
      const sum = top == -Infinity ? Infinity : raise(head, q + r, first, last, scores, top);
      writeLogSumExp(logSumExps, q + r, top, sum);
    }
  }
}

/** Where `top` is −∞, so that no key is left, +∞: weights come out as 0. */
@inline
function writeLogSumExp(logSumExps: usize, q: i32, top: f32, sum: f64): void {
  const whole = top == -Infinity ? Infinity : <f64>top + Math.log(sum);
  store<f64>(logSumExps + (<usize>q << 3), whole);
}

/**
 * Adds whole rows of weights, of queries [from, to), to `sum`, whose rows are `stride`
 * apart and begin with query `from`. Writes {@link MOMENTS} numbers of each to `moments`
 * unless that is 0; those of a row without keys are 0.
 */
export function addRows(
  head: Head, from: i32, to: i32, row: usize, stride: i32, sum: usize, moments: usize,
): void {
  for (let q = from; q < to; q += 4) {
    const count = min(4, to - q);
    const first = firstBlock(head, q);
    const last = lastBlock(head, q + count - 1);
    const bytes = <usize>((last - first) * BLOCK) << 2;
    scoreQueries(head, first, last, q, count, row, stride);
    for (let r = 0; r < count; r++) {
      const scores = row + (<usize>(r * stride) << 2);
      const top = largest(head, scores, (last - first) * BLOCK);
      if (top == -Infinity) continue;
      const own = moments + (<usize>((q + r - from) * MOMENTS) << 2);
      const whole = moments
        ? raiseWithMoments(head, q + r, first, last, scores, top, own)
        : raise(head, q + r, first, last, scores, top);
      const share = f32x4.splat(<f32>(1 / whole));
      const target = sum + (<usize>((q + r - from) * stride + first * BLOCK) << 2);
      for (let at: usize = 0; at < bytes; at += 16) {
        const weight = f32x4.mul(v128.load(scores + at), share);
        v128.store(target + at, f32x4.add(v128.load(target + at), weight));
      }
    }
  }
}

/**
 * Raises `line` [key] to the largest weight of queries [from, to) and writes their
 * log-sum-exps.
 */
export function raiseWholeLine(
  head: Head, from: i32, to: i32, row: usize, stride: i32, logSumExps: usize, line: usize,
): void {
  for (let q = from; q < to; q += 4) {
    const count = min(4, to - q);
    const first = firstBlock(head, q);
    const last = lastBlock(head, q + count - 1);
    const bytes = <usize>((last - first) * BLOCK) << 2;
    const target = line + (<usize>(first * BLOCK) << 2);
    scoreQueries(head, first, last, q, count, row, stride);
    for (let r = 0; r < count; r++) {
      const scores = row + (<usize>(r * stride) << 2);
      const top = largest(head, scores, (last - first) * BLOCK);
      const sum = top == -Infinity ? Infinity : raise(head, q + r, first, last, scores, top);
      writeLogSumExp(logSumExps, q + r, top, sum);
      if (top == -Infinity) continue;
      const share = f32x4.splat(<f32>(1 / sum));
      for (let at: usize = 0; at < bytes; at += 16) {
        const weight = f32x4.mul(v128.load(scores + at), share);
        v128.store(target + at, f32x4.pmax(v128.load(target + at), weight));
      }
    }
  }
}

/**
 * Adds e^(score − log-sum-exp) of queries [from, to) and key blocks [first, last)
 * to `sum`, whose rows are `sumStride` apart and begin with query `from`.
 */
export function addWeights(
  head: Head, first: i32, last: i32, from: i32, to: i32, row: usize, stride: i32,
  logSumExps: usize, sum: usize, sumStride: i32,
): void {
  for (let q = from; q < to; q += 4) {
    const count = min(4, to - q);
    const low = max(first, firstBlock(head, q));
    const high = min(last, lastBlock(head, q + count - 1));
    if (low >= high) continue;
    scoreQueries(head, low, high, q, count, row, stride);
    for (let r = 0; r < count; r++) {
      const whole = load<f64>(logSumExps + (<usize>(q + r) << 3));
      let scores = row + (<usize>(r * stride) << 2);
      let target = sum + (<usize>((q + r - from) * sumStride + (low - first) * BLOCK) << 2);
      for (let key = low * BLOCK; key < high * BLOCK; key += 4) {
        const weight = exp4(related(head, q + r, key, v128.load(scores), whole));
        v128.store(target, f32x4.add(v128.load(target), weight));
        scores += 16;
        target += 16;
      }
    }
  }
}

/**
 * Raises `line` [key] to the largest (score − log-sum-exp) of queries [from, to).
 * The largest weight is its exponential, so that only pooled cells need one.
 */
export function raiseLine(
  head: Head, first: i32, last: i32, from: i32, to: i32, row: usize, stride: i32,
  logSumExps: usize, line: usize,
): void {
  for (let q = from; q < to; q += 4) {
    const count = min(4, to - q);
    const low = max(first, firstBlock(head, q));
    const high = min(last, lastBlock(head, q + count - 1));
    if (low >= high) continue;
    scoreQueries(head, low, high, q, count, row, stride);
    for (let r = 0; r < count; r++) {
      const whole = load<f64>(logSumExps + (<usize>(q + r) << 3));
      let scores = row + (<usize>(r * stride) << 2);
      let target = line + (<usize>((low - first) * BLOCK) << 2);
      for (let key = low * BLOCK; key < high * BLOCK; key += 4) {
        const difference = related(head, q + r, key, v128.load(scores), whole);
        v128.store(target, f32x4.pmax(v128.load(target), difference));
        scores += 16;
        target += 16;
      }
    }
  }
}

/** Replaces `count` floats (a multiple of four) by their exponentials. */
export function exponentials(target: usize, count: i32): void {
  const end = target + (<usize>count << 2);
  for (; target < end; target += 16) v128.store(target, exp4(v128.load(target)));
}

/** Adds e^(score − log-sum-exp) of one key to `sum` [query], for queries [from, to), which all see it. */
export function addColumn(
  head: Head, key: i32, from: i32, to: i32, logSumExps: usize, sum: usize,
): void {
  for (let q = from; q < to; q++) {
    const weight = exactWeight(head, q, key, load<f64>(logSumExps + (<usize>q << 3)));
    const at = <usize>q << 2;
    store<f32>(sum + at, load<f32>(sum + at) + weight);
  }
}
