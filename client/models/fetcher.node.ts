/**
 * HTTP for the server. VS Code gives extension hosts, and no process that they start, its proxies
 * and certificates; so requests are made here and the bytes go straight to the disk.
 */
import { isAbsolute, relative } from 'node:path';
import { mayAsk } from '../../server/models/hub/endpoint';
import { HttpFailure } from '../../server/models/hub/http';
import { nodeHttpGet } from '../../server/models/hub/httpGet.node';
import type { FetchParams, FetchResult } from '../../server/protocol';
import { ServerFailure } from '../connection/failure';
import type { Fetcher } from './hubAnswers';

/** How often the server hears how much there is. */
const TELL_EVERY_BYTES = 2 ** 18;

/** Writes below `storage` (an absolute path) only, and goes where a hub may be only. */
export function storageFetcher(storage: string): Fetcher {
  const get = nodeHttpGet();
  return async (params, token, onBytes) => {
    check(params, storage);
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    let there = 0;
    let told = 0;
    const count = (bytes: number): void => {
      there += bytes;
      if (there - told < TELL_EVERY_BYTES) return;
      told = there;
      onBytes(there);
    };
    try {
      const { body, ...answer } = await get(params, controller.signal, count);
      return { ...answer, body: Buffer.from(body).toString('base64'), failure: null };
    } catch (error) {
      return failed(error);
    }
  };
}

function failed(error: unknown): FetchResult {
  const { code, headers } = error instanceof HttpFailure ? error : new HttpFailure('unknown');
  return { status: 0, headers, body: '', failure: code };
}

function check({ url, into }: FetchParams, storage: string): void {
  const place = new URL(url);
  const inside = into === null || isBelow(into.path, storage);
  if (inside && mayAsk(place, place)) return;
  throw new ServerFailure(
    'cannotReadFiles',
    'Only files of the extension’s own storage are fetched, and by https.',
  );
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return isAbsolute(path) && way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
