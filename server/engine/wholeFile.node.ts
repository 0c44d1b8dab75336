/** Large files on disk: Node's own functions end at two gigabytes. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const PIECE = 256 * 1024 * 1024;

/** The whole file; rejects as `node:fs` does. */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array((await file.stat()).size);
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await file.read(bytes, at, Math.min(PIECE, bytes.length - at), at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** Lower-case hex of the SHA-256; unlike Web Crypto's it needs no copy of the bytes. */
export function hashInPieces(bytes: Uint8Array): string {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += PIECE) hash.update(bytes.subarray(at, at + PIECE));
  return hash.digest('hex');
}
