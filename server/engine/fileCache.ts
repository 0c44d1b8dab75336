/** The files of models as the worker reads them: each checked once, as long as a model in use needs it. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { ModelError } from '../models/modelError';
import { changed, verifyContent } from '../models/verifyFile';
import type { ModelFile } from '../models/manifest';
import type { ByteSource } from '../onnx/tap/byteSource';
import { memoryFile, type ModelFileBytes, type OpenModelFile } from './modelFile';
import type { FileSource } from './protocol';

/** What was checked, and the state in which it was. */
interface Checked {
  sha256: string;
  stamp: string;
  bytes: ByteSource;
}

/**
 * Checked files by their SHA-256 and where they are. Models that share a file, as the
 * Chapter model shares the bundled weights, load without hashing it again.
 */
export class FileCache {
  readonly #openFile: OpenModelFile;
  readonly #checked = new Map<string, Checked>();

  constructor(openFile: OpenModelFile) {
    this.#openFile = openFile;
  }

  /**
   * The file, once it is what the manifest says; what is read of it later fails where it
   * has changed since. `own`: the model is the person's own. Fails with `modelMissing` or
   * `modelRefused`.
   */
  async open(
    file: ModelFile,
    source: FileSource | undefined,
    { own = false } = {},
  ): Promise<ByteSource> {
    const opened = this.#find(file, source, own);
    const name = nameOf(file, source);
    const known = this.#checked.get(name);
    if (known?.stamp === opened.stamp && known.bytes.length === file.bytes) return known.bytes;
    if (!isAsHashed(source, opened) || opened.length !== file.bytes) await check(file, opened, own);
    const bytes = guarded(file, opened, own);
    this.#checked.set(name, { sha256: file.sha256, stamp: opened.stamp, bytes });
    return bytes;
  }

  /** Lets all but these go. */
  keepOnly(files: readonly ModelFile[]): void {
    const kept = new Set(files.map(({ sha256 }) => sha256));
    for (const [name, { sha256 }] of this.#checked)
      if (!kept.has(sha256)) this.#checked.delete(name);
  }

  #find({ path }: ModelFile, source: FileSource | undefined, own: boolean): ModelFileBytes {
    if (source && 'bytes' in source) return memoryFile(source.bytes);
    try {
      if (source) return this.#openFile(source.path);
    } catch {
      // Why it could not be read holds a path of the person's machine and helps nobody.
    }
    throw missing(path, own);
  }
}

function nameOf({ sha256 }: ModelFile, source: FileSource | undefined): string {
  return source && 'path' in source ? `${sha256} ${source.path}` : sha256;
}

/** Whether the file is still in the state in which the manifest's SHA-256 was found. */
function isAsHashed(source: FileSource | undefined, { stamp }: ModelFileBytes): boolean {
  return source !== undefined && 'path' in source && source.stamp === stamp;
}

async function check(file: ModelFile, opened: ModelFileBytes, own: boolean): Promise<void> {
  try {
    await verifyContent(file, { bytes: opened.length, sha256: () => opened.sha256() }, { own });
  } catch (error) {
    if (error instanceof ModelError) throw new ChannelError(error.reason, error.message);
    throw missing(file.path, own);
  }
}

/** Says what has become of the file where it can no longer be read. */
function guarded(file: ModelFile, opened: ModelFileBytes, own: boolean): ByteSource {
  const read = (offset: number, length: number): Uint8Array => {
    let bytes: Uint8Array;
    try {
      bytes = opened.read(offset, length);
    } catch {
      throw missing(file.path, own);
    }
    if (bytes.length === Math.min(length, opened.length - offset)) return bytes;
    throw new ChannelError('modelRefused', changed(file).message);
  };
  return { length: opened.length, read };
}

function missing(path: string, own: boolean): ChannelError {
  return new ChannelError(
    'modelMissing',
    own
      ? l10n.t('The model file "{0}" cannot be read. Is it still there?', path)
      : l10n.t('The model file "{0}" cannot be read. Reinstall the extension.', path),
  );
}
