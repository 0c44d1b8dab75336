/**
 * The directory of a zip archive (PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16), read by hand:
 * libraries believe what it says, and archives come from strangers. Flat archives alone: an entry's
 * name is a plain file name, so that nothing can be meant by it but the entry itself.
 */
import { ArchiveError } from './archiveError';

/** What an archive may have at most. */
export interface ArchiveLimits {
  entries: number;
  /** Of all entries together, unpacked. */
  bytes: number;
}

export interface ArchiveEntry {
  name: string;
  method: 'stored' | 'deflated';
  /** CRC-32 of what it holds. */
  crc: number;
  /** Where its data lies in the archive, half-open. */
  start: number;
  end: number;
  /** Bytes, unpacked. */
  size: number;
}

const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 };
const FIXED = { local: 30, central: 46, end: 22 };
const LONGEST_COMMENT = 0xffff;
/** Encrypted, patched, strongly encrypted, masked. */
const UNREADABLE_FLAGS = 0x2061;
/** CRC and lengths stand behind the data, and 0 before it. */
const BEHIND = 0x8;
const METHODS: { readonly [code: number]: ArchiveEntry['method'] } = { 0: 'stored', 8: 'deflated' };
/** What says that the real number stands in an extension for large archives. */
const IN_ZIP64 = { short: 0xffff, long: 0xffffffff };
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** DEFLATE cannot make more than this of a byte. */
const MOST_GROWTH = 1032;

interface Listed extends Omit<ArchiveEntry, 'start' | 'end'> {
  packed: number;
  /** Of its local header. */
  offset: number;
}

/**
 * The entries of an archive by name. Nothing is unpacked. Throws {@link ArchiveError}; what it
 * returns lies within the archive, does not overlap, and is not larger than `limits` allow.
 */
export function readDirectory(
  archive: Uint8Array,
  limits: ArchiveLimits,
): ReadonlyMap<string, ArchiveEntry> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const { start, count, end } = findDirectory(view);
  if (count > limits.entries) throw new ArchiveError('tooLarge');
  const listed = readListed(view, start, end, count);
  requireLimits(listed, limits);
  return new Map(located(view, listed, start).map((entry) => [entry.name, entry]));
}

/** Where the list of entries lies, and how many it has. */
function findDirectory(view: DataView): { start: number; end: number; count: number } {
  const at = findEnd(view);
  const [disk, startDisk] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
  const [here, count] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [size, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  const isLarge = [count, size, start].some(
    (value, index) => value === (index === 0 ? IN_ZIP64.short : IN_ZIP64.long),
  );
  if (isLarge || disk !== 0 || startDisk !== 0 || here !== count)
    throw new ArchiveError('unsupported');
  if (start + size !== at) throw new ArchiveError('damaged');
  return { start, end: at, count };
}

function findEnd(view: DataView): number {
  const last = view.byteLength - FIXED.end;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--)
    if (view.getUint32(at, true) === SIGNATURE.end && view.getUint16(at + 20, true) === last - at)
      return at;
  const begins = view.byteLength >= 4 && view.getUint32(0, true) === SIGNATURE.local;
  throw new ArchiveError(begins ? 'truncated' : 'notAnArchive');
}

function readListed(view: DataView, start: number, end: number, count: number): Listed[] {
  const found: Listed[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + FIXED.central > end || view.getUint32(at, true) !== SIGNATURE.central)
      throw new ArchiveError('damaged');
    const [nameLength, extra, comment] = [28, 30, 32].map((place) =>
      view.getUint16(at + place, true),
    ) as [number, number, number];
    const next = at + FIXED.central + nameLength + extra + comment;
    if (next > end) throw new ArchiveError('damaged');
    found.push(readEntry(view, at, nameLength));
    at = next;
  }
  if (at !== end) throw new ArchiveError('damaged');
  return found;
}

function readEntry(view: DataView, at: number, nameLength: number): Listed {
  const name = nameAt(view, at + FIXED.central, nameLength);
  const method = METHODS[view.getUint16(at + 10, true)];
  const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
  const offset = view.getUint32(at + 42, true);
  const isLarge = [packed, size, offset].includes(IN_ZIP64.long);
  if (!method || isLarge || (view.getUint16(at + 8, true) & UNREADABLE_FLAGS) !== 0)
    throw new ArchiveError('unsupported', name);
  return { name, method, crc: view.getUint32(at + 16, true), packed, size, offset };
}

function nameAt(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  const name = String.fromCharCode(...bytes.subarray(0, 200));
  if (!PLAIN_NAME.test(name) || name.includes('..')) throw new ArchiveError('unsafeName', name);
  return name;
}

function requireLimits(listed: readonly Listed[], limits: ArchiveLimits): void {
  const names = new Set<string>();
  let sum = 0;
  for (const { name, method, size, packed } of listed) {
    // File systems take names that differ in case alone for the same.
    if (names.has(name.toLowerCase())) throw new ArchiveError('duplicate', name);
    names.add(name.toLowerCase());
    sum += size;
    if (sum > limits.bytes) throw new ArchiveError('tooLarge', name);
    const fits = method === 'stored' ? size === packed : size <= MOST_GROWTH * packed;
    if (!fits) throw new ArchiveError('damaged', name);
  }
}

/** Entries with the places of their data, which must follow each other. */
function located(view: DataView, listed: readonly Listed[], end: number): ArchiveEntry[] {
  let free = 0;
  return [...listed]
    .sort((a, b) => a.offset - b.offset)
    .map(({ name, method, crc, size, packed, offset }) => {
      if (offset < free || offset + FIXED.local > end) throw new ArchiveError('damaged', name);
      if (view.getUint32(offset, true) !== SIGNATURE.local) throw new ArchiveError('damaged', name);
      const nameLength = view.getUint16(offset + 26, true);
      const start = offset + FIXED.local + nameLength + view.getUint16(offset + 28, true);
      if (start + packed > end || nameAt(view, offset + FIXED.local, nameLength) !== name)
        throw new ArchiveError('damaged', name);
      requireAlike(view, offset, { name, method, crc, size, packed, offset });
      free = start + packed;
      return { name, method, crc, size, start, end: free };
    });
}

/** What stands before the data must say what the directory says, unless it stands behind the data. */
function requireAlike(view: DataView, at: number, { name, crc, packed, size }: Listed): void {
  if ((view.getUint16(at + 6, true) & BEHIND) !== 0) return;
  const said = [14, 18, 22].map((place) => view.getUint32(at + place, true));
  const alike = [crc, packed, size].every((value, index) => value === said[index]);
  if (!alike) throw new ArchiveError('damaged', name);
}
