/** Damages a binary file at random: as a cut copy, a broken disk or a person of ill will would. */
import type { Random } from './random';

type Change = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Lengths and counts that a reader must not believe. */
const LARGE = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0x00],
  [0x00, 0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0x00],
  [0x80, 0x94, 0xeb, 0xdc, 0x03],
];

const CHANGES: readonly Change[] = [
  (bytes, random) => overwritten(bytes, random, 1 + random.below(4), () => random.below(256)),
  (bytes, random) => overwritten(bytes, random, 1, (old) => old ^ (1 << random.below(8))),
  (bytes, random) => overwritten(bytes, random, 1 + random.below(8), () => 0),
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, random) => {
    const [start, end] = rangeIn(bytes, random);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  (bytes, random) => {
    const [start, end] = rangeIn(bytes, random);
    return joined(bytes.subarray(0, end), bytes.subarray(start));
  },
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), Uint8Array.from(random.pick(LARGE)), bytes.subarray(at));
  },
  (bytes, random) => {
    const large = random.pick(LARGE);
    const at = random.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + large.length);
    return joined(bytes.subarray(0, at), Uint8Array.from(large), bytes.subarray(end));
  },
];

/** A changed copy. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let changed = bytes;
  for (let step = 1 + random.below(3); step > 0; step--)
    changed = random.pick(CHANGES)(changed, random);
  return changed;
}

function overwritten(
  bytes: Uint8Array,
  random: Random,
  count: number,
  value: (old: number) => number,
): Uint8Array {
  const copy = new Uint8Array(bytes);
  const at = random.below(bytes.length + 1);
  for (let each = at; each < Math.min(bytes.length, at + count); each++) {
    copy[each] = value(copy[each]!);
  }
  return copy;
}

function rangeIn(bytes: Uint8Array, random: Random): [start: number, end: number] {
  const start = random.below(bytes.length + 1);
  return [start, Math.min(bytes.length, start + random.below(2 ** random.below(14)))];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
