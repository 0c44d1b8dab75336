/** Where a model comes from, as settings and `attentionLens/selectModel` write it. */
import * as l10n from '@vscode/l10n';
import { ModelError } from './modelError';

export const BUNDLED_MODEL = 'bundled';
export const CHAPTER_MODEL = 'chapter';

export type ModelSource =
  | { kind: 'bundled' }
  | { kind: 'chapter' }
  /**
   * A folder or an `.onnx` file: an absolute path, or a URI where the host has no paths. `form`: which
   * of several forms of a folder's model, by a file of it.
   */
  | { kind: 'file'; path: string; form?: string }
  /** A repository of the Hugging Face hub; null is the revision that it calls its main one. */
  | { kind: 'hub'; owner: string; name: string; revision: string | null };

const FILE = 'file:';
const HUB = 'hf:';

const ABSOLUTE = /^(\/|[A-Za-z]:[\\/])/;
/** A URI of another kind than `file:`, as editors for the web name folders. */
const OTHER_URI = /^[a-z][a-z\d+.-]+:\/\//;
/** The folder, and a file of it that stands for a form. */
const FORM = /^(.*[^\\/])#([^#\\:]+\.(?:onnx|safetensors))$/s;
/** Names of owners, models and revisions: what the hub allows, so no way out of a folder. */
const REPOSITORY = /^([A-Za-z\d][\w.-]{0,95})\/([A-Za-z\d][\w.-]{0,95})(?:@([A-Za-z\d][\w./-]{0,255}))?$/;

/**
 * `bundled`, `chapter`, `file:` with an absolute path or a URI, or
 * `hf:owner/name[@revision]`. Throws ModelError `modelRefused` that says what is wrong.
 */
export function parseModelSource(text: string): ModelSource {
  if (text === BUNDLED_MODEL) return { kind: 'bundled' };
  if (text === CHAPTER_MODEL) return { kind: 'chapter' };
  if (text.startsWith(FILE)) return fileOf(text);
  if (text.startsWith(HUB)) return repositoryOf(text.slice(HUB.length));
  throw new ModelError(
    'modelRefused',
    l10n.t(
      '"{0}" names no model: write "bundled", "chapter", "file:" and an absolute path, or "hf:" and owner/name.',
      text,
    ),
  );
}

/** The one way to write a source: equal sources give equal texts. */
export function formatModelSource(source: ModelSource): string {
  switch (source.kind) {
    case 'file':
      return FILE + source.path + (source.form === undefined ? '' : `#${source.form}`);
    case 'hub': {
      const { owner, name, revision } = source;
      return `${HUB}${owner}/${name}${revision === null ? '' : `@${revision}`}`;
    }
    default:
      return source.kind;
  }
}

/** What follows the last # is a form only where it can be one: folders may have such a name. */
function fileOf(text: string): ModelSource {
  const [, before, form] = FORM.exec(text) ?? [];
  if (before === undefined || form === undefined || form.split('/').some((part) => /^\.*$/.test(part)))
    return { kind: 'file', path: pathOf(text) };
  return { kind: 'file', path: pathOf(before), form };
}

function pathOf(text: string): string {
  const rest = text.slice(FILE.length);
  const path = rest.startsWith('//') ? fromUri(text) : /^file:\/\//i.test(rest) ? fromUri(rest) : rest;
  if (ABSOLUTE.test(path) || OTHER_URI.test(path)) return withoutSlash(path);
  throw new ModelError(
    'modelRefused',
    l10n.t(
      '"{0}" is not an absolute path: write "file:" and the whole path of a folder or of an .onnx file.',
      text,
    ),
  );
}

function fromUri(uri: string): string {
  try {
    const { host, pathname } = new URL(uri);
    const path = decodeURIComponent(pathname);
    if ((host === '' || host === 'localhost') && !path.includes('\0'))
      return path.replace(/^\/(?=[A-Za-z]:)/, '');
  } catch {
    // Said below, with the others that cannot be read.
  }
  throw new ModelError(
    'modelRefused',
    l10n.t('"{0}" is not the URI of a file or folder on this machine.', uri),
  );
}

/** `/` itself stays. */
function withoutSlash(path: string): string {
  return path.replace(/(?<=[^\\/:])[\\/]+$/, '');
}

function repositoryOf(text: string): ModelSource {
  const [, owner, name, revision] = REPOSITORY.exec(text) ?? [];
  const parts = [owner, name, ...(revision?.split('/') ?? [])];
  if (owner !== undefined && name !== undefined && parts.every((part) => part !== '' && !/^\.+$/.test(part ?? '')))
    return { kind: 'hub', owner, name, revision: revision ?? null };
  throw new ModelError(
    'modelRefused',
    l10n.t('"{0}" is not the name of a Hugging Face model: write owner/name or owner/name@revision.', text),
  );
}
