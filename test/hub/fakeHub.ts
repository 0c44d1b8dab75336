/**
 * A model hub on this machine that behaves as the real one does: an API that lists the files of a
 * revision, files that lie at another host to which it sends on, tags, ranges and the refusals. It
 * breaks off, dawdles and lies where a test wants it to.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeModel {
  /** By path. */
  files: { [path: string]: Uint8Array };
  /** Revision → commit; `main` is one of them. */
  revisions: { [revision: string]: string };
  /** What the hub has read of config.json. */
  modelType?: string;
  licence?: string;
  /** The token that is needed to see it. */
  token?: string;
  gated?: boolean;
}

/** What happens to one request instead of the usual: return true when it was answered. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** What was asked, of whom, and with what. */
export interface Asked {
  host: 'hub' | 'store';
  path: string;
  headers: IncomingMessage['headers'];
}

/** Files at least as long are not in git: they lie at the store, by SHA-256. */
const LARGE = 1000;

export class FakeHub {
  readonly #hub: Server;
  readonly #store: Server;
  readonly models = new Map<string, FakeModel>();
  readonly asked: Asked[] = [];
  /** Each answers one request whose path contains its key, in this order. */
  readonly faults: { at: string; fault: Fault }[] = [];
  /** Instead of the store, where the hub sends on to. */
  elsewhere: string | undefined;
  ranges = true;

  private constructor() {
    this.#hub = createServer((request, response) => this.#answer('hub', request, response));
    this.#store = createServer((request, response) => this.#answer('store', request, response));
  }

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub();
    for (const server of [hub.#hub, hub.#store]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return hub;
  }

  /** `http://127.0.0.1:…` */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`;
  }

  get store(): string {
    return `http://127.0.0.1:${(this.#store.address() as AddressInfo).port}`;
  }

  /** What was asked of either host, by path. */
  paths(host: Asked['host']): string[] {
    return this.asked.filter((each) => each.host === host).map(({ path }) => path);
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#store]) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  #answer(host: Asked['host'], request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(request.url ?? '');
    this.asked.push({ host, path, headers: request.headers });
    const at = this.faults.findIndex((each) => path.includes(each.at));
    const [planned] = at < 0 ? [] : this.faults.splice(at, 1);
    if (planned?.fault(request, response)) return;
    if (host === 'store') this.#content(path.slice(1), request, response);
    else if (path.startsWith('/api/models/')) this.#listing(path, request, response);
    else this.#file(path, request, response);
  }

  #listing(path: string, request: IncomingMessage, response: ServerResponse): void {
    const [, id = '', revision = ''] =
      /^\/api\/models\/([^/]+\/[^/]+)\/revision\/(.+)\?blobs=true$/.exec(path) ?? [];
    const model = this.#visible(id, request, response);
    if (!model) return;
    const commit = Object.values(model.revisions).includes(revision)
      ? revision
      : model.revisions[revision];
    if (commit === undefined) return refuse(response, 404, 'RevisionNotFound');
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        id,
        sha: commit,
        gated: model.gated ?? false,
        tags: model.licence === undefined ? [] : ['region:us', `license:${model.licence}`],
        ...(model.modelType === undefined ? {} : { config: { model_type: model.modelType } }),
        siblings: Object.entries(model.files).map(([rfilename, bytes]) => ({
          rfilename,
          size: bytes.length,
          blobId: gitBlob(bytes),
          ...(bytes.length < LARGE
            ? {}
            : { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 } }),
        })),
      }),
    );
  }

  #file(path: string, request: IncomingMessage, response: ServerResponse): void {
    const [, id = '', commit = '', file = ''] =
      /^\/([^/]+\/[^/]+)\/resolve\/([0-9a-f]{40})\/(.+)$/.exec(path) ?? [];
    const model = this.#visible(id, request, response);
    if (!model) return;
    const bytes = model.files[file];
    if (!bytes) return refuse(response, 404, 'EntryNotFound');
    response.setHeader('x-repo-commit', commit);
    if (bytes.length < LARGE) return this.#send(bytes, `"${gitBlob(bytes)}"`, request, response);
    response.setHeader('x-linked-etag', `"${sha256(bytes)}"`);
    response.setHeader('x-linked-size', bytes.length);
    response.writeHead(302, {
      location: `${this.elsewhere ?? this.store}/${encodeURIComponent(`${id}/${file}`)}?signed=1`,
    });
    response.end('Found. Redirecting.');
  }

  #content(path: string, request: IncomingMessage, response: ServerResponse): void {
    const [owner, name, ...file] = path.replace(/\?signed=1$/, '').split('/');
    const bytes = this.models.get(`${owner}/${name}`)?.files[file.join('/')];
    if (bytes) this.#send(bytes, `"${sha256(bytes).slice(0, 12)}-1"`, request, response);
    else response.writeHead(403).end();
  }

  #send(bytes: Uint8Array, etag: string, request: IncomingMessage, response: ServerResponse): void {
    const { range, 'if-range': tag } = request.headers;
    const [, from] = /^bytes=(\d+)-$/.exec(range ?? '') ?? [];
    response.setHeader('etag', etag);
    if (from === undefined || !this.ranges || (tag !== undefined && tag !== etag)) {
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    } else if (Number(from) >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    } else {
      const rest = bytes.subarray(Number(from));
      response
        .writeHead(206, {
          'content-length': rest.length,
          'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
        })
        .end(rest);
    }
  }

  #visible(id: string, request: IncomingMessage, response: ServerResponse): FakeModel | undefined {
    const model = this.models.get(id);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (model && (model.token === undefined || model.token === token)) return model;
    if (model?.gated) refuse(response, token === undefined ? 401 : 403, 'GatedRepo');
    else refuse(response, token === undefined ? 401 : 404, 'RepoNotFound');
    return undefined;
  }
}

/** Sends the first bytes of the answer that would have come, then cuts the line. */
export function cutAfter(count: number, bytes: Uint8Array, headers = {}): Fault {
  return (request, response) => {
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const rest = bytes.subarray(Number(from ?? 0));
    const part =
      from === undefined
        ? {}
        : { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(from === undefined ? 200 : 206, {
      'content-length': rest.length,
      ...part,
      ...headers,
    });
    response.write(rest.subarray(0, count));
    response.socket?.end();
    return true;
  };
}

/** Answers with a status and nothing else. */
export function status(code: number, headers: { [name: string]: string } = {}): Fault {
  return (_request, response) => {
    response.writeHead(code, headers).end();
    return true;
  };
}

/** Answers with these bytes instead of the right ones. */
export function instead(bytes: Uint8Array): Fault {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    return true;
  };
}

function refuse(response: ServerResponse, code: number, error: string): void {
  response.writeHead(code, { 'x-error-code': error, 'x-error-message': error }).end();
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Git's own hash of a file's content. */
export function gitBlob(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
