/** Requests to the hub: where they may go, who sees the token, and when they are tried again. */
import * as l10n from '@vscode/l10n';
import type { Clock } from '../../engine/clock';
import { DownloadError } from './downloadError';
import { mayAsk } from './endpoint';
import { FILE_FAILURES, HttpFailure, type BodyFile, type HttpAnswer, type HttpGet } from './http';
import { refusedBy, retryAfterMs, unreachable, type Asked } from './refusal';

const MAX_HOPS = 8;
/** Attempts in a row that bring nothing. */
const MAX_ATTEMPTS = 5;
const FIRST_WAIT_MS = 1000;
/** Whoever wants us to wait longer is told to the person. */
const LONGEST_WAIT_MS = 30_000;
const TRIED_AGAIN = [408, 429, 500, 502, 503, 504];

export interface HubHost {
  get: HttpGet;
  endpoint: URL;
  /** For the endpoint alone; null: none. Asked before each request to it. */
  token(): Promise<string | null>;
  clock: Clock;
}

export interface Wanted {
  /** Below the endpoint, beginning with a slash. */
  path: string;
  limit: number;
  signal: AbortSignal;
  headers?: { [name: string]: string };
  into?: BodyFile;
  onBytes?: (count: number) => void;
}

export class HubRequests {
  readonly #host: HubHost;
  /** Whether the last request to the endpoint carried a token. */
  #withToken = false;

  constructor(host: HubHost) {
    this.#host = host;
  }

  /** The hub's name for people. */
  get hostName(): string {
    return this.#host.endpoint.host;
  }

  /**
   * The whole body below `path`, tried again while that is of use. Rejects with DownloadError, or
   * with {@link HttpFailure} `aborted` after the signal.
   */
  async body(wanted: Wanted, asked: Omit<Asked, 'host' | 'withToken'>): Promise<Uint8Array> {
    const answer = await this.again(wanted.signal, () => this.once(wanted));
    if (answer.status !== 200) throw this.refusal(answer, asked);
    return answer.body;
  }

  /** One attempt, redirects followed. Rejects with HttpFailure, or DownloadError where one leads astray. */
  async once({ path, limit, signal, headers, into, onBytes }: Wanted): Promise<HttpAnswer> {
    const { get, endpoint } = this.#host;
    let url = new URL(endpoint.href.replace(/\/$/, '') + path);
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      const request = {
        url: url.href,
        headers: { ...headers, ...(await this.#own(url)) },
        into: into ?? null,
        limit,
      };
      const answer = await get(request, signal, onBytes ?? (() => undefined));
      const next = redirectOf(answer, url);
      if (next === null) return answer;
      if (!mayAsk(next, endpoint)) throw this.#astray(next);
      url = next;
    }
    throw new DownloadError(
      'downloadFailed',
      l10n.t('{0} sends requests round in circles; try again later.', this.hostName),
    );
  }

  /**
   * Attempts until one brings an answer that is final. `progressed` tells whether the last one
   * brought something, which makes the next one the first again.
   */
  async again(
    signal: AbortSignal,
    attempt: () => Promise<HttpAnswer>,
    progressed: () => boolean = () => false,
  ): Promise<HttpAnswer> {
    let failures = 0;
    for (;;) {
      const result = await attempt().catch((error: unknown) => {
        if (!(error instanceof HttpFailure)) throw error;
        if (isTransient(error)) return error;
        throw error.code === 'EFBIG' ? unreachable(this.hostName, error.code, error) : error;
      });
      const failed = result instanceof HttpFailure;
      if (!failed && !TRIED_AGAIN.includes(result.status)) return result;
      failures = progressed() ? 1 : failures + 1;
      const wait = retryAfterMs(result.headers) ?? FIRST_WAIT_MS * 2 ** (failures - 1);
      if (failures >= MAX_ATTEMPTS || wait > LONGEST_WAIT_MS) {
        if (failed) throw unreachable(this.hostName, result.code, result);
        return result;
      }
      await this.#wait(wait, signal);
    }
  }

  refusal(answer: HttpAnswer, asked: Omit<Asked, 'host' | 'withToken'>): DownloadError {
    return refusedBy(answer, { ...asked, host: this.hostName, withToken: this.#withToken });
  }

  /** What every request says, and the token where it is the hub itself that is asked. */
  async #own(url: URL): Promise<{ [name: string]: string }> {
    // Ranges count bytes as they lie there.
    const headers = { 'user-agent': 'attention-lens', 'accept-encoding': 'identity' };
    if (url.origin !== this.#host.endpoint.origin) return headers;
    const token = await this.#host.token();
    this.#withToken = token !== null;
    return token === null ? headers : { ...headers, authorization: `Bearer ${token}` };
  }

  #astray(next: URL): DownloadError {
    return new DownloadError(
      'downloadFailed',
      l10n.t(
        '{0} sends on to {1}, which is not reached by https; nothing was asked there.',
        this.hostName,
        next.host,
      ),
    );
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.#host.clock.after(ms, () => {
        signal.removeEventListener('abort', give);
        resolve();
      });
      const give = (): void => (stop(), reject(new HttpFailure('aborted')));
      if (signal.aborted) return give();
      signal.addEventListener('abort', give, { once: true });
    });
  }
}

function redirectOf({ status, headers }: HttpAnswer, from: URL): URL | null {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || !location) return null;
  return URL.canParse(location, from.href) ? new URL(location, from.href) : null;
}

/** What may go better the next time: neither the person's wish, nor the disk, nor too large an answer. */
function isTransient({ code }: HttpFailure): boolean {
  return code !== 'aborted' && code !== 'EFBIG' && !FILE_FAILURES.includes(code);
}
