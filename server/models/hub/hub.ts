/** Models of a hub as the rest of the server sees them, wherever they are kept. */
import type { LoadedModel } from '../loadModel';
import type { HttpGet } from './http';

/** A model of the hub; `revision` null means its main branch. */
export interface HubSource {
  owner: string;
  name: string;
  revision: string | null;
}

/** What a person has to agree to. */
export interface DownloadQuestion {
  /** `lookUp`: the host is to be asked what the model consists of; `download`: the files are to be fetched. */
  step: 'lookUp' | 'download';
  /** As settings and requests name it. */
  model: string;
  /** Who is asked; it may send requests on to other hosts. */
  host: string;
  /** 0 while looking up. */
  bytes: number;
  files: number;
  /** As the hub tells it; null where it does not. */
  licence: string | null;
}

/** `cannotAsk`: there is nobody who could be asked. */
export type Consent = 'yes' | 'no' | 'cannotAsk';

export interface DownloadProgress {
  /** Of all files together. */
  bytes: number;
  total: number;
}

export interface FetchOptions {
  signal: AbortSignal;
  /** Settings may come from elsewhere: for them not even the host is asked without a question. */
  wantedBy: 'person' | 'settings';
  onProgress?: (progress: DownloadProgress) => void;
}

/** What the hub's client needs to know from whoever it works for. */
export interface HubLink {
  /** As the settings have it; empty: the environment decides. */
  endpoint(): string;
  /** An absolute path; undefined: this machine's usual place for such files. */
  storage: string | undefined;
  /** Carries out requests where the proxies are known; undefined: nobody but us does. */
  get: HttpGet | undefined;
  /** The person's token for the host of an endpoint; null: none was kept. */
  token(endpoint: string): Promise<string | null>;
  ask(question: DownloadQuestion, signal: AbortSignal): Promise<Consent>;
}

/** A model that was downloaded, as a whole or in part. */
export interface StoredModel {
  owner: string;
  name: string;
  commit: string;
  /** The names under which this commit was asked for. */
  revisions: string[];
  /** On disk. */
  bytes: number;
  /** False where a download broke off. */
  complete: boolean;
}

export interface ModelHub {
  /**
   * The model, without any request where its files are there already; else they are downloaded
   * after a question. Rejects with DownloadError, with ModelError or TokenizerError where it
   * cannot be used, or with HttpFailure `aborted` after the signal.
   */
  open(source: HubSource, options: FetchOptions): Promise<LoadedModel>;
  /** Where the models lie. */
  readonly place: string;
  /** By owner and name. */
  list(): Promise<StoredModel[]>;
  /** What is not there is gone already. */
  remove(model: Pick<StoredModel, 'owner' | 'name' | 'commit'>): Promise<void>;
}

/** The model as settings and requests name it. */
export function hubId({ owner, name, revision }: HubSource): string {
  return `hf:${owner}/${name}${revision === null ? '' : `@${revision}`}`;
}

/** Whether the stored model is the one that `source` opens. */
export function isStoredAs(stored: StoredModel, { owner, name, revision }: HubSource): boolean {
  if (!stored.complete || stored.owner !== owner || stored.name !== name) return false;
  const wanted = revision ?? 'main';
  return stored.commit === wanted || stored.revisions.includes(wanted);
}
