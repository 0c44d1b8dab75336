/** What a person is told when the hub, the way to it or the disk refuses. */
import * as l10n from '@vscode/l10n';
import { DownloadError } from './downloadError';
import type { HttpAnswer } from './http';

/** What was asked for, and of whom. */
export interface Asked {
  /** `owner/name` */
  id: string;
  revision: string;
  /** Of the hub, for people. */
  host: string;
  /** Whether a token went along. */
  withToken: boolean;
}

/** The error for an answer that is not what was asked for. */
export function refusedBy({ status, headers }: HttpAnswer, asked: Asked): DownloadError {
  return new DownloadError('downloadFailed', sentence(status, headers, asked));
}

function sentence(status: number, headers: HttpAnswer['headers'], asked: Asked): string {
  const { id, revision, host } = asked;
  const code = headers['x-error-code'];
  if (code === 'GatedRepo') return gated(asked);
  if (code === 'RevisionNotFound')
    return l10n.t('{0} has no revision "{1}" at {2}.', id, revision, host);
  if (code === 'EntryNotFound')
    return l10n.t('A file of {0} is not there any more at {1}; try again.', id, host);
  if (status === 401 || status === 404) return unknown(asked);
  if (status === 403)
    return l10n.t('{0} refuses {1}: the token does not allow to read it.', host, id);
  if (status === 429) return tooMany(host, retryAfterMs(headers));
  if (status >= 500)
    return l10n.t('{0} has a problem of its own (status {1}); try again later.', host, status);
  return l10n.t('{0} answered with status {1} when asked for {2}.', host, status, id);
}

function gated({ id, host, withToken }: Asked): string {
  return withToken
    ? l10n.t(
        '{0} is given only to those whom its authors let in, and the token is not one of theirs: ask for access on its page at {1}.',
        id,
        host,
      )
    : l10n.t(
        '{0} is given only to those whom its authors let in: ask for access on its page at {1}, then set your token with "Set Hugging Face Token" or in HF_TOKEN.',
        id,
        host,
      );
}

function unknown({ id, host, withToken }: Asked): string {
  return withToken
    ? l10n.t('{0} has no model {1} that the token could read; check the name.', host, id)
    : l10n.t(
        '{0} has no public model {1}: check the name, or, if it is private, set your token with "Set Hugging Face Token" or in HF_TOKEN.',
        host,
        id,
      );
}

function tooMany(host: string, waitMs: number | null): string {
  return waitMs === null
    ? l10n.t('{0} takes no more requests for now; try again later.', host)
    : l10n.t(
        '{0} takes no more requests for now; try again in {1} seconds.',
        host,
        Math.ceil(waitMs / 1000),
      );
}

/** How long the other side wants us to wait (RFC 9110, section 10.2.3); null where it does not say. */
export function retryAfterMs(headers: HttpAnswer['headers'], now = Date.now()): number | null {
  const text = headers['retry-after']?.trim();
  if (!text) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** The error for a connection that did not bring an answer. */
export function unreachable(host: string, code: string, cause: unknown): DownloadError {
  const message =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? l10n.t('{0} cannot be found: check the network and the proxy.', host)
      : code === 'unknown'
        ? l10n.t('{0} cannot be reached: check the network and the proxy.', host)
      : code === 'EFBIG'
        ? l10n.t('{0} sends more than it announced; nothing of it was kept.', host)
        : l10n.t('The connection to {0} failed ({1}); try again, it goes on from there.', host, code);
  return new DownloadError('downloadFailed', message, { cause });
}

/** The error for a disk that does not take the files. */
export function unwritable(folder: string, code: string, cause: unknown): DownloadError {
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new DownloadError(
    'downloadFailed',
    full
      ? l10n.t(
          'The disk with {0} is full. Make room, or delete downloaded models, and try again: it goes on from there.',
          folder,
        )
      : l10n.t('The folder {0} for models cannot be written ({1}).', folder, code),
    { cause },
  );
}
