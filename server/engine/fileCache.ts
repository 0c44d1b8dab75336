/** The files of models as the worker reads them: each checked once, kept as long as a model in use needs it. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { ModelError } from '../models/modelError';
import { sha256, verifyFile, type Hash } from '../models/verifyFile';
import type { ModelFile } from '../models/manifest';
import type { FileSource } from './protocol';

export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * Checked files by their SHA-256. Models that share a file, as the Chapter model shares
 * the bundled weights, load without reading and hashing it again.
 */
export class FileCache {
  readonly #readFile: ReadFile;
  readonly #checked = new Map<string, Uint8Array>();

  readonly #hash: Hash;

  constructor(readFile: ReadFile, hash: Hash = sha256) {
    this.#readFile = readFile;
    this.#hash = hash;
  }

  /**
   * The file's bytes, once they are what the manifest says. `own`: the model is the
   * person's own. Fails with `modelMissing` or `modelRefused`.
   */
  async read(
    file: ModelFile,
    source: FileSource | undefined,
    { own = false } = {},
  ): Promise<Uint8Array> {
    const known = source && this.#checked.get(file.sha256);
    if (known?.length === file.bytes) return known;
    const bytes =
      source && 'bytes' in source ? source.bytes : await this.#fromDisk(file, source, own);
    try {
      await verifyFile(file, bytes, { own, hash: this.#hash });
    } catch (error) {
      throw error instanceof ModelError ? new ChannelError(error.reason, error.message) : error;
    }
    this.#checked.set(file.sha256, bytes);
    return bytes;
  }

  /** Lets all but these go. */
  keepOnly(files: readonly ModelFile[]): void {
    const kept = new Set(files.map(({ sha256 }) => sha256));
    for (const sha256 of [...this.#checked.keys()]) {
      if (!kept.has(sha256)) this.#checked.delete(sha256);
    }
  }

  async #fromDisk(
    { path }: ModelFile,
    source: { path: string } | undefined,
    own: boolean,
  ): Promise<Uint8Array> {
    try {
      if (source) return await this.#readFile(source.path);
    } catch {
      // Why it could not be read holds a path of the person's machine and helps nobody.
    }
    throw new ChannelError(
      'modelMissing',
      own
        ? l10n.t('The model file "{0}" cannot be read. Is it still there?', path)
        : l10n.t('The model file "{0}" cannot be read. Reinstall the extension.', path),
    );
  }
}
