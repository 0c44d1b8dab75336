/** IEEE 754 binary16, the storage format of the bundled weights. */

const FLOAT32_MANTISSA_BITS = 23;
const FLOAT16_MANTISSA_BITS = 10;
const DROPPED_BITS = FLOAT32_MANTISSA_BITS - FLOAT16_MANTISSA_BITS;
/** float32's exponent bias less float16's. */
const BIAS_DIFFERENCE = 127 - 15;
const INFINITY_BITS = 0x7c00;
const QUIET_NAN_BITS = 0x7e00;
/** float32 bits of 65520, halfway between the largest finite float16 and the next step. */
const OVERFLOW = 0x477ff000;
/** float32 bits of 2⁻¹⁴, the smallest normal float16. */
const SMALLEST_NORMAL = 0x38800000;

/**
 * Rounds float32 numbers to the nearest float16, ties to even.
 * Returns the float16 bit patterns; what is too large becomes an infinity, NaN stays NaN.
 */
export function toFloat16Bits(values: Float32Array): Uint16Array {
  const patterns = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  // A plain loop: `Uint16Array.from` takes ten times as long over 20 million weights.
  for (let index = 0; index < halves.length; index++) halves[index] = halfOf(patterns[index] ?? 0);
  return halves;
}

/** The float32 numbers that float16 bit patterns stand for, exactly. */
export function fromFloat16Bits(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, numberOf);
}

function halfOf(pattern: number): number {
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | QUIET_NAN_BITS;
  if (magnitude >= OVERFLOW) return sign | INFINITY_BITS;
  if (magnitude >= SMALLEST_NORMAL) {
    const rebased = magnitude - (BIAS_DIFFERENCE << FLOAT32_MANTISSA_BITS);
    // A carry out of the mantissa runs into the exponent, which is just what rounding up means.
    return sign | roundedShift(rebased, DROPPED_BITS);
  }
  return sign | subnormalOf(magnitude);
}

/** float16 has no exponent here: the value is a multiple of 2⁻²⁴. */
function subnormalOf(magnitude: number): number {
  const exponent = magnitude >>> FLOAT32_MANTISSA_BITS;
  const shift = DROPPED_BITS + BIAS_DIFFERENCE + 1 - exponent;
  if (shift > FLOAT32_MANTISSA_BITS + 1) return 0;
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  return roundedShift(mantissa, shift);
}

function roundedShift(value: number, shift: number): number {
  const kept = value >>> shift;
  const dropped = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const roundUp = dropped > half || (dropped === half && (kept & 1) === 1);
  return roundUp ? kept + 1 : kept;
}

function numberOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> FLOAT16_MANTISSA_BITS) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0x1f) return mantissa ? NaN : sign * Infinity;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
