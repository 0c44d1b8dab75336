/** A file on disk, of which only what is asked for is read. */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { stampOf } from '../models/fileStamp.node';
import type { ModelFileBytes } from './modelFile';

const PIECE = 1 << 20;
/** What a system reads at once ends at two gigabytes. */
const MOST_AT_ONCE = 1 << 30;

/**
 * `path`: absolute. Throws as `node:fs` does. It is open only while it is read, so that
 * a model in use can be moved or deleted on any system.
 */
export function diskFile(path: string): ModelFileBytes {
  const found = statSync(path, { bigint: true });
  const stamp = stampOf(found);
  return {
    length: Number(found.size),
    stamp,
    read: (offset, length) => readRange(path, stamp, offset, length),
    sha256: () => hashOf(path),
  };
}

function readRange(path: string, stamp: string, offset: number, length: number): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    if (stampOf(fstatSync(descriptor, { bigint: true })) !== stamp) return new Uint8Array(0);
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const most = Math.min(MOST_AT_ONCE, length - at);
      const count = readSync(descriptor, bytes, at, most, offset + at);
      if (count === 0) break;
      at += count;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(descriptor);
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: PIECE }))
    hash.update(piece as Uint8Array);
  return hash.digest('hex');
}
