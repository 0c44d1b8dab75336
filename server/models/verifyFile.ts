/** Checks that a file of a model is the one its manifest describes. */
import * as l10n from '@vscode/l10n';
import type { ModelFile } from './manifest';
import { ModelError } from './modelError';

/** Lower-case hex of the SHA-256 of some bytes. */
export type Hash = (bytes: Uint8Array) => Promise<string> | string;

/** Lower-case hex of the SHA-256 of `bytes`, which must not be shared memory. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // The cast says what the docstring asks for: Web Crypto refuses views of shared memory.
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Resolves when `bytes` have the size and SHA-256 that the manifest gives for
 * `file`; else rejects with ModelError `modelRefused`. `own`: the file is not one of
 * ours but the person's, whose manifest was made when the model was opened.
 */
export async function verifyFile(
  file: ModelFile,
  bytes: Uint8Array,
  { own = false, hash = sha256 }: { own?: boolean; hash?: Hash } = {},
): Promise<void> {
  if (bytes.length !== file.bytes) throw own ? changed(file) : cutShort(file, bytes.length);
  if ((await hash(bytes)) !== file.sha256) throw own ? changed(file) : damaged(file);
}

function changed({ path }: ModelFile): ModelError {
  return new ModelError(
    'modelRefused',
    l10n.t(
      'The model file "{0}" has changed since the model was opened. Choose the model again.',
      path,
    ),
  );
}

function cutShort({ path, bytes }: ModelFile, found: number): ModelError {
  return new ModelError(
    'modelRefused',
    l10n.t(
      'The model file "{0}" is damaged (it has {1} bytes, not {2}). Reinstall the extension.',
      path,
      found,
      bytes,
    ),
  );
}

function damaged({ path }: ModelFile): ModelError {
  return new ModelError(
    'modelRefused',
    l10n.t(
      'The model file "{0}" is damaged (its SHA-256 is not the one in manifest.json). Reinstall the extension.',
      path,
    ),
  );
}
