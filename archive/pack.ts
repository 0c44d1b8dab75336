/** Packs files into a zip archive, a piece at a time. */
import { Zip, ZipDeflate } from 'fflate';
import { pause } from './pause';

export interface PackedFile {
  /** A plain file name. */
  name: string;
  bytes: Uint8Array;
}

const STEP = 2 ** 20;

/**
 * The archive's bytes, its files in the order given and all of the same date. `progress` hears
 * 0 … 1; `signal` gives it up.
 */
export async function pack(
  files: readonly PackedFile[],
  date: Date,
  signal?: AbortSignal,
  progress: (share: number) => void = () => undefined,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let done = 0;
  for (const { name, bytes } of files) {
    const file = new ZipDeflate(name, { level: 6 });
    file.mtime = date;
    zip.add(file);
    for (let at = 0; at === 0 || at < bytes.length; at += STEP) {
      const piece = bytes.subarray(at, at + STEP);
      file.push(piece, at + STEP >= bytes.length);
      done += piece.length;
      progress(total === 0 ? 1 : done / total);
      await pause();
      signal?.throwIfAborted();
    }
  }
  zip.end();
  return joined(chunks);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
