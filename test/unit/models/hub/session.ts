/** A hub, an empty storage folder, and a client of the hub between them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../../server/engine/clock';
import { readEndpoint } from '../../../../server/models/hub/endpoint';
import type { HttpGet } from '../../../../server/models/hub/http';
import type {
  Consent,
  DownloadProgress,
  DownloadQuestion,
  FetchOptions,
  HubSource,
} from '../../../../server/models/hub/hub';
import { NodeHub } from '../../../../server/models/hub/hub.node';
import { nodeHttpGet } from '../../../../server/models/hub/httpGet.node';
import { FakeHub, type FakeModel } from '../../../hub/fakeHub';

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';
export const SOURCE: HubSource = { owner: 'ann', name: 'tiny-bert', revision: null };
export const ID = 'ann/tiny-bert';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const large = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7 + (at >> 8)) & 0xff);

/** What download looks at: the rest of a model is not read here. */
export function tinyModel(): FakeModel {
  return {
    revisions: { main: COMMIT },
    modelType: 'bert',
    licence: 'apache-2.0',
    files: {
      'config.json': text('{"model_type":"bert"}'),
      'tokenizer.json': large(5000, 1),
      'tokenizer_config.json': text('{}'),
      'model.safetensors': large(300_000, 2),
      'pytorch_model.bin': large(300_000, 3),
      'onnx/model.onnx': large(300_000, 4),
      'README.md': text('# Tiny'),
    },
  };
}

/** Waits for nothing, and tells how long it would have been. */
class HurriedClock implements Clock {
  readonly waits: number[] = [];

  now(): number {
    return 0;
  }

  after(delayMs: number, then: () => void): () => void {
    this.waits.push(delayMs);
    const immediate = setImmediate(then);
    return () => clearImmediate(immediate);
  }
}

export class HubSession {
  readonly storage = mkdtempSync(join(tmpdir(), 'attention-lens-hub-'));
  readonly clock = new HurriedClock();
  readonly questions: DownloadQuestion[] = [];
  readonly progress: DownloadProgress[] = [];
  readonly hub: NodeHub;
  consent: Consent = 'yes';
  token: string | null = null;
  endpoint: string;
  get: HttpGet = nodeHttpGet();

  private constructor(readonly server: FakeHub) {
    this.endpoint = server.endpoint;
    this.hub = this.another();
  }

  static async start(): Promise<HubSession> {
    const session = new HubSession(await FakeHub.start());
    session.server.models.set(ID, tinyModel());
    return session;
  }

  /** Another process' view of the same storage. */
  another(): NodeHub {
    return new NodeHub({
      storage: this.storage,
      connect: () => ({
        get: this.get,
        endpoint: readEndpoint(this.endpoint),
        token: () => Promise.resolve(this.token),
        clock: this.clock,
      }),
      ask: (question) => {
        this.questions.push(question);
        return Promise.resolve(this.consent);
      },
    });
  }

  get model(): FakeModel {
    const model = this.server.models.get(ID);
    if (!model) throw new Error('The hub has lost its model.');
    return model;
  }

  file(path: string): Uint8Array {
    const bytes = this.model.files[path];
    if (!bytes) throw new Error(`There is no ${path}.`);
    return bytes;
  }

  fetch(source: HubSource = SOURCE, options: Partial<FetchOptions> = {}): Promise<string> {
    return this.hub.folder(source, {
      signal: new AbortController().signal,
      wantedBy: 'person',
      onProgress: (progress) => this.progress.push(progress),
      ...options,
    });
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.storage, { recursive: true });
  }
}
