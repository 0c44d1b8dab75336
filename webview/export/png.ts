import { zlibSync } from 'fflate';
import { crc32 } from '../../archive/crc32';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, type, and checksum of a chunk. */
const CHUNK_FRAME = 12;
/** IHDR, which comes first, with its frame. */
const HEADER_END = SIGNATURE.length + CHUNK_FRAME + 13;
const INCHES_PER_METRE = 1 / 0.0254;
/** CSS pixels to an inch. */
const CSS_DENSITY = 96;

/** An RGB picture as PNG (ISO/IEC 15948): 8 bits a channel, `rgba`'s alpha is left out. */
export function encodePng(rgba: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const rows = new Uint8Array(height * (1 + 3 * width));
  let to = 0;
  for (let row = 0; row < height; row++) {
    to++;
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * 4;
      rows[to++] = rgba[from]!;
      rows[to++] = rgba[from + 1]!;
      rows[to++] = rgba[from + 2]!;
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2], 8);
  return joined([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** What a PNG says of itself: international text by keyword, and how many pixels stand for a CSS pixel. */
export function withText(
  png: Uint8Array,
  texts: Readonly<Record<string, string>>,
  scale: number,
): Uint8Array {
  const encoder = new TextEncoder();
  const chunks = Object.entries(texts).map(([keyword, text]) =>
    // Keyword, not compressed, no language, no translated keyword.
    chunk('iTXt', joined([encoder.encode(keyword), new Uint8Array(5), encoder.encode(text)])),
  );
  const density = new Uint8Array(9);
  const perMetre = Math.round(CSS_DENSITY * scale * INCHES_PER_METRE);
  new DataView(density.buffer).setUint32(0, perMetre);
  new DataView(density.buffer).setUint32(4, perMetre);
  density[8] = 1;
  return joined([
    png.subarray(0, HEADER_END),
    chunk('pHYs', density),
    ...chunks,
    png.subarray(HEADER_END),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHUNK_FRAME + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Bytes as a `data:` address. */
export function pngAddress(png: Uint8Array): string {
  let text = '';
  const step = 0x8000;
  for (let at = 0; at < png.length; at += step)
    text += String.fromCharCode(...png.subarray(at, at + step));
  return `data:image/png;base64,${btoa(text)}`;
}
