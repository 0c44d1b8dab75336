/** Checks that a file of a model is the one its manifest describes. */
import * as l10n from '@vscode/l10n';
import type { ModelFile } from './manifest';
import { ModelError } from './modelError';

/** Lower-case hex of the SHA-256 of `bytes`, which must not be shared memory. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // The cast says what the docstring asks for: Web Crypto refuses views of shared memory.
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A file by its size and how to find its SHA-256 in lower-case hex. */
export interface Content {
  bytes: number;
  sha256: () => Promise<string>;
}

/**
 * Resolves when `bytes` have the size and SHA-256 that the manifest gives for `file`; else
 * rejects with ModelError `modelRefused`.
 */
export function verifyFile(file: ModelFile, bytes: Uint8Array): Promise<void> {
  return verifyContent(file, { bytes: bytes.length, sha256: () => sha256(bytes) });
}

/**
 * As {@link verifyFile}, of a file that need not be in memory. `own`: it is not one of
 * ours but the person's, whose manifest was made when the model was opened.
 */
export async function verifyContent(
  file: ModelFile,
  content: Content,
  { own = false } = {},
): Promise<void> {
  if (content.bytes !== file.bytes) throw own ? changed(file) : cutShort(file, content.bytes);
  if ((await content.sha256()) !== file.sha256) throw own ? changed(file) : damaged(file);
}

/** For a file that is not what it was when the model was opened. */
export function changed({ path }: ModelFile): ModelError {
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
