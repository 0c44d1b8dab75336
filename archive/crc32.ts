const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest >>> 0;
});

/** The CRC-32 of ISO 3309, as PNG and ZIP use it; `before` is that of the bytes before these. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let rest = ~before >>> 0;
  for (const byte of bytes) rest = TABLE[(rest ^ byte) & 0xff]! ^ (rest >>> 8);
  return ~rest >>> 0;
}
