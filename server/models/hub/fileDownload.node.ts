/** One file of a model: fetched, continued where it broke off, and checked against its hash. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import { DownloadError } from './downloadError';
import { HttpFailure, type HttpAnswer } from './http';
import type { HubRequests } from './hubRequests';
import type { HubFile } from './listing';

export interface FileJob {
  file: HubFile;
  /** Absolute; what is there already is right. */
  target: string;
  /** Of the file at the hub. */
  path: string;
  /** `owner/name` */
  id: string;
  revision: string;
  requests: HubRequests;
  signal: AbortSignal;
  /** How many bytes of the file are there. */
  onBytes(count: number): void;
}

/** How often a file may arrive with another content than the hub has announced. */
const MAX_DAMAGED = 2;

/**
 * Resolves when the file is at its place with the size and hash that the hub gave. Rejects with
 * DownloadError, with {@link HttpFailure} `aborted` after the signal, and with the system's errors.
 */
export async function downloadFile(job: FileJob): Promise<void> {
  const { file, target, id, requests } = job;
  if ((await sizeOf(target)) === file.bytes) return job.onBytes(file.bytes);
  await mkdir(dirname(target), { recursive: true });
  const partial = new PartialFile(target);
  for (let damaged = 0; damaged < MAX_DAMAGED; damaged++) {
    await complete(job, partial);
    if ((await hashOf(partial.path, file)) === file.hash.hex) return partial.finish();
    await partial.discard();
    job.onBytes(0);
  }
  throw new DownloadError(
    'downloadFailed',
    l10n.t(
      '"{0}" of {1} does not arrive as {2} announces it (its hash is another); nothing of it was kept.',
      file.path,
      id,
      requests.hostName,
    ),
  );
}

async function complete(job: FileJob, partial: PartialFile): Promise<void> {
  const { file, id, revision, requests, signal } = job;
  let before = -1;
  let progressed = false;
  const answer = await requests.again(
    signal,
    async () => {
      const have = await partial.size(file.bytes);
      progressed = before >= 0 && have > before;
      before = have;
      job.onBytes(have);
      return have === file.bytes ? WHOLE : attempt(job, partial, have);
    },
    () => progressed,
  );
  if (answer.status !== 200 && answer.status !== 206)
    throw requests.refusal(answer, { id, revision });
}

const WHOLE: HttpAnswer = { status: 200, headers: {}, body: new Uint8Array() };

async function attempt(job: FileJob, partial: PartialFile, have: number): Promise<HttpAnswer> {
  const { file, path, requests, signal } = job;
  let there = have;
  const answer = await requests
    .once({
      path,
      limit: file.bytes,
      signal,
      headers: have > 0 ? await partial.rangeHeaders(have) : {},
      into: { path: partial.path, offset: have },
      onBytes: (count) => job.onBytes(Math.min((there += count), file.bytes)),
    })
    .catch(async (error: unknown) => {
      // What the answer said of itself is needed to go on with it.
      if (error instanceof HttpFailure) await partial.keepTag(error.headers);
      if (error instanceof HttpFailure && error.code === 'EFBIG') await partial.discard();
      throw error;
    });
  const { status, headers } = answer;
  const continues = status !== 206 || begins(headers, have);
  if (status === 412 || status === 416 || !continues) {
    await partial.discard();
    throw new HttpFailure('badRange', headers);
  }
  if (status !== 200 && status !== 206) return answer;
  await partial.keepTag(headers);
  if ((await partial.size(file.bytes)) < file.bytes) throw new HttpFailure('ECONNRESET', headers);
  return answer;
}

/** Whether a part (RFC 9110, section 14.4) is the one that was asked for. */
function begins(headers: HttpAnswer['headers'], offset: number): boolean {
  return (headers['content-range'] ?? '').startsWith(`bytes ${offset}-`);
}

/** What has come of a file so far, and the tag of the answer it came from. */
class PartialFile {
  readonly #target: string;
  readonly path: string;
  readonly #tagPath: string;

  constructor(target: string) {
    this.#target = target;
    this.path = `${target}.part`;
    this.#tagPath = `${target}.etag`;
  }

  /** One that is longer than the file can be is given up; an empty file is made where it is to have 0 bytes. */
  async size(expected: number): Promise<number> {
    const size = await sizeOf(this.path);
    if (size === expected) return size;
    if (size === null && expected === 0) await writeFile(this.path, '');
    if (size === null || size < expected) return size ?? 0;
    await this.discard();
    return 0;
  }

  /** Asks for the rest, or for all where it is another file by now (RFC 9110, section 13.1.5). */
  async rangeHeaders(offset: number): Promise<{ [name: string]: string }> {
    const tag = await readFile(this.#tagPath, 'utf8').catch(() => '');
    return { range: `bytes=${offset}-`, ...(tag ? { 'if-range': tag } : {}) };
  }

  async keepTag({ etag }: HttpAnswer['headers']): Promise<void> {
    // Weak ones may not be used here.
    if (etag?.startsWith('"')) await writeFile(this.#tagPath, etag);
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#tagPath, { force: true });
  }

  async finish(): Promise<void> {
    const file = await open(this.path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(this.path, this.#target);
    await rm(this.#tagPath, { force: true });
  }
}

/** Git's hash of a blob is over a header and the content. */
async function hashOf(path: string, { hash, bytes }: HubFile): Promise<string> {
  const digest = createHash(hash.kind === 'sha256' ? 'sha256' : 'sha1');
  if (hash.kind === 'gitBlob') digest.update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }))
    digest.update(chunk as Uint8Array);
  return digest.digest('hex');
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}
