/** A model's folder on disk. */
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { OpenBytes } from '../../onnx/tap/byteSource';
import { stampOf } from '../fileStamp.node';
import { ModelError } from '../modelError';
import { fileBytes } from '../onnxFile/fileBytes.node';
import { tooLarge, unreadable, type FolderEntry, type ModelFolder } from './modelFolder';

/** Folders are looked into this deep: exports lie in one of their own. */
const DEPTH = 2;
/** A model has some dozens of files; this keeps a chosen home folder from being read whole. */
const MAX_ENTRIES = 5000;

/** In a Hugging Face cache the files of `snapshots/<commit>` are links into `blobs` beside it. */
const SNAPSHOTS = 'snapshots';
const BLOBS = 'blobs';

/** Rejects with ModelError `modelMissing` where `folder`, an absolute path, is no folder. */
export async function diskFolder(folder: string): Promise<ModelFolder> {
  let root: string;
  try {
    root = await realpath(folder);
    if (!(await stat(root)).isDirectory()) throw new TypeError('not a folder');
  } catch (error) {
    throw new ModelError(
      'modelMissing',
      l10n.t('The model\'s folder "{0}" is not there or cannot be read.', folder),
      { cause: error },
    );
  }
  return new DiskFolder(root);
}

class DiskFolder implements ModelFolder {
  readonly name: string;
  readonly #root: string;
  /** Where links may lead. */
  readonly #allowed: readonly string[];
  /** Stamps of files by path, of the state that was hashed. */
  readonly #hashed = new Map<string, string>();
  #entries: Promise<ReadonlyMap<string, FolderEntry>> | undefined;

  /** `root`: a real path. */
  constructor(root: string) {
    this.#root = root;
    this.name = nameOf(root);
    const store = blobsOf(root);
    this.#allowed = store === undefined ? [root] : [root, store];
  }

  list(): Promise<ReadonlyMap<string, FolderEntry>> {
    return (this.#entries ??= this.#list());
  }

  async read(path: string, most: number): Promise<Uint8Array> {
    const { file, bytes } = await this.#locate(path);
    if (bytes > most) throw tooLarge(path, bytes, most);
    return orUnreadable(path, readFile(file));
  }

  async readStart(path: string, length: number): Promise<Uint8Array> {
    const { file, bytes } = await this.#locate(path);
    return orUnreadable(path, readStart(file, Math.min(length, bytes)));
  }

  async open(path: string): Promise<OpenBytes> {
    const { file } = await this.#locate(path);
    try {
      return fileBytes(file);
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  async hash(path: string, signal: AbortSignal): Promise<string> {
    const { file } = await this.#locate(path);
    const { sha256, stamp } = await orUnreadable(path, hashOf(file, signal));
    this.#hashed.set(path, stamp);
    return sha256;
  }

  async source(path: string): Promise<{ path: string; stamp?: string }> {
    return { path: (await this.#locate(path)).file, stamp: this.#hashed.get(path) };
  }

  async #list(): Promise<ReadonlyMap<string, FolderEntry>> {
    const entries = new Map<string, FolderEntry>();
    await this.#collect('', DEPTH, entries);
    return entries;
  }

  async #collect(inner: string, depth: number, entries: Map<string, FolderEntry>): Promise<void> {
    const names = await orUnreadable(inner || this.name, readdir(join(this.#root, inner)));
    for (const name of names.sort()) {
      if (entries.size >= MAX_ENTRIES) throw tooMany(this.name);
      const path = inner === '' ? name : `${inner}/${name}`;
      const found = await this.#find(path);
      if (!found) continue;
      if (found.stats.isFile()) entries.set(path, { path, bytes: found.stats.size });
      else if (found.stats.isDirectory() && depth > 1) await this.#collect(path, depth - 1, entries);
    }
  }

  async #locate(path: string): Promise<{ file: string; bytes: number }> {
    const found = await this.#find(path);
    // Pipes and devices would be read for ever.
    if (!found?.stats.isFile()) throw unreadable(path, undefined);
    return { file: found.file, bytes: found.stats.size };
  }

  /** Undefined for what is not there, and for links that lead out. */
  async #find(path: string): Promise<{ file: string; stats: Stats } | undefined> {
    try {
      const file = await realpath(join(this.#root, ...path.split('/')));
      if (!this.#allowed.some((folder) => file.startsWith(folder + sep))) return undefined;
      return { file, stats: await stat(file) };
    } catch {
      return undefined;
    }
  }
}

/** A snapshot of a cache is called by its model, not by its commit. */
function nameOf(root: string): string {
  if (blobsOf(root) === undefined) return basename(root);
  return basename(dirname(dirname(root))).replace(/^models--/, '').replaceAll('--', '/');
}

function blobsOf(root: string): string | undefined {
  const snapshots = dirname(root);
  return basename(snapshots) === SNAPSHOTS ? join(dirname(snapshots), BLOBS) : undefined;
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

/** `stamp`: from before the first byte was read, so that what is written meanwhile tells. */
async function hashOf(
  file: string,
  signal: AbortSignal,
): Promise<{ sha256: string; stamp: string }> {
  const stamp = stampOf(await stat(file, { bigint: true }));
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { signal, highWaterMark: 1 << 20 }))
    hash.update(piece as Uint8Array);
  return { sha256: hash.digest('hex'), stamp };
}

async function orUnreadable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw error instanceof ModelError ? error : unreadable(path, error);
  }
}

function tooMany(name: string): ModelError {
  return new ModelError(
    'modelRefused',
    l10n.t('The folder "{0}" has too many files to be one of a model. Choose the model\'s own folder.', name),
  );
}
