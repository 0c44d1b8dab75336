/** The hub as this machine reaches it: its folder for models, its environment, its proxies. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { systemClock } from '../../engine/clock';
import { DownloadError } from './downloadError';
import { PUBLIC_ENDPOINT, readEndpoint } from './endpoint';
import type { HubLink, ModelHub } from './hub';
import { NodeHub } from './hub.node';
import { nodeHttpGet } from './httpGet.node';

type Environment = Readonly<{ [name: string]: string | undefined }>;

/**
 * The hub for one client. `HF_ENDPOINT`, `HF_TOKEN` and `HF_HUB_OFFLINE` mean what they mean to
 * Hugging Face's own libraries; settings and the client's token come first.
 */
export function machineHub(link: HubLink, environment: Environment): ModelHub {
  const get = link.get ?? nodeHttpGet({ agent: proxyAgent });
  return new NodeHub({
    storage: resolve(link.storage ?? cacheFolder(environment)),
    ask: (question, signal) => link.ask(question, signal),
    connect: () => {
      if (/^(1|on|yes|true)$/i.test(environment.HF_HUB_OFFLINE ?? '')) throw offline();
      const endpoint = readEndpoint(link.endpoint() || environment.HF_ENDPOINT || PUBLIC_ENDPOINT);
      const token = async (): Promise<string | null> =>
        usable(await link.token(endpoint.origin)) ?? usable(environment.HF_TOKEN);
      return { get, endpoint, token, clock: systemClock };
    },
  });
}

/** Where programs of this system keep what can be fetched again. */
export function cacheFolder(
  environment: Environment,
  platform: string = process.platform,
  home = homedir(),
): string {
  const name = 'attention-lens';
  if (platform === 'win32')
    return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), name);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', name);
  return join(environment.XDG_CACHE_HOME || join(home, '.cache'), name);
}

/** What no header can carry is no token. */
function usable(token: string | null | undefined): string | null {
  const trimmed = token?.trim() ?? '';
  return /^[\x21-\x7e]+$/.test(trimmed) ? trimmed : null;
}

/** For https alone: plain http goes to this machine only. */
function proxyAgent(url: URL): HttpsProxyAgent<string> | undefined {
  if (url.protocol !== 'https:') return undefined;
  const proxy = getProxyForUrl(url.href);
  return proxy ? new HttpsProxyAgent(proxy) : undefined;
}

function offline(): DownloadError {
  return new DownloadError(
    'downloadFailed',
    l10n.t('The model is not on this machine, and HF_HUB_OFFLINE forbids to ask for it.'),
  );
}
