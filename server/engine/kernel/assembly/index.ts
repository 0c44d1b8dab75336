/**
 * The attention kernel in WebAssembly SIMD. Memory belongs to the caller, who
 * passes addresses of float32 arrays, all of them 16-byte aligned:
 *
 *   query  [token][size]; three more rows behind it may be read, never used
 *   keys   [token / 8][size][8]: blocks of eight keys side by side, so that one
 *          step of the inner loop takes one number of eight keys at once
 *   bias   [key]: added to scores; −∞ where a key is masked or is padding to eight
 *   row    [4][stride]: scores of four queries, scratch
 *
 * `first` and `last` number blocks of eight keys; a row's arrays begin with
 * block `first`.
 */
import { exp4 } from './exp';
import { Head } from './head';
import { tanh4 } from './tanh';

export { fromHalves, toHalves } from './halves';

const BLOCK: i32 = 8;
const NOTHING: f32 = -f32.MAX_VALUE;

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

/**
 * Writes the log-sum-exp of queries [from, to) to `result` [query], indexed by
 * the query; +∞ where a row has no key left.
 */
export function logSumExp(
  head: Head, from: i32, to: i32, row: usize, stride: i32, result: usize,
): void {
  for (let q = from; q < to; q += 4) {
    const count = min(4, to - q);
    const first = firstBlock(head, q);
    const last = lastBlock(head, q + count - 1);
    scoreQueries(head, first, last, q, count, row, stride);
    for (let r = 0; r < count; r++) {
      const scores = row + (<usize>(r * stride) << 2);
      const sum = logSumExpOfRow(scores, (last - first) * BLOCK, head.sink);
      store<f32>(result + (<usize>(q + r) << 2), sum);
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
    const bytes = <usize>((high - low) * BLOCK) << 2;
    scoreQueries(head, low, high, q, count, row, stride);
    for (let r = 0; r < count; r++) {
      const whole = f32x4.splat(load<f32>(logSumExps + (<usize>(q + r) << 2)));
      const scores = row + (<usize>(r * stride) << 2);
      const target = sum + (<usize>((q + r - from) * sumStride + (low - first) * BLOCK) << 2);
      for (let at: usize = 0; at < bytes; at += 16) {
        const weight = exp4(f32x4.sub(v128.load(scores + at), whole));
        v128.store(target + at, f32x4.add(v128.load(target + at), weight));
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
    const bytes = <usize>((high - low) * BLOCK) << 2;
    const target = line + (<usize>((low - first) * BLOCK) << 2);
    scoreQueries(head, low, high, q, count, row, stride);
    for (let r = 0; r < count; r++) {
      const whole = f32x4.splat(load<f32>(logSumExps + (<usize>(q + r) << 2)));
      const scores = row + (<usize>(r * stride) << 2);
      for (let at: usize = 0; at < bytes; at += 16) {
        const weight = f32x4.sub(v128.load(scores + at), whole);
        v128.store(target + at, f32x4.pmax(v128.load(target + at), weight));
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
  const size = head.size;
  const column = head.keys + (<usize>((key / BLOCK) * size * BLOCK + (key % BLOCK)) << 2);
  for (let q = from; q < to; q++) {
    const numbers = head.query + (<usize>(q * size) << 2);
    let similarity: f32 = 0;
    for (let i = 0; i < size; i++) {
      const at = <usize>i << 2;
      const left = load<f32>(numbers + at);
      const right = load<f32>(column + at * BLOCK);
      if (head.v) {
        const bent = f32x4.extract_lane(tanh4(f32x4.splat(left + right)), 0);
        similarity += load<f32>(head.v + at) * bent;
      } else similarity += left * right;
    }
    let score = similarity * head.scale;
    if (head.cap) {
      const bent = tanh4(f32x4.splat(score / head.cap));
      score = head.cap * f32x4.extract_lane(bent, 0);
    }
    score += load<f32>(head.bias + (<usize>key << 2));
    if (head.places) {
      const places = head.places;
      const ahead = load<f32>(places + (<usize>key << 2)) - load<f32>(places + (<usize>q << 2));
      score -= head.slope * abs(ahead);
      if (head.added) score += addedAt(head, ahead);
    }
    const at = <usize>q << 2;
    const weight = exp4(f32x4.splat(score - load<f32>(logSumExps + at)));
    store<f32>(sum + at, load<f32>(sum + at) + f32x4.extract_lane(weight, 0));
  }
}

/** The first block that query `q` sees anything of. */
@inline
function firstBlock(head: Head, q: i32): i32 {
  return max(0, q - head.behind) / BLOCK;
}

/** The block behind the last one that query `q` sees anything of. */
@inline
function lastBlock(head: Head, q: i32): i32 {
  return min(head.blocks, (q + head.ahead) / BLOCK + 1);
}

/** Scores of `count` ≤ 4 queries from `q` on, masked, into `row`. */
@inline
function scoreQueries(
  head: Head, first: i32, last: i32, q: i32, count: i32, row: usize, stride: i32,
): void {
  const size = head.size;
  const numbers = head.query + (<usize>(q * size) << 2);
  if (head.v) {
    for (let r = 0; r < count; r++) {
      const query = numbers + (<usize>(r * size) << 2);
      scoreAdditive(head, query, first, last, row + (<usize>(r * stride) << 2));
    }
  } else {
    // Scores are bent before anything is added to them.
    const bias = head.cap ? head.zeros : head.bias;
    if (count == 1) scoreOne(numbers, head.keys, size, head.scale, bias, first, last, row);
    else scoreFour(numbers, head.keys, size, head.scale, bias, first, last, row, stride);
  }
  for (let r = 0; r < count; r++) {
    const scores = row + (<usize>(r * stride) << 2);
    if (head.cap) bend(head, first, last, scores);
    if (head.places) {
      subtractDistances(head, first, last, q + r, scores);
      if (head.added) addByDistance(head, first, last, q + r, scores);
    }
    hide(scores, 0, q + r - head.behind - first * BLOCK, last - first);
    hide(scores, q + r + head.ahead + 1 - first * BLOCK, i32.MAX_VALUE, last - first);
  }
}

/** Masks those of so many blocks' scores that lie in [from, to). */
@inline
function hide(scores: usize, from: i32, to: i32, blocks: i32): void {
  const end = min(to, blocks * BLOCK);
  for (let key = max(0, from); key < end; key++) store<f32>(scores + (<usize>key << 2), -Infinity);
}

/** Bends the scores of one query towards ±cap and adds the bias. */
function bend(head: Head, first: i32, last: i32, scores: usize): void {
  const cap = f32x4.splat(head.cap);
  const masks = head.bias + (<usize>(first * BLOCK) << 2);
  const bytes = <usize>((last - first) * BLOCK) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const bent = f32x4.mul(cap, tanh4(f32x4.div(v128.load(scores + at), cap)));
    v128.store(scores + at, f32x4.add(bent, v128.load(masks + at)));
  }
}

/** What a key adds that stands so far behind the query. */
@inline
function addedAt(head: Head, ahead: f32): f32 {
  const reach = <f32>head.reach;
  const column = <i32>(max(-reach, min(reach, ahead)) + reach);
  return load<f32>(head.added + (<usize>column << 2));
}

/** Adds to the scores of one query what each key's distance brings. */
function addByDistance(head: Head, first: i32, last: i32, q: i32, scores: usize): void {
  const here = load<f32>(head.places + (<usize>q << 2));
  const places = head.places + (<usize>(first * BLOCK) << 2);
  const bytes = <usize>((last - first) * BLOCK) << 2;
  for (let at: usize = 0; at < bytes; at += 4) {
    const sum = load<f32>(scores + at) + addedAt(head, load<f32>(places + at) - here);
    store<f32>(scores + at, sum);
  }
}

/** Subtracts slope · |place of the query − place of the key| from the scores of one query. */
function subtractDistances(head: Head, first: i32, last: i32, q: i32, scores: usize): void {
  const here = f32x4.splat(load<f32>(head.places + (<usize>q << 2)));
  const slope = f32x4.splat(head.slope);
  const places = head.places + (<usize>(first * BLOCK) << 2);
  const bytes = <usize>((last - first) * BLOCK) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const apart = f32x4.abs(f32x4.sub(here, v128.load(places + at)));
    v128.store(scores + at, f32x4.sub(v128.load(scores + at), f32x4.mul(slope, apart)));
  }
}

/** Additive scores of one query: eight keys a step, which is all that tanh leaves room for. */
function scoreAdditive(head: Head, query: usize, first: i32, last: i32, row: usize): void {
  const width = <usize>head.size << 2;
  const factor = f32x4.splat(head.scale);
  let key = head.keys + <usize>first * (width * BLOCK);
  let masks = head.bias + (<usize>(first * BLOCK) << 2);
  for (let block = first; block < last; block++) {
    let low = f32x4.splat(0), high = low;
    for (let at: usize = 0; at < width; at += 4) {
      const number = v128.load32_splat(query + at);
      const v = v128.load32_splat(head.v + at);
      low = f32x4.add(low, f32x4.mul(v, tanh4(f32x4.add(number, v128.load(key)))));
      high = f32x4.add(high, f32x4.mul(v, tanh4(f32x4.add(number, v128.load(key, 16)))));
      key += 32;
    }
    v128.store(row, f32x4.add(f32x4.mul(low, factor), v128.load(masks)));
    v128.store(row, f32x4.add(f32x4.mul(high, factor), v128.load(masks, 16)), 16);
    masks += 32;
    row += 32;
  }
}

/** Four queries times eight keys a step: eight accumulators fill half of x64's registers. */
function scoreFour(
  query: usize, keys: usize, size: i32, scale: f32, bias: usize, first: i32, last: i32,
  row: usize, stride: i32,
): void {
  const width = <usize>size << 2;
  const next = <usize>stride << 2;
  const factor = f32x4.splat(scale);
  let key = keys + <usize>first * (width * BLOCK);
  let masks = bias + (<usize>(first * BLOCK) << 2);
  for (let block = first; block < last; block++) {
    let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
    const end = query + width;
    for (let q = query; q < end; q += 4) {
      const low = v128.load(key);
      const high = v128.load(key, 16);
      const a = v128.load32_splat(q);
      const b = v128.load32_splat(q + width);
      const c = v128.load32_splat(q + 2 * width);
      const d = v128.load32_splat(q + 3 * width);
      a0 = f32x4.add(a0, f32x4.mul(a, low));
      a1 = f32x4.add(a1, f32x4.mul(a, high));
      b0 = f32x4.add(b0, f32x4.mul(b, low));
      b1 = f32x4.add(b1, f32x4.mul(b, high));
      c0 = f32x4.add(c0, f32x4.mul(c, low));
      c1 = f32x4.add(c1, f32x4.mul(c, high));
      d0 = f32x4.add(d0, f32x4.mul(d, low));
      d1 = f32x4.add(d1, f32x4.mul(d, high));
      key += 32;
    }
    const low = v128.load(masks);
    const high = v128.load(masks, 16);
    v128.store(row, f32x4.add(f32x4.mul(a0, factor), low));
    v128.store(row, f32x4.add(f32x4.mul(a1, factor), high), 16);
    v128.store(row + next, f32x4.add(f32x4.mul(b0, factor), low));
    v128.store(row + next, f32x4.add(f32x4.mul(b1, factor), high), 16);
    v128.store(row + 2 * next, f32x4.add(f32x4.mul(c0, factor), low));
    v128.store(row + 2 * next, f32x4.add(f32x4.mul(c1, factor), high), 16);
    v128.store(row + 3 * next, f32x4.add(f32x4.mul(d0, factor), low));
    v128.store(row + 3 * next, f32x4.add(f32x4.mul(d1, factor), high), 16);
    masks += 32;
    row += 32;
  }
}

function scoreOne(
  query: usize, keys: usize, size: i32, scale: f32, bias: usize, first: i32, last: i32, row: usize,
): void {
  const width = <usize>size << 2;
  const factor = f32x4.splat(scale);
  let key = keys + <usize>first * (width * BLOCK);
  let masks = bias + (<usize>(first * BLOCK) << 2);
  for (let block = first; block < last; block++) {
    let low = f32x4.splat(0), high = low;
    const end = query + width;
    for (let q = query; q < end; q += 4) {
      const number = v128.load32_splat(q);
      low = f32x4.add(low, f32x4.mul(number, v128.load(key)));
      high = f32x4.add(high, f32x4.mul(number, v128.load(key, 16)));
      key += 32;
    }
    v128.store(row, f32x4.add(f32x4.mul(low, factor), v128.load(masks)));
    v128.store(row, f32x4.add(f32x4.mul(high, factor), v128.load(masks, 16)), 16);
    masks += 32;
    row += 32;
  }
}

/** log Σ e^score of `count` scores (a multiple of four) and the sink's; +∞ where all are −∞. */
function logSumExpOfRow(scores: usize, count: i32, sink: f32): f32 {
  const end = scores + (<usize>count << 2);
  let largest = f32x4.splat(NOTHING);
  for (let at = scores; at < end; at += 16) largest = f32x4.pmax(largest, v128.load(at));
  let top = max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
  if (top == NOTHING) return Infinity;
  top = max(top, sink);
  const shift = f32x4.splat(top);
  let sums = f32x4.splat(0);
  for (let at = scores; at < end; at += 16) {
    sums = f32x4.add(sums, exp4(f32x4.sub(v128.load(at), shift)));
  }
  const sum =
    f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  const beside = f32x4.extract_lane(exp4(f32x4.splat(sink - top)), 0);
  return top + Mathf.log(sum + beside);
}
