/** One HTTP request as the download needs it, whoever carries it out. */

/** Where the body of an answer goes when it is not wanted in memory. */
export interface BodyFile {
  /** Absolute. */
  path: string;
  /** Where the body of a 206 begins; that of a 200 begins at 0. What stood there and behind is gone. */
  offset: number;
}

export interface HttpRequest {
  url: string;
  headers: { [name: string]: string };
  /** For the bodies of 200 and 206. */
  into: BodyFile | null;
  /** Bytes of body that may come; more is a failure. */
  limit: number;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: { [name: string]: string };
  /** Empty where it went into the file, and for every status but 200 and 206. */
  body: Uint8Array;
}

/**
 * GETs one URL; redirects are answers like others. Rejects with {@link HttpFailure}.
 * `onBytes` is told how many bytes have come since the last call.
 */
export type HttpGet = (
  request: HttpRequest,
  signal: AbortSignal,
  onBytes: (count: number) => void,
) => Promise<HttpAnswer>;

/** No whole answer came. */
export class HttpFailure extends Error {
  constructor(
    /** As the system names it, such as `ENOTFOUND`; `aborted` after the signal. */
    readonly code: string,
    /** Those of the answer whose body broke off; empty before there was one. */
    readonly headers: { [name: string]: string } = {},
  ) {
    super(code);
    this.name = 'HttpFailure';
  }
}

/** The codes of {@link HttpFailure} that are about the file, not the network. */
export const FILE_FAILURES: readonly string[] = [
  'ENOSPC',
  'EDQUOT',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EEXIST',
  'EIO',
];
