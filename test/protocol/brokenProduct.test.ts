import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start, type Client } from './client';

const root = process.cwd();
const MODEL = join('models', 'all-minilm-l6-v2');
const CODE = ['attention-lens-server.js', 'engine.js', 'ort-wasm-simd-threaded.mjs'];
const NATIVE = `dist/native/${process.platform}-${process.arch}`;
const WASM = 'ort-wasm-simd-threaded.wasm';

describe('a product with a file amiss', function () {
  this.timeout(120_000);
  let folder: string;
  let client: Client | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'attention-lens-'));
    mkdirSync(join(folder, 'dist'));
    for (const file of CODE) cpSync(join(root, 'dist', file), join(folder, 'dist', file));
  });
  afterEach(async () => {
    assert.equal(await client?.stop(), 0);
    rmSync(folder, { recursive: true });
  });

  async function begin(): Promise<Client> {
    client = await start({ server: join(folder, 'dist', 'attention-lens-server.js') });
    await client.open('file:///a', 'One two three.');
    return client;
  }

  function copyModel(): void {
    cpSync(join(root, MODEL), join(folder, MODEL), { recursive: true });
  }

  it('says that the model is missing, and loads it when it is there', async () => {
    cpSync(join(root, 'dist', WASM), join(folder, 'dist', WASM));
    const server = await begin();
    await assert.rejects(server.hover('file:///a', 0, 1), failure('modelMissing'));
    const { message, model } = await server.status(({ state }) => state === 'failed');
    assert.match(message ?? '', /manifest\.json/);
    assert.equal(model, null);
    const wanted = { model: 'bundled' };
    const again = server.request('attentionLens/selectModel', wanted);
    await assert.rejects(again, failure('modelMissing'));
    copyModel();
    await server.request('attentionLens/selectModel', wanted);
    assert.ok(await server.hover('file:///a', 0, 1));
  });

  it('refuses weights that are cut short', async () => {
    cpSync(join(root, 'dist', WASM), join(folder, 'dist', WASM));
    copyModel();
    truncateSync(join(folder, MODEL, 'model.safetensors'), 1_000_000);
    const server = await begin();
    await assert.rejects(server.hover('file:///a', 0, 1), failure('modelRefused'));
    const { message } = await server.status(({ state }) => state === 'failed');
    assert.match(message ?? '', /model\.safetensors/);
  });

  it('says that the runtime is missing, and restarts when it is there', async () => {
    symlinkSync(join(root, 'models'), join(folder, 'models'), 'junction');
    const server = await begin();
    await assert.rejects(server.hover('file:///a', 0, 1), failure('backendUnavailable'));
    cpSync(join(root, 'dist', WASM), join(folder, 'dist', WASM));
    const { state } = await server.request('attentionLens/restart', {});
    assert.equal(state, 'ready');
    assert.ok(await server.hover('file:///a', 0, 1));
  });
});

describe('an engine that crashes', function () {
  this.timeout(120_000);
  let folder: string;
  let client: Client;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'attention-lens-'));
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    symlinkSync(join(root, 'models'), join(folder, 'models'), 'junction');
    renameSync(join(folder, 'dist', 'engine.js'), join(folder, 'dist', 'real-engine.js'));
    writeFileSync(join(folder, 'dist', 'engine.js'), CRASHING_ENGINE);
  });
  afterEach(async () => {
    assert.equal(await client.stop(), 0);
    rmSync(folder, { recursive: true });
  });

  async function begin(crashes: number, backend = 'auto'): Promise<void> {
    writeFileSync(join(folder, 'dist', 'crashes'), String(crashes));
    client = await start({
      server: join(folder, 'dist', 'attention-lens-server.js'),
      initialize: { initializationOptions: { engine: { backend } } },
    });
    await client.open('file:///a', 'One two three.');
  }

  it('once is started again, and the hover comes all the same', async () => {
    await begin(1);
    assert.match((await client.hover('file:///a', 0, 1))?.contents.value ?? '', /`One`/);
    await client.status(
      ({ state, message }) => state === 'ready' && /restarted/.test(message ?? ''),
    );
    assert.ok(client.log.some((line) => /restarted/.test(line)));
  });

  if (existsSync(join(root, NATIVE)))
    it('again and again gives way to WebAssembly where it is native, and the hover comes all the same', async () => {
      await begin(2);
      assert.ok(await client.hover('file:///a', 0, 1));
      const { engine } = await client.status(({ state }) => state === 'ready');
      assert.equal(engine.backend, 'wasm');
      assert.equal(engine.passedOver[0]?.backend, 'native');
    });

  it('again and again stays off until somebody restarts it', async () => {
    await begin(2, 'wasm');
    await assert.rejects(client.hover('file:///a', 0, 1), failure('engineDown'));
    const { message } = await client.status(({ state }) => state === 'failed');
    assert.match(message ?? '', /twice within a minute/);
    await assert.rejects(client.hover('file:///a', 0, 1), failure('engineDown'));
    assert.equal((await client.request('attentionLens/restart', {})).state, 'ready');
    assert.ok(await client.hover('file:///a', 0, 1));
  });
});

/** The engine, except that it ends at the first analyses, as often as the file says. */
const CRASHING_ENGINE = `
const fs = require('node:fs');
const counter = require('node:path').join(__dirname, 'crashes');
require('node:worker_threads').parentPort.on('message', (message) => {
  if (message.method !== 'analyse') return;
  const crashes = Number(fs.readFileSync(counter, 'utf8'));
  if (crashes === 0) return;
  fs.writeFileSync(counter, String(crashes - 1));
  process.exit(9);
});
require('./real-engine.js');
`;

function failure(reason: string): (error: { code: number; data?: { reason?: string } }) => boolean {
  return ({ code, data }) => {
    assert.equal(code, -32803);
    assert.equal(data?.reason, reason);
    return true;
  };
}
