import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancellationTokenSource, ProgressType } from 'vscode-jsonrpc/node';
import { nodeHttpGet } from '../../server/models/hub/httpGet.node';
import type { ConfirmDownloadParams, FetchParams, FetchResult } from '../../server/protocol';
import { FakeHub, type FakeModel } from '../hub/fakeHub';
import { exportFile, exportJson } from '../unit/onnx/exports.node';
import { checkpointFolder, wordTokenizer } from '../unit/models/checkpointFolder.node';
import { start, type Client } from './client';

const COMMIT = 'feedfacefeedfacefeedfacefeedfacefeedface';
const MODEL = 'hf:ann/tiny-bert';
const TOKEN = 'hf_onlyForTheHub';
const WEIGHTS = 'safetensors?signed';

type Failure = { code?: number; message?: string; data?: { reason?: string } };
type Action = { title: string };

/** A tiny BERT with the weights of the reference, as a hub would have it. */
function tinyBert(): FakeModel {
  const folder = checkpointFolder('bert');
  const files = ['config.json', 'model.safetensors', 'tokenizer.json'].map((name) => [
    name,
    new Uint8Array(readFileSync(join(folder, name))),
  ]);
  rmSync(folder, { recursive: true });
  return {
    files: Object.fromEntries(files) as FakeModel['files'],
    revisions: { main: COMMIT },
    modelType: 'bert',
    licence: 'mit',
  };
}

describe('a model of the hub', function () {
  this.timeout(240_000);
  let hub: FakeHub;
  let storage: string;
  const clients: Client[] = [];

  beforeEach(async () => {
    hub = await FakeHub.start();
    hub.models.set('ann/tiny-bert', tinyBert());
    storage = mkdtempSync(join(tmpdir(), 'attention-lens-hub-'));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) assert.equal(await client.stop(), 0);
    await hub.stop();
    rmSync(storage, { recursive: true });
  });

  async function begin(
    capabilities: Record<string, unknown>,
    answers: Record<string, (params: unknown) => unknown> = {},
    settings = {},
  ): Promise<Client> {
    const client = await start({
      capabilities,
      answers,
      initialize: {
        initializationOptions: {
          storage,
          hub: { endpoint: hub.endpoint },
          engine: { backend: 'wasm' },
          ...settings,
        },
      },
    });
    clients.push(client);
    return client;
  }

  /** A client that says "yes", or what `answer` says. */
  async function consenting(
    answer: (actions: Action[]) => Action | null = ([yes]) => yes ?? null,
    settings = {},
  ): Promise<{ client: Client; questions: string[] }> {
    const questions: string[] = [];
    const client = await begin(
      { window: { showMessage: {}, workDoneProgress: true } },
      {
        'window/showMessageRequest': (params) => {
          const { message, actions } = params as { message: string; actions: Action[] };
          questions.push(message);
          return answer(actions);
        },
        'window/workDoneProgress/create': () => null,
      },
      settings,
    );
    return { client, questions };
  }

  const select = (client: Client, model = MODEL) =>
    client.request('attentionLens/selectModel', { model });

  async function fails(asking: Promise<unknown>, reason: string, message: RegExp): Promise<void> {
    await assert.rejects(asking, (error: Failure) => {
      assert.equal(error.data?.reason, reason, error.message);
      assert.match(error.message ?? '', message);
      return true;
    });
  }

  it('needs a consent that a plain client cannot give; the model in use stays', async () => {
    const client = await begin({});
    await client.status(({ state }) => state === 'ready');
    await fails(select(client), 'consentRequired', /cannot ask/);
    const { model, state } = await client.request('attentionLens/status', {});
    assert.deepEqual([model?.id, state], ['bundled', 'ready']);
  });

  it('is asked about, downloaded, opened, and opened again by another server offline', async () => {
    const { client, questions } = await consenting();
    const { model } = await select(client);
    assert.deepEqual([model.id, model.name, model.layers], [MODEL, 'ann/tiny-bert', 2]);
    const { host } = new URL(hub.endpoint);
    assert.equal(questions.length, 1);
    assert.ok(questions[0]?.startsWith(`Download ann/tiny-bert from ${host}, `), questions[0]);
    assert.match(questions[0] ?? '', /Licence: mit\..*other hosts/);
    await client.open('file:///a', 't1 t2 t3');
    assert.ok(await client.hover('file:///a', 0, 1));

    const asked = hub.asked.length;
    const other = await consenting();
    assert.equal((await select(other.client)).model.hash, model.hash);
    assert.equal(hub.asked.length, asked);
    assert.deepEqual(other.questions, []);
  });

  it('comes as an ONNX export where no graph can be built from its weights', async () => {
    const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
    hub.models.set('ann/tiny-onnx', {
      files: {
        'config.json': encode({
          ...(exportJson('bert/config.json') as object),
          model_type: 'mystery',
        }),
        'tokenizer.json': encode(wordTokenizer(29)),
        'onnx/model.onnx': exportFile('bert/dynamo-18.onnx'),
        'onnx/model_int8.onnx': exportFile('bert/dynamo-18.onnx'),
        'model.safetensors': encode('not read'),
      },
      revisions: { main: COMMIT },
    });
    const { client } = await consenting();
    const { model } = await select(client, 'hf:ann/tiny-onnx');
    assert.equal(model.id, 'hf:ann/tiny-onnx');
    const fetched = hub.paths('hub').map((path) => path.split(`${COMMIT}/`)[1]);
    assert.ok(fetched.includes('onnx/model.onnx'));
    assert.ok(!fetched.some((path) => /int8|safetensors/.test(path ?? '')));
  });

  it('stays where it is when the person says no', async () => {
    const { client } = await consenting(([, no]) => no ?? null);
    await fails(select(client), 'consentRequired', /nobody agreed/);
    assert.deepEqual(hub.paths('store'), []);
  });

  it('is not even asked for when only the settings name it, before the person agrees', async () => {
    const { client, questions } = await consenting(() => null, { model: MODEL });
    const { message } = await client.status(({ state }) => state === 'failed');
    assert.match(message ?? '', /was not downloaded/);
    assert.match(questions[0] ?? '', /^The settings choose ann\/tiny-bert\. May 127\.0\.0\.1/);
    assert.deepEqual(hub.asked, []);
    assert.equal((await select(client, 'bundled')).model.id, 'bundled');
  });

  it('comes from the settings with two questions and a progress of its own', async () => {
    const { client, questions } = await consenting(([yes]) => yes ?? null, { model: MODEL });
    const { model } = await client.status(({ state }) => state === 'ready');
    assert.equal(model?.id, MODEL);
    assert.equal(questions.length, 2);
    const kinds = client.notifications
      .filter(({ method }) => method === '$/progress')
      .map(({ params }) => (params as { value: { kind: string } }).value.kind);
    assert.deepEqual([kinds[0], kinds.at(-1)], ['begin', 'end']);
  });

  it('tells in bytes how far it is', async () => {
    const { client } = await consenting();
    const said: { percentage?: number; message?: string }[] = [];
    client.connection.onProgress(
      new ProgressType<{ percentage?: number; message?: string }>(),
      'mine',
      (value) => {
        said.push(value);
      },
    );
    await client.connection.sendRequest('attentionLens/selectModel', {
      model: MODEL,
      workDoneToken: 'mine',
    });
    const told = said.filter(({ message }) => message !== undefined);
    assert.match(told.at(-1)?.message ?? '', /^5\d\.\d kB of 5\d\.\d kB$/);
    assert.equal(told.at(-1)?.percentage, 100);
  });

  it('can be cancelled, and goes on from there', async () => {
    const bytes = hub.models.get('ann/tiny-bert')?.files['model.safetensors'] ?? new Uint8Array();
    const { client } = await consenting();
    const cancelled = new CancellationTokenSource();
    hub.faults.push({
      at: WEIGHTS,
      fault: (_request, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 20_000), () => cancelled.cancel());
        return true;
      },
    });
    const asking = client.request('attentionLens/selectModel', { model: MODEL }, cancelled.token);
    await assert.rejects(asking, { code: -32800 });
    assert.equal((await select(client)).model.id, MODEL);
    const ranges = hub.asked
      .filter(({ path }) => path.includes(WEIGHTS))
      .map(({ headers }) => headers.range);
    assert.equal(ranges.length, 2);
    assert.match(ranges[1] ?? 'bytes=0-', /^bytes=\d+-$/);
  });

  it('gives way to the model that is asked for next', async () => {
    const { client } = await consenting();
    const begun = new Promise<void>((resolve) =>
      hub.faults.push({ at: WEIGHTS, fault: () => (resolve(), true) }),
    );
    const first = select(client);
    const given = assert.rejects(first, { code: -32800 });
    await begun;
    assert.equal((await select(client, 'bundled')).model.id, 'bundled');
    await given;
    assert.equal((await client.request('attentionLens/status', {})).model?.id, 'bundled');
  });

  it('is listed and deleted, but not while it is in use', async () => {
    const { client } = await consenting();
    await select(client);
    const { downloads, folder } = await client.request('attentionLens/downloads', {});
    assert.equal(folder, join(storage, 'hub'));
    const [{ bytes = 0, ...download } = {}] = downloads;
    assert.deepEqual(download, {
      model: MODEL,
      commit: COMMIT,
      revisions: ['main'],
      complete: true,
      inUse: true,
    });
    assert.ok(bytes > 50_000);
    const gone = { model: MODEL, commit: COMMIT };
    await fails(client.request('attentionLens/deleteDownload', gone), 'modelInUse', /is in use/);
    await select(client, 'bundled');
    const after = await client.request('attentionLens/deleteDownload', gone);
    assert.deepEqual(after.downloads, []);
    for (const [wrong, field] of [
      [{ model: '../x', commit: COMMIT }, 'model'],
      [{ model: 'hf:a/b@c', commit: COMMIT }, 'model'],
      [{ model: MODEL, commit: '..' }, 'commit'],
    ] as const)
      await assert.rejects(client.request('attentionLens/deleteDownload', wrong), {
        code: -32602,
        data: { field },
      });
  });

  it('that cannot be opened is refused, and the one in use stays', async () => {
    const bert = hub.models.get('ann/tiny-bert');
    const config = new TextEncoder().encode('{"model_type":"bert","hidden_size":7}');
    if (bert) bert.files['config.json'] = config;
    const { client } = await consenting();
    await client.status(({ state }) => state === 'ready');
    await assert.rejects(select(client), (error: Failure) => {
      assert.match(error.data?.reason ?? '', /^model(Refused|NotSupported)$/);
      return true;
    });
    assert.equal((await client.request('attentionLens/status', {})).model?.id, 'bundled');
  });

  it('is fetched by a client that can, with its token for the hub alone, which no log has', async () => {
    const model = hub.models.get('ann/tiny-bert');
    if (model) model.token = TOKEN;
    const questions: ConfirmDownloadParams[] = [];
    const fetched: FetchParams[] = [];
    const get = nodeHttpGet();
    const client = await begin(
      { experimental: { attentionLens: { confirmDownload: true, hubToken: true, fetch: true } } },
      {
        'attentionLens/confirmDownload': (params) => {
          questions.push(params as ConfirmDownloadParams);
          return { accepted: true };
        },
        'attentionLens/hubToken': (params) => {
          assert.deepEqual(params, { endpoint: hub.endpoint });
          return { token: TOKEN };
        },
        'attentionLens/fetch': async (params): Promise<FetchResult> => {
          const asked = params as FetchParams;
          fetched.push(asked);
          const { signal } = new AbortController();
          const { body, ...answer } = await get(asked, signal, () => undefined);
          return { ...answer, body: Buffer.from(body).toString('base64'), failure: null };
        },
      },
    );
    assert.equal((await select(client)).model.id, MODEL);
    assert.equal(questions[0]?.step, 'download');
    assert.equal(fetched.length, hub.asked.length);
    for (const { host, headers } of hub.asked)
      assert.equal(headers.authorization, host === 'hub' ? `Bearer ${TOKEN}` : undefined);
    assert.ok(!JSON.stringify([client.log, client.notifications]).includes(TOKEN));
  });
});
