/** Base64 (RFC 4648, section 4) to exactly sized typed arrays, for what the server sends. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const INVALID = 255;
const VALUES = new Uint8Array(128).fill(INVALID);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/** The bytes behind base64 text; the buffer holds nothing else. Throws on anything malformed. */
export function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw new RangeError('Base64 text must come in groups of four.');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const end = text.length - padding;
  let bits = 0;
  let held = 0;
  let written = 0;
  for (let at = 0; at < end; at++) {
    const value = VALUES[text.charCodeAt(at)] ?? INVALID;
    if (value === INVALID) throw new RangeError('Not a base64 character.');
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[written++] = (bits >> held) & 0xff;
    }
  }
  return bytes;
}

/** Little-endian float32 numbers behind base64 text; the buffer holds nothing else. */
export function decodeFloats(text: string): Float32Array<ArrayBuffer> {
  const bytes = decodeBytes(text);
  if (bytes.length % 4 !== 0) throw new RangeError('Not a whole number of float32 values.');
  return new Float32Array(bytes.buffer);
}
