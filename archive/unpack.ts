/** Unpacks an entry of an archive: never more than it says, and checked against its CRC. */
import { Inflate } from 'fflate';
import { ArchiveError } from './archiveError';
import { crc32 } from './crc32';
import type { ArchiveEntry } from './directory';
import { pause } from './pause';

/** DEFLATE makes at most 1032 bytes of one: as much comes out of a step before it is looked at, 17 MB. */
const STEP = 2 ** 14;
/** Bytes between two pauses. */
const PAUSE_BYTES = 2 ** 21;

/**
 * What an entry of `archive` holds. Rejects with {@link ArchiveError} `damaged` where that is longer
 * or shorter than the entry says, or has another CRC; `signal` gives it up.
 */
export async function unpack(
  archive: Uint8Array,
  entry: ArchiveEntry,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const packed = archive.subarray(entry.start, entry.end);
  const bytes =
    entry.method === 'stored' ? new Uint8Array(packed) : await inflated(packed, entry, signal);
  let crc = 0;
  for (let at = 0; at < bytes.length; at += PAUSE_BYTES) {
    crc = crc32(bytes.subarray(at, at + PAUSE_BYTES), crc);
    await rest(signal);
  }
  if (crc !== entry.crc) throw new ArchiveError('damaged', entry.name);
  return bytes;
}

async function inflated(
  packed: Uint8Array,
  { name, size }: ArchiveEntry,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let written = 0;
  const inflate = new Inflate((chunk) => {
    if (written + chunk.length > size) throw new ArchiveError('damaged', name);
    bytes.set(chunk, written);
    written += chunk.length;
  });
  let rested = 0;
  for (let at = 0; at < packed.length; at += STEP) {
    pushed(inflate, packed.subarray(at, at + STEP), at + STEP >= packed.length, name);
    if (written - rested < PAUSE_BYTES) continue;
    rested = written;
    await rest(signal);
  }
  if (written !== size) throw new ArchiveError('damaged', name);
  return bytes;
}

/** What the library throws has codes of its own. */
function pushed(inflate: Inflate, chunk: Uint8Array, isLast: boolean, name: string): void {
  try {
    inflate.push(chunk, isLast);
  } catch {
    throw new ArchiveError('damaged', name);
  }
}

async function rest(signal: AbortSignal | undefined): Promise<void> {
  await pause();
  signal?.throwIfAborted();
}
