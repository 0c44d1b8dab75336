/** Arrays of numbers as the protocol writes them: base64 of little-endian bytes. */
import type { Bytes, Numbers } from '../protocol';

/** `btoa` takes a string; longer ones than this overflow the argument list that builds it. */
const CHUNK_BYTES = 0x8000;

export function encodeBytes(bytes: Uint8Array): Bytes {
  let binary = '';
  for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(offset, offset + CHUNK_BYTES));
  }
  return btoa(binary);
}

export function decodeBytes(text: Bytes): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

export function encodeNumbers(values: Float32Array): Numbers {
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) bytes.setFloat32(index * 4, value, true);
  return encodeBytes(new Uint8Array(bytes.buffer));
}

export function decodeNumbers(text: Numbers): Float32Array {
  const bytes = decodeBytes(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) =>
    view.getFloat32(index * 4, true),
  );
}

/**
 * Shannon entropy in bits of weights ÷ their sum; 0 for a row that is all zeros.
 */
export function entropy(weights: Float32Array): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0)) return 0;
  let bits = 0;
  for (const weight of weights) {
    const share = weight / sum;
    if (share > 0) bits -= share * Math.log2(share);
  }
  return bits;
}
