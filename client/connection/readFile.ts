/** Answers the web server's `attentionLens/readFile`, for the extension's own files only. */
import type { ReadFileParams, ReadFileResult } from '../../server/protocol';
import { ServerFailure } from './failure';

/** The parts of a URI that decide where it points; `vscode.Uri` has them. */
export interface Place {
  scheme: string;
  authority: string;
  path: string;
}

/** True when `place` lies inside `folder`, after `.` and `..` are resolved. */
export function isInside(place: Place, folder: Place): boolean {
  if (place.scheme !== folder.scheme || place.authority !== folder.authority) return false;
  const inner = segments(place.path);
  const outer = segments(folder.path);
  if (!inner || !outer || inner.length <= outer.length) return false;
  return outer.every((segment, at) => inner[at] === segment);
}

/** Path segments without `.` and `..`; null when the path climbs above its root. */
function segments(path: string): string[] | null {
  const found: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      if (found.pop() === undefined) return null;
    } else found.push(segment);
  }
  return found;
}

/** What reading needs from the editor. */
export interface FileReader<U extends Place> {
  parse(uri: string): U;
  read(uri: U): PromiseLike<Uint8Array>;
}

/**
 * The bytes of `[offset, offset + length)` of a file of the extension, in a
 * buffer of exactly that size (a view would ship its whole backing buffer).
 * Fails with `cannotReadFiles` for any place outside `folder`.
 */
export async function readExtensionFile<U extends Place>(
  params: ReadFileParams,
  folder: Place,
  reader: FileReader<U>,
): Promise<ReadFileResult> {
  const uri = reader.parse(params.uri);
  if (!isInside(uri, folder))
    throw new ServerFailure('cannotReadFiles', 'Only files of the extension can be read.');
  const bytes = await reader.read(uri);
  const start = clamp(params.offset ?? 0, bytes.length);
  const end = clamp(start + (params.length ?? bytes.length), bytes.length);
  return { bytes: bytes.slice(start, end) };
}

function clamp(value: number, limit: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(Math.trunc(value), 0), limit) : limit;
}
