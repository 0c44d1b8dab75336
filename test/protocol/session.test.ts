import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { accept, SERVER_FILE, launch, start, type Client } from './client';

/** A server that ends by itself; its input stays open. */
async function run(args: string[], input = ''): Promise<{ code: number; errors: string }> {
  const child = spawn(process.execPath, [SERVER_FILE, ...args]);
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  child.stdin.write(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, errors };
}

const START = { processId: null, rootUri: null, capabilities: {} };

describe('a session with the server', function () {
  this.timeout(120_000);

  it('says what it can do', async () => {
    const client = launch();
    client.connection.listen();
    const answer = await client.connection.sendRequest('initialize', START);
    assert.deepEqual(answer, {
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: 2 },
        hoverProvider: true,
        experimental: { attentionLens: { protocol: 1 } },
      },
    });
    assert.equal(await client.stop(), 0);
  });

  it('loads the model without waiting for a document', async () => {
    const client = await start();
    const { model, engine } = await client.status(({ state }) => state === 'ready');
    assert.equal(model?.id, 'bundled');
    assert.deepEqual([model.layers, model.heads, model.contextLength], [6, 12, 512]);
    const native = existsSync(`dist/native/${process.platform}-${process.arch}`);
    assert.equal(engine.backend, native ? 'native' : 'wasm');
    assert.equal(engine.passedOver.length, native ? 0 : 1);
    assert.equal(await client.stop(), 0);
  });

  it('ends with 1 when it was not shut down first', async () => {
    const client = await start();
    await client.connection.sendNotification('exit');
    assert.equal(await client.exited, 1);
  });

  it('ends when its input closes', async () => {
    const client = await start();
    client.process?.stdin?.end();
    assert.equal(await client.exited, 1);
  });

  it('ends when its parent is gone', async () => {
    const parent = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const client = await start({ initialize: { processId: parent.pid } });
    parent.kill();
    assert.equal(await client.exited, 1);
  });

  it('answers nothing before it is initialized and after it is shut down', async () => {
    const client = launch();
    client.connection.listen();
    const ask = (): Promise<unknown> => client.connection.sendRequest('attentionLens/status', {});
    await assert.rejects(ask(), { code: -32002 });
    await client.connection.sendRequest('initialize', START);
    await assert.rejects(client.connection.sendRequest('initialize', START), { code: -32600 });
    await ask();
    await client.connection.sendRequest('shutdown');
    await assert.rejects(ask(), { code: -32600 });
    await client.connection.sendNotification('exit');
    assert.equal(await client.exited, 0);
  });

  it('speaks over node-ipc, and prints nothing', async () => {
    const client = await start({ transport: 'node-ipc' });
    await client.open('file:///a', 'One two three.');
    const hover = await client.hover('file:///a', 0, 1);
    assert.match(hover?.contents.value ?? '', /`One`/);
    assert.equal(await client.stop(), 0);
    assert.equal(client.stdoutBytes, 0);
  });

  it('ends when the other end of node-ipc does', async () => {
    const child = fork(SERVER_FILE, ['--node-ipc'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.disconnect();
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 1);
  });

  const listening = (server: Server, at: number | string): Promise<unknown> => {
    const listens = once(server, 'listening');
    if (typeof at === 'string') server.listen(at);
    else server.listen(at, '127.0.0.1');
    return listens;
  };

  it('speaks over a socket, and ends with it', async () => {
    const server = createServer();
    await listening(server, 0);
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const client = await accept(server, `--socket=${port}`);
    await client.open('file:///a', 'One two three.');
    assert.match((await client.hover('file:///a', 0, 1))?.contents.value ?? '', /`One`/);
    client.connection.end();
    assert.equal(await client.exited, 1);
  });

  it('speaks over a pipe', async () => {
    const server = createServer();
    const name = `attention-lens-${process.pid}`;
    const pipe = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
    await listening(server, pipe);
    const client = await accept(server, `--pipe=${pipe}`);
    await client.open('file:///a', 'One two three.');
    assert.match((await client.hover('file:///a', 0, 1))?.contents.value ?? '', /`One`/);
    assert.equal(await client.stop(), 0);
  });

  it('ends and says why when nobody listens at the other end', async () => {
    const { code, errors } = await run([`--pipe=${join(tmpdir(), 'attention-lens-nobody')}`]);
    assert.equal(code, 1);
    assert.match(errors, /The client cannot be reached/);
    assert.equal((await run(['--socket=99999'])).code, 2);
  });

  it('ends when more is announced than can ever arrive', async () => {
    const { code, errors } = await run(['--stdio'], 'Content-Length: 100000000000\r\n\r\n{');
    assert.equal(code, 1);
    assert.match(errors, /100000000000 bytes was announced/);
  });

  it('says how it is started when it is not told how to speak', async () => {
    const { code, errors } = await run([]);
    assert.equal(code, 2);
    assert.match(errors, /--stdio/);
  });
});

describe('the example in docs/protocol.md', function () {
  this.timeout(120_000);

  it('runs as it stands there', async () => {
    const [, example] = /```js\n([^]*?)```/.exec(readFileSync('docs/protocol.md', 'utf8')) ?? [];
    const child = spawn(process.execPath, ['--input-type=module', '--eval', example ?? '']);
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    await once(child, 'close');
    assert.match(output, /^Float32Array\(8\) \[/);
  });
});

describe('the settings of a session', function () {
  this.timeout(120_000);
  let client: Client;
  afterEach(() => client.stop());

  it('that cannot be used are named in one line each', async () => {
    const initializationOptions = {
      hover: { rows: 'many' },
      colour: 'red',
      engine: { threads: 0 },
    };
    client = await start({ initialize: { initializationOptions } });
    await client.status(({ state }) => state === 'ready');
    const about = client.log.filter((line) => /setting/.test(line));
    assert.equal(about.length, 2);
    assert.match(about.join(), /"hover\.rows".*"colour"/s);
  });

  it('are asked for where the client can be asked, and followed', async () => {
    let rows = 2;
    let asked = (): void => undefined;
    client = await start({
      capabilities: { workspace: { configuration: true } },
      answers: { 'workspace/configuration': () => (asked(), [{ hover: { rows } }]) },
    });
    await client.open('file:///a', 'One two three four five six seven.');
    const rowsShown = async (): Promise<number> => {
      const text = (await client.hover('file:///a', 0, 1))?.contents.value ?? '';
      return text.split('\n').filter((line) => line.includes('█')).length;
    };
    assert.equal(await rowsShown(), 2);
    rows = 4;
    const askedAgain = new Promise<void>((resolve) => (asked = resolve));
    await client.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: null,
    });
    await askedAgain;
    // The answer goes out before this request does.
    await client.request('attentionLens/status', {});
    assert.equal(await rowsShown(), 4);
  });

  it('can come with the notice of their change, and turn hovers off', async () => {
    client = await start();
    await client.open('file:///a', 'One two three.');
    assert.ok(await client.hover('file:///a', 0, 1));
    const settings = { attentionLens: { hover: { enabled: false } } };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings });
    assert.equal(await client.hover('file:///a', 0, 1), null);
  });

  it('speak the language of the reader', async () => {
    client = await start({ initialize: { locale: 'zh-cn' } });
    await client.open('file:///a', 'One two three.');
    const hover = await client.hover('file:///a', 0, 1);
    assert.doesNotMatch(hover?.contents.value ?? '', /token|reads|goes to/);
  });
});
