/** A folder with a model of the person's own: read only, and nothing in it is taken on trust. */
import * as l10n from '@vscode/l10n';
import type { FileSource } from '../../engine/protocol';
import type { OpenBytes } from '../../onnx/tap/byteSource';
import { ModelError } from '../modelError';

export interface FolderEntry {
  /** Relative to the folder, forward slashes. */
  path: string;
  bytes: number;
}

export interface ModelFolder {
  /** The folder's own name, for people. */
  readonly name: string;
  /**
   * Its files and those of the folders in it, by path. Links count as what they point to
   * where that lies inside the folder or in the store that the folder's links belong to;
   * others are left out. Rejects with ModelError.
   */
  list(): Promise<ReadonlyMap<string, FolderEntry>>;
  /** A whole file of at most `most` bytes. Rejects with ModelError, as the others do. */
  read(path: string, most: number): Promise<Uint8Array>;
  /** The first `length` bytes, or all if there are fewer. */
  readStart(path: string, length: number): Promise<Uint8Array>;
  /** The file, to be read piece by piece and closed. */
  open(path: string): Promise<OpenBytes>;
  /** SHA-256 in lower-case hex, read piece by piece. */
  hash(path: string, signal: AbortSignal): Promise<string>;
  /** The file as the engine takes it. */
  source(path: string): Promise<FileSource>;
}

/** A plain relative path: no way out of the folder, on any system. */
const INSIDE = /^[^\\/:*?"<>|\0]+(\/[^\\/:*?"<>|\0]+)*$/;

/** Whether `path`, as one file of a model names another, stays in its folder. */
export function isInside(path: string): boolean {
  return INSIDE.test(path) && !path.split('/').some((part) => /^\.+$/.test(part));
}

/** Throws ModelError for a file that the folder does not have. */
export function requireEntry(
  entries: ReadonlyMap<string, FolderEntry>,
  path: string,
): FolderEntry {
  const entry = entries.get(path);
  if (entry) return entry;
  throw new ModelError(
    'modelMissing',
    l10n.t('The model\'s folder has no file "{0}". Copy or download it again.', path),
  );
}

export function unreadable(path: string, cause: unknown): ModelError {
  return new ModelError(
    'modelMissing',
    l10n.t('The model file "{0}" cannot be read. Is it still there?', path),
    { cause },
  );
}

export function tooLarge(path: string, bytes: number, most: number): ModelError {
  return new ModelError(
    'modelRefused',
    l10n.t(
      'The model file "{0}" has {1} bytes; more than {2} are not read for such a file.',
      path,
      bytes,
      most,
    ),
  );
}
