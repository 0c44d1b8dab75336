/** Scores of queries with all keys of some blocks, in float32, as index.ts lays memory out. */
import { Head } from './head';
import { tanh4 } from './tanh';

/** Keys of a block. */
export const BLOCK: i32 = 8;

/** The first block that query `q` sees anything of. */
@inline
export function firstBlock(head: Head, q: i32): i32 {
  return max(0, q - head.behind) / BLOCK;
}

/** The block behind the last one that query `q` sees anything of. */
@inline
export function lastBlock(head: Head, q: i32): i32 {
  return min(head.blocks, (q + head.ahead) / BLOCK + 1);
}

/** Scores of `count` ≤ 4 queries from `q` on, masked, into `row`. */
@inline
export function scoreQueries(
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
export function addedAt(head: Head, ahead: f32): f32 {
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
