import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type DataCallback,
  type Disposable,
  type Message,
} from 'vscode-jsonrpc/node';
import { Client } from './client';
import { startWebWorker } from './webWorker';

class WorkerReader extends AbstractMessageReader {
  constructor(readonly worker: Worker) {
    super();
  }
  listen(receive: DataCallback): Disposable {
    this.worker.on('message', receive);
    return { dispose: () => this.worker.off('message', receive) };
  }
}

class WorkerWriter extends AbstractMessageWriter {
  constructor(readonly worker: Worker) {
    super();
  }
  write(message: Message): Promise<void> {
    this.worker.postMessage(message);
    return Promise.resolve();
  }
  end(): void {
    // A worker is terminated, not ended.
  }
}

const ASSETS = 'vscode-vfs://product/folder';

describe('the server in a web worker', function () {
  this.timeout(120_000);
  let worker: Worker;
  let client: Client;
  let read: string[];
  let answer: (path: string) => Promise<{ bytes: unknown }>;

  beforeEach(async () => {
    read = [];
    answer = async (path) => ({ bytes: new Uint8Array(await readFile(path)) });
    worker = startWebWorker(await readFile(join('dist', 'server.web.js'), 'utf8'));
    const connection = createMessageConnection(new WorkerReader(worker), new WorkerWriter(worker));
    client = new Client(connection, undefined);
    connection.onRequest('attentionLens/readFile', ({ uri }: { uri: string }) => {
      assert.ok(uri.startsWith(`${ASSETS}/`), uri);
      const path = uri.slice(ASSETS.length + 1);
      read.push(path);
      return answer(path);
    });
    connection.listen();
  });
  afterEach(async () => {
    await client.connection.sendRequest('shutdown');
    await worker.terminate();
  });

  async function begin(initializationOptions: unknown): Promise<void> {
    await client.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities: { textDocument: { hover: { contentFormat: ['markdown'] } } },
      initializationOptions,
    });
    await client.connection.sendNotification('initialized', {});
    await client.open('vscode-vfs://a', 'The lighthouse keeper lit the lamps.');
  }

  it('asks the client for its files and answers as on Node', async () => {
    await begin({ assets: ASSETS });
    const hover = await client.hover('vscode-vfs://a', 0, 6);
    assert.match(hover?.contents.value ?? '', /^\*\*`lighthouse`\*\* · token 2 of 9 · /);
    assert.deepEqual([...new Set(read)].sort(), [
      'dist/engine.web.js',
      'dist/ort-wasm-simd-threaded.wasm',
      'models/all-minilm-l6-v2/manifest.json',
      'models/all-minilm-l6-v2/model.onnx',
      'models/all-minilm-l6-v2/model.safetensors',
      'models/all-minilm-l6-v2/tokenizer.json',
    ]);
  });

  it('takes files as base64 too, and with a slash behind the folder', async () => {
    const asBytes = answer;
    answer = async (path) =>
      path.endsWith('.json') ? { bytes: await readFile(path, 'base64') } : asBytes(path);
    await begin({ assets: `${ASSETS}/` });
    assert.ok(await client.hover('vscode-vfs://a', 0, 6));
  });

  it('says what is missing when the client gives no folder or no file', async () => {
    await begin({});
    const cannotRead = { code: -32803, data: { reason: 'cannotReadFiles' } };
    await assert.rejects(client.hover('vscode-vfs://a', 0, 6), cannotRead);
    assert.deepEqual(read, []);
  });

  it('says so when a file cannot be read, and when it is not what it should be', async () => {
    answer = () => Promise.reject(new Error('no such file'));
    await begin({ assets: ASSETS });
    await assert.rejects(client.hover('vscode-vfs://a', 0, 6), { code: -32803 });
    answer = (path) => Promise.resolve({ bytes: path.length });
    const again = client.request('attentionLens/selectModel', { model: 'bundled' });
    await assert.rejects(again, { code: -32803 });
  });
});
