import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointFolder, textOf } from '../unit/models/checkpointFolder.node';
import { start, type Client } from './client';

const root = process.cwd();
const NATIVE = join('dist/native', `${process.platform}-${process.arch}`);
const BINDING = 'onnxruntime_binding.node';
const uri = 'file:///a';

describe('an engine that is not to be had', function () {
  this.timeout(240_000);
  let folder: string;
  let client: Client;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'attention-lens-'));
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    symlinkSync(join(root, 'models'), join(folder, 'models'), 'junction');
  });
  afterEach(async () => {
    assert.equal(await client.stop(), 0);
    rmSync(folder, { recursive: true });
  });

  async function begin(backend: string): Promise<void> {
    client = await start({
      server: join(folder, 'dist', 'attention-lens-server.js'),
      initialize: { initializationOptions: { background: false, engine: { backend } } },
    });
    await client.open(uri, 'One two three.');
  }

  if (existsSync(join(root, NATIVE, BINDING)))
    it('because its binary is cut short is named, and WebAssembly answers', async () => {
      truncateSync(join(folder, NATIVE, BINDING), 100_000);
      await begin('auto');
      assert.match((await client.hover(uri, 0, 1))?.contents.value ?? '', /`One`/);
      const { engine, state } = await client.status(({ state }) => state === 'ready');
      assert.deepEqual([state, engine.backend], ['ready', 'wasm']);
      assert.equal(engine.passedOver[0]?.backend, 'native');
      assert.match(
        engine.passedOver[0].reason,
        /"onnxruntime_binding\.node" is missing or damaged\. Reinstall/,
      );
    });

  it('any more, as a graphics card that is lost at work, gives way, and no answer is lost', async () => {
    renameSync(join(folder, 'dist', 'engine.js'), join(folder, 'dist', 'real-engine.js'));
    writeFileSync(join(folder, 'dist', 'engine.js'), ENGINE_WITH_CARD);
    await begin('webgpu');
    await client.status(({ engine }) => engine.backend === 'webgpu');
    const before = await client.hover(uri, 0, 1);
    assert.match(before?.contents.value ?? '', /`One`/);
    writeFileSync(join(folder, 'dist', 'lost'), '');
    await client.open('file:///b', 'Four five six.');
    const hovers = await Promise.all([client.hover('file:///b', 0, 1), client.hover(uri, 0, 1)]);
    assert.match(hovers[0]?.contents.value ?? '', /`Four`/);
    assert.deepEqual(hovers[1], before);
    const { engine } = await client.status(
      ({ state, engine: { passedOver } }) => state === 'ready' && passedOver.length > 0,
    );
    assert.notEqual(engine.backend, 'webgpu');
    assert.deepEqual(engine.passedOver, [{ backend: 'webgpu', reason: 'The device was lost.' }]);
  });
});

describe('a model that computes what is not a number', function () {
  this.timeout(120_000);
  let client: Client;
  let folder: string;
  before(async () => {
    client = await start({});
    folder = checkpointFolder('bert');
    poison(join(folder, 'model.safetensors'), 'position_embeddings.weight', 10);
  });
  after(async () => {
    assert.equal(await client.stop(), 0);
    rmSync(folder, { recursive: true });
  });

  it('is named with layer and head where it does, and answers where it does not', async () => {
    await client.request('attentionLens/selectModel', { model: `file:${folder}` });
    await client.open('file:///short', textOf([1, 2, 3]));
    await client.open('file:///long', textOf(Array.from({ length: 12 }, (_, at) => at)));
    await assert.rejects(
      client.hover('file:///long', 0, 1),
      /not a number in layer 0, head 0; its weights are damaged/,
    );
    assert.ok(await client.hover('file:///short', 0, 1));
    assert.equal((await client.request('attentionLens/status', {})).state, 'ready');
  });
});

/** Overwrites a row of a float32 tensor whose name ends so with NaN. */
function poison(file: string, tensor: string, row: number): void {
  const bytes = readFileSync(file);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)) as {
    [name: string]: { shape: [number, number]; data_offsets: [number, number] };
  };
  const name = Object.keys(header).find((each) => each.endsWith(tensor));
  assert.ok(name, tensor);
  const { shape, data_offsets } = header[name]!;
  const start = 8 + headerBytes + data_offsets[0] + 4 * row * shape[1];
  for (let at = 0; at < shape[1]; at++) bytes.writeFloatLE(NaN, start + 4 * at);
  writeFileSync(file, bytes);
}

/** The engine, with WebAssembly in the place of a graphics card that is lost when the file says so. */
const ENGINE_WITH_CARD = `
const fs = require('node:fs');
const { parentPort } = require('node:worker_threads');
const lost = require('node:path').join(__dirname, 'lost');
const { on, postMessage } = parentPort;
const loads = new Set();
let card = false;
parentPort.on = (event, receive) =>
  on.call(parentPort, event, (message) => {
    if (message.method === 'load' && message.params.backend === 'webgpu') {
      loads.add(message.id);
      message.params.backend = 'wasm';
      card = true;
    }
    if (card && message.method === 'analyse' && fs.existsSync(lost)) {
      const { id } = message;
      const error = { kind: 'error', id, reason: 'backendFailed', message: 'The device was lost.' };
      return postMessage.call(parentPort, error);
    }
    receive(message);
  });
parentPort.postMessage = (message, transfer) => {
  if (message.kind === 'result' && loads.delete(message.id)) message.value.backend = 'webgpu';
  postMessage.call(parentPort, message, transfer);
};
require('./real-engine.js');
`;
