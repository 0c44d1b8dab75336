/** A model's folder on disk. */
import { access, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFiles } from './files';
import { missingFile } from './files';

/** The files of `folder` (an absolute path). The engine reads large ones itself, by their path. */
export function folderFiles(folder: string): ModelFiles {
  return {
    read: (path) => orMissing(path, readFile(join(folder, path))),
    readStart: (path, length) => orMissing(path, readStart(join(folder, path), length)),
    source: async (path) => {
      const absolute = join(folder, path);
      await orMissing(path, access(absolute));
      return { path: absolute };
    },
  };
}

async function orMissing<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw missingFile(path, error);
  }
}

async function readStart(file: string, length: number): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
