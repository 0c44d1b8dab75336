/** What the hub says of a model: its files with their hashes, and a little about it. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { ModelError } from '../modelError';

/** A file of a model at one commit. */
export interface HubFile {
  /** Relative, with forward slashes. */
  path: string;
  bytes: number;
  /** SHA-256 of the content where it lies outside of git (LFS), else git's own SHA-1 of the blob. */
  hash: { kind: 'sha256' | 'gitBlob'; hex: string };
}

export interface HubListing {
  /** Of the revision that was asked for; 40 hex digits. */
  commit: string;
  files: HubFile[];
  /** `model_type` of its config.json, where the hub has read it. */
  modelType: string | null;
  /** As the hub's tags name it, mostly an SPDX identifier. */
  licence: string | null;
}

const COMMIT = /^[0-9a-f]{40}$/;
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const hex = (digits: number): v.GenericSchema<unknown, string> =>
  v.pipe(v.string(), v.toLowerCase(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));

/** Of https://huggingface.co/docs/hub/api, `/api/models/{id}/revision/{revision}?blobs=true`. */
const schema = v.object({
  sha: v.pipe(v.string(), v.regex(COMMIT)),
  siblings: v.array(
    v.object({
      rfilename: v.string(),
      size: v.optional(size),
      blobId: v.optional(hex(40)),
      lfs: v.nullish(v.object({ sha256: hex(64), size })),
    }),
  ),
  config: v.nullish(v.object({ model_type: v.optional(v.string()) })),
  tags: v.optional(v.array(v.string()), []),
});

/** Whether `text` is a whole commit id. */
export function isCommit(text: string): boolean {
  return COMMIT.test(text);
}

/**
 * The listing behind the hub's answer; files whose paths lead elsewhere, and those without size
 * or hash, are left out. Throws ModelError `modelRefused` where the answer is of another kind.
 */
export function readListing(id: string, host: string, body: Uint8Array): HubListing {
  const parsed = v.safeParse(schema, parse(body));
  if (!parsed.success)
    throw new ModelError(
      'modelRefused',
      l10n.t('What {0} says about {1} cannot be read. Is it a model hub?', host, id),
    );
  const { sha, siblings, config, tags } = parsed.output;
  return {
    commit: sha,
    files: siblings.flatMap(({ rfilename: path, size: bytes, blobId, lfs }): HubFile[] => {
      if (!isInnerPath(path)) return [];
      if (lfs) return [{ path, bytes: lfs.size, hash: { kind: 'sha256', hex: lfs.sha256 } }];
      if (bytes === undefined || blobId === undefined) return [];
      return [{ path, bytes, hash: { kind: 'gitBlob', hex: blobId } }];
    }),
    modelType: config?.model_type ?? null,
    licence: tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length) ?? null,
  };
}

/** Whether a path stays below the folder it is taken from, on every system. */
export function isInnerPath(path: string): boolean {
  const inner = /^[^\\:*?"<>|\p{Cc}]+$/u.test(path) && path.length <= 255;
  return inner && path.split('/').every((part) => !/^\.*$/.test(part));
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
