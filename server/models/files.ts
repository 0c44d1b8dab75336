/** How the files of a model are reached, whatever the host. */
import * as l10n from '@vscode/l10n';
import type { FileSource } from '../engine/protocol';
import { ModelError } from './modelError';

/** Files of one model's folder, by path relative to it with forward slashes. */
export interface ModelFiles {
  /** The whole file. Rejects with ModelError `modelMissing`. */
  read(path: string): Promise<Uint8Array>;
  /** The first `length` bytes, or all if there are fewer. Rejects as {@link read}. */
  readStart(path: string, length: number): Promise<Uint8Array>;
  /** The file as the engine takes it. Rejects with ModelError `modelMissing`. */
  source(path: string): FileSource | Promise<FileSource>;
}

/**
 * A folder that is reached through a function only (VS Code for the Web, or a
 * client that reads for the server). `folder` is its URI, `readFile` gives a
 * file's bytes by URI.
 */
export function remoteFiles(
  folder: string,
  readFile: (uri: string) => Promise<Uint8Array>,
): ModelFiles {
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  const read = async (path: string): Promise<Uint8Array> => {
    try {
      return await readFile(base + path);
    } catch (error) {
      throw missingFile(path, error);
    }
  };
  const readStart = async (path: string, length: number): Promise<Uint8Array> =>
    (await read(path)).subarray(0, length);
  return { read, readStart, source: async (path) => ({ bytes: await read(path) }) };
}

/** The error for a file of the model that cannot be read. */
export function missingFile(path: string, cause: unknown): ModelError {
  return new ModelError(
    'modelMissing',
    l10n.t('The model file "{0}" cannot be read. Reinstall the extension.', path),
    { cause },
  );
}
