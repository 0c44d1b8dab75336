/** Which host is asked for models, and which hosts it may send us on to. */
import * as l10n from '@vscode/l10n';
import { DownloadError } from './downloadError';

export const PUBLIC_ENDPOINT = 'https://huggingface.co';

/** Whether `hostname`, as `URL` has it, means this machine (RFC 6761, RFC 1122). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** Whether `text` can be an endpoint: https, or http of this machine; nothing but host and path. */
export function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username || url.password || url.search || url.hash) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** The endpoint's URL, without a slash at its end. Throws DownloadError `downloadFailed`. */
export function readEndpoint(text: string): URL {
  if (!isEndpoint(text))
    throw new DownloadError(
      'downloadFailed',
      l10n.t(
        'The address of the model hub cannot be used: it must begin with https:// and name a host. Correct "attentionLens.hub.endpoint" or HF_ENDPOINT.',
      ),
    );
  return new URL(text.replace(/\/+$/, ''));
}

/**
 * Whether a request that began at `endpoint` may go to `url`: always by https; plain
 * http only from this machine to itself.
 */
export function mayAsk(url: URL, endpoint: URL): boolean {
  if (url.username || url.password) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && isLoopback(url.hostname) && isPlainLoopback(endpoint);
}

function isPlainLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && isLoopback(hostname);
}
