/** Models of a hub, kept in a folder of this machine. */
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { diskFolder } from '../folder/diskFolder.node';
import { openFolder } from '../folder/openFolder';
import type { LoadedModel } from '../loadModel';
import { ModelError } from '../modelError';
import { chooseFiles, CONFIG, MAX_INDEX_BYTES, modelTypeOf, shardsOf } from './choose';
import { DownloadError } from './downloadError';
import { downloadFile } from './fileDownload.node';
import { FILE_FAILURES } from './http';
import { hubId } from './hub';
import type {
  Consent,
  DownloadQuestion,
  FetchOptions,
  HubSource,
  ModelHub,
  StoredModel,
} from './hub';
import { HubRequests, type HubHost } from './hubRequests';
import { readListing, type HubFile, type HubListing } from './listing';
import { unwritable } from './refusal';
import type { Staging } from './staging.node';
import { bytesIn, HubStore } from './store.node';

const MAX_LISTING_BYTES = 16 * 2 ** 20;
const MAX_CONFIG_BYTES = 2 ** 20;
const AT_ONCE = 3;
/** Left on the disk for everybody else. */
const SPARE_BYTES = 64 * 2 ** 20;

export interface NodeHubHost {
  /** An absolute path. */
  storage: string;
  /** How the hub is reached; throws DownloadError where its address cannot be used. */
  connect(): HubHost;
  /** Asks the person. */
  ask(question: DownloadQuestion, signal: AbortSignal): Promise<Consent>;
}

export class NodeHub implements ModelHub {
  readonly #host: NodeHubHost;
  readonly #store: HubStore;

  constructor(host: NodeHubHost) {
    this.#host = host;
    this.#store = new HubStore(host.storage);
  }

  get place(): string {
    return this.#store.root;
  }

  async open(source: HubSource, options: FetchOptions): Promise<LoadedModel> {
    const folder = await diskFolder(await this.folder(source, options));
    const id = hubId(source);
    return openFolder(folder, { id, name: id.replace(/^hf:/, '') }, options.signal);
  }

  /** The folder with the model's files; rejects as {@link ModelHub.open} does. */
  async folder(source: HubSource, options: FetchOptions): Promise<string> {
    checkNames(source);
    const cached = await this.#store.find(source);
    if (cached !== null) return cached;
    try {
      return await new Download(source, options, this.#host, this.#store).run();
    } catch (error) {
      throw onDisk(error, this.#host.storage);
    }
  }

  list(): Promise<StoredModel[]> {
    return this.#store.list();
  }

  async remove(model: Pick<StoredModel, 'owner' | 'name' | 'commit'>): Promise<void> {
    checkNames({ ...model, revision: null });
    try {
      await this.#store.remove(model);
    } catch (error) {
      throw onDisk(error, this.#host.storage);
    }
  }
}

/** One model on its way. */
class Download {
  readonly #source: HubSource;
  readonly #options: FetchOptions;
  readonly #host: NodeHubHost;
  readonly #store: HubStore;
  readonly #requests: HubRequests;
  readonly #id: string;
  readonly #revision: string;

  constructor(source: HubSource, options: FetchOptions, host: NodeHubHost, store: HubStore) {
    this.#source = source;
    this.#options = options;
    this.#host = host;
    this.#store = store;
    this.#requests = new HubRequests(host.connect());
    this.#id = `${source.owner}/${source.name}`;
    this.#revision = source.revision ?? 'main';
  }

  async run(): Promise<string> {
    if (this.#options.wantedBy === 'settings') await this.#agree('lookUp', [], null);
    const listing = await this.#listing();
    const { commit } = listing;
    const files = await this.#files(listing);
    if ((await this.#store.findCommit(this.#source, commit)) === null) {
      await this.#agree('download', files, listing.licence);
      await this.#fetch(files, commit);
    }
    await this.#store.remember(this.#source, commit);
    const folder = await this.#store.findCommit(this.#source, commit);
    if (folder !== null) return folder;
    throw new DownloadError(
      'downloadFailed',
      l10n.t('{0} was deleted while it was being downloaded.', this.#id),
    );
  }

  async #listing(): Promise<HubListing> {
    const revision = encodeURIComponent(this.#revision);
    const path = `/api/models/${this.#id}/revision/${revision}?blobs=true`;
    const body = await this.#body(path, MAX_LISTING_BYTES);
    return readListing(this.#id, this.#requests.hostName, body);
  }

  /** All files that are needed; the list of shards is read for it. */
  async #files(listing: HubListing): Promise<HubFile[]> {
    const { commit } = listing;
    const config = listing.files.find(({ path }) => path === CONFIG);
    const type =
      listing.modelType ??
      (config && modelTypeOf(await this.#body(this.#place(commit, config), MAX_CONFIG_BYTES))) ??
      null;
    const { files, index } = chooseFiles(this.#id, listing, type);
    if (!index) return files;
    const list = await this.#body(this.#place(commit, index), MAX_INDEX_BYTES);
    return [...files, ...shardsOf(this.#id, list, listing)];
  }

  async #agree(
    step: DownloadQuestion['step'],
    files: readonly HubFile[],
    licence: string | null,
  ): Promise<void> {
    const question = {
      step,
      model: hubId(this.#source),
      host: this.#requests.hostName,
      bytes: bytesOf(files),
      files: files.length,
      licence,
    };
    const consent = await this.#host.ask(question, this.#options.signal);
    if (consent === 'yes') return;
    throw new DownloadError(
      'consentRequired',
      consent === 'no'
        ? l10n.t('{0} was not downloaded from {1}: nobody agreed to it.', this.#id, question.host)
        : l10n.t(
            '{0} is not on this machine, and this editor cannot ask whether it may be downloaded from {1}.',
            this.#id,
            question.host,
          ),
    );
  }

  async #fetch(files: readonly HubFile[], commit: string): Promise<void> {
    const staging = await this.#store.begin(this.#source, commit);
    try {
      await this.#fetchInto(staging, files, commit);
    } catch (error) {
      await staging.leave();
      throw error;
    }
    await staging.finish();
  }

  async #fetchInto(staging: Staging, files: readonly HubFile[], commit: string): Promise<void> {
    const total = bytesOf(files);
    await checkRoom(staging.folder, total, this.#host.storage);
    const there = new Map<string, number>();
    // One that fails ends the others.
    const end = new AbortController();
    const signal = AbortSignal.any([end.signal, this.#options.signal]);
    const fetchOne = (file: HubFile): Promise<void> =>
      downloadFile({
        file,
        target: join(staging.folder, ...file.path.split('/')),
        path: this.#place(commit, file),
        id: this.#id,
        revision: this.#revision,
        requests: this.#requests,
        signal,
        onBytes: (count) => {
          there.set(file.path, count);
          const bytes = [...there.values()].reduce((sum, each) => sum + each, 0);
          this.#options.onProgress?.({ bytes, total });
        },
      });
    await inTurns(files, fetchOne, () => end.abort());
  }

  #place(commit: string, { path }: HubFile): string {
    return `/${this.#id}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
  }

  #body(path: string, limit: number): Promise<Uint8Array> {
    const asked = { id: this.#id, revision: this.#revision };
    return this.#requests.body({ path, limit, signal: this.#options.signal }, asked);
  }
}

/** A few at a time, small ones first: what is wrong with a model mostly shows in them. Rejects with the first failure, once all have ended. */
async function inTurns(
  files: readonly HubFile[],
  fetchOne: (file: HubFile) => Promise<void>,
  onFailure: () => void,
): Promise<void> {
  const waiting = files.toSorted((one, other) => other.bytes - one.bytes);
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let file = waiting.pop(); file && failures.length === 0; file = waiting.pop())
      await fetchOne(file).catch((error: unknown) => {
        failures.push(error);
        onFailure();
      });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failures.length > 0) throw failures[0];
}

async function checkRoom(folder: string, bytes: number, storage: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const missing = bytes - (await bytesIn(folder));
  if (bavail * bsize < missing + SPARE_BYTES) throw unwritable(storage, 'ENOSPC', undefined);
}

/** The system's errors about files become sentences. */
function onDisk(error: unknown, storage: string): unknown {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && FILE_FAILURES.includes(code)
    ? unwritable(storage, code, error)
    : error;
}

/** Names become folders: only what a hub would take as one (letters, digits, `-`, `_`, `.`). */
function checkNames({ owner, name }: HubSource): void {
  const fine = [owner, name].every((part) => /^[A-Za-z0-9_][\w.-]{0,95}$/.test(part));
  if (fine && ![owner, name].some((part) => part.endsWith('.') || part.includes('..'))) return;
  throw new ModelError(
    'modelNotSupported',
    l10n.t('"{0}/{1}" is not the name of a model.', owner, name),
  );
}

function bytesOf(files: readonly HubFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
