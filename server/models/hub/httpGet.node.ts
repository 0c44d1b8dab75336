/** HTTP by Node's own modules, which VS Code teaches its proxies and certificates in extension hosts. */
import { open, type FileHandle } from 'node:fs/promises';
import { get as getHttp, type Agent, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { HttpFailure, type HttpAnswer, type HttpGet, type HttpRequest } from './http';

/** A connection that brings nothing for so long is given up. */
const IDLE_MS = 60_000;

/** What may wait for a slow disk before the other side has to. */
const MAX_WAITING_BYTES = 4 * 2 ** 20;

export interface NodeHttpOptions {
  /** The agent for a URL; undefined leaves it to Node. */
  agent?: (url: URL) => Agent | undefined;
  idleMs?: number;
}

/** GETs as {@link HttpGet} says. */
export function nodeHttpGet({ agent, idleMs = IDLE_MS }: NodeHttpOptions = {}): HttpGet {
  return async (request, signal, onBytes) => {
    const response = await begin(request, agent?.(new URL(request.url)), idleMs, signal);
    const headers = headersOf(response);
    const status = response.statusCode ?? 0;
    try {
      const body = await take(response, request, onBytes);
      return { status, headers, body };
    } catch (error) {
      throw failure(error, signal, headers);
    } finally {
      response.destroy();
    }
  };
}

function begin(
  { url, headers }: HttpRequest,
  agent: Agent | undefined,
  idleMs: number,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const get = url.startsWith('https:') ? getHttps : getHttp;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = get(url, { headers, signal, ...(agent ? { agent } : {}) }, resolve);
    request.setTimeout(idleMs, () => request.destroy(new HttpFailure('ETIMEDOUT')));
    request.on('error', reject);
  }).catch((error: unknown) => {
    throw failure(error, signal);
  });
}

async function take(
  response: IncomingMessage,
  { into, limit }: HttpRequest,
  onBytes: (count: number) => void,
): Promise<Uint8Array> {
  const status = response.statusCode;
  if (status !== 200 && status !== 206) return new Uint8Array();
  let count = 0;
  const check = ({ length }: Uint8Array): void => {
    count += length;
    if (count > limit) throw new HttpFailure('EFBIG');
    onBytes(length);
  };
  if (into) {
    await drainInto(response, into.path, status === 206 ? into.offset : 0, check);
    return new Uint8Array();
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    check(chunk);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Writes all that comes behind `offset`. Chunks are taken as they arrive, not when the disk is ready
 * for them: those that still wait in a stream are lost when the line is cut.
 */
async function drainInto(
  response: IncomingMessage,
  path: string,
  offset: number,
  onWritten: (chunk: Uint8Array) => void,
): Promise<void> {
  let position = offset;
  let waiting = 0;
  const opening = openAt(path, offset);
  let writing: Promise<unknown> = opening;
  const ended = new Promise<void>((resolve, reject) => {
    response.on('data', (chunk: Uint8Array) => {
      waiting += chunk.length;
      if (waiting > MAX_WAITING_BYTES) response.pause();
      writing = writing.then(async () => {
        await (await opening).write(chunk, 0, chunk.length, position);
        position += chunk.length;
        waiting -= chunk.length;
        onWritten(chunk);
        response.resume();
      });
      writing.catch(reject);
    });
    response.on('end', resolve);
    response.on('error', reject);
    writing.catch(reject);
  });
  try {
    await ended.finally(() => writing);
  } finally {
    await opening.then((file) => file.close());
  }
}

/** A file of `offset` bytes to write behind. */
async function openAt(path: string, offset: number): Promise<FileHandle> {
  const file = await open(path, offset > 0 ? 'r+' : 'w');
  if (offset > 0) await file.truncate(offset);
  return file;
}

function headersOf({ headers }: IncomingMessage): HttpAnswer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
}

function failure(
  error: unknown,
  signal: AbortSignal,
  headers: HttpAnswer['headers'] = {},
): HttpFailure {
  if (signal.aborted) return new HttpFailure('aborted', headers);
  if (error instanceof HttpFailure) return new HttpFailure(error.code, headers);
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return new HttpFailure(typeof code === 'string' ? code : 'unknown', headers);
}
