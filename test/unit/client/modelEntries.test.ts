import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { entriesOf, namesOf, type Known } from '../../../client/models/entries';
import { storageFetcher } from '../../../client/models/fetcher.node';
import { hubNameOf, isHubName, labelOf } from '../../../client/models/names';
import { RecentModels } from '../../../client/models/recentModels';
import { parseModelSource } from '../../../server/models/source';
import type { Download, Model } from '../../../server/protocol';
import { FakeHub } from '../../hub/fakeHub';
import { english } from './english';

const COMMIT = 'a'.repeat(40);
const download = (rest: Partial<Download> = {}): Download => ({
  model: 'hf:ann/tiny',
  commit: COMMIT,
  revisions: ['main', 'v2'],
  bytes: 90_900_000,
  complete: true,
  inUse: false,
  ...rest,
});
const known = (rest: Partial<Known> = {}): Known => ({
  inUse: null,
  configured: 'bundled',
  recent: [],
  downloads: [],
  opensFiles: true,
  ...rest,
});

describe('the models that are offered', () => {
  it('are those of the extension alone, where no files can be opened', () => {
    const entries = entriesOf(known({ opensFiles: false }), english);
    assert.deepEqual(
      entries.map(({ choice }) => choice),
      [{ model: 'bundled' }, { model: 'chapter' }],
    );
    assert.equal(entries[0]?.description, 'in use');
  });

  it('are the downloaded ones by each name, with their size, and each once', () => {
    const recent = ['hf:ann/tiny', 'file:/models/my bert', 'hf:bob/other@dev'];
    const entries = entriesOf(known({ recent, downloads: [download()] }), english);
    assert.deepEqual(
      entries
        .filter(({ group }) => group === 'recent' || group === 'downloaded')
        .map(({ group, label, description }) => [group, label, description]),
      [
        ['recent', 'my bert', '/models'],
        ['recent', 'bob/other@dev', 'Hugging Face'],
        ['downloaded', 'ann/tiny', '90.9 MB'],
        ['downloaded', 'ann/tiny@v2', '90.9 MB'],
      ],
    );
    assert.ok(entries.some(({ choice }) => 'manage' in choice));
  });

  it('name a download by its commit where it has no other name, and not at all where it is not whole', () => {
    assert.deepEqual(namesOf(download({ revisions: [] })), [`hf:ann/tiny@${COMMIT}`]);
    assert.deepEqual(namesOf(download({ complete: false })), []);
  });

  it('say which one is in use, also one that nobody remembers', () => {
    const inUse = { id: 'file:/a/b', layers: 2, heads: 3, contextLength: 9 } as Model;
    const [mine] = entriesOf(known({ inUse }), english).filter(({ group }) => group === 'recent');
    assert.equal(mine?.description, '/a · in use');
    assert.match(mine?.detail ?? '', /Layers: 2/);
  });
});

describe('the names of models', () => {
  it('are taken from what was copied', () => {
    const page = 'https://huggingface.co/google-bert/bert-base-uncased';
    for (const [text, name] of [
      [' ann/tiny ', 'ann/tiny'],
      ['hf:ann/tiny@v2', 'ann/tiny@v2'],
      [page, 'google-bert/bert-base-uncased'],
      [`${page}/tree/main`, 'google-bert/bert-base-uncased'],
      [`${page}/tree/v1.0?x=1`, 'google-bert/bert-base-uncased@v1.0'],
    ] as const)
      assert.equal(hubNameOf(text), name);
  });

  it('are valid here exactly where the server takes them', () => {
    const names = [
      'a/b',
      'a/b@c',
      'a/b@refs/pr/1',
      'a',
      'a/b/c',
      '../b',
      'a/..',
      'a/b@',
      'a/b@../c',
      'a b/c',
      'a/b@x//y',
      '-a/b',
      'a/.b',
    ];
    for (const name of names) {
      const taken = ((): boolean => {
        try {
          return parseModelSource(`hf:${name}`).kind === 'hub';
        } catch {
          return false;
        }
      })();
      assert.equal(isHubName(name), taken, name);
    }
  });

  it('are shown as a name and a place', () => {
    assert.deepEqual(labelOf('file:C:\\models\\bert\\'), {
      label: 'bert',
      description: 'C:\\models',
    });
    assert.deepEqual(labelOf('file:/bert.onnx'), { label: 'bert.onnx', description: '' });
    assert.equal(labelOf('bundled'), undefined);
  });

  it('are remembered, the newest first, up to eight', async () => {
    let kept: unknown = 'nonsense';
    const state = {
      get: () => kept,
      update: (_key: string, value: unknown) => Promise.resolve((kept = value)),
    } as unknown as vscode.Memento;
    const recent = new RecentModels(state);
    assert.deepEqual(recent.all, []);
    for (const model of ['bundled', ...'abcdefghi'].map((name) => `file:/${name}`))
      await recent.add(model);
    await recent.add('chapter');
    await recent.add('file:/d');
    assert.deepEqual(
      recent.all,
      [...'dihgfecb'].map((name) => `file:/${name}`),
    );
  });
});

describe('what is fetched for the server', () => {
  const never = { onCancellationRequested: () => ({ dispose: () => undefined }) };
  const token = never as unknown as vscode.CancellationToken;
  let hub: FakeHub;
  let storage: string;
  beforeEach(async () => {
    hub = await FakeHub.start();
    storage = mkdtempSync(join(tmpdir(), 'attention-lens-fetch-'));
  });
  afterEach(async () => {
    await hub.stop();
    rmSync(storage, { recursive: true });
  });

  const fetch = (url: string, path: string | null) =>
    storageFetcher(storage)(
      {
        url,
        headers: {},
        into: path === null ? null : { path, offset: 0 },
        limit: 1000,
        progress: '',
      },
      token,
      () => undefined,
    );

  it('goes into the storage folder and nowhere else', async () => {
    const bytes = new TextEncoder().encode('{}');
    hub.models.set('a/b', { revisions: { main: COMMIT }, files: { 'config.json': bytes } });
    const url = `${hub.endpoint}/a/b/resolve/${COMMIT}/config.json`;
    const inside = join(storage, 'config.json');
    const answer = await fetch(url, inside);
    assert.deepEqual([answer.status, answer.failure, answer.body], [200, null, '']);
    assert.equal(readFileSync(inside, 'utf8'), '{}');
    assert.equal((await fetch(url, null)).body, btoa('{}'));
    const stray = `${storage}-stray`;
    for (const path of [stray, storage, join(storage, '..', 'x'), 'config.json'])
      await assert.rejects(fetch(url, path), { reason: 'cannotReadFiles' });
    assert.throws(() => readFileSync(stray));
  });

  it('comes by https, or from this machine', async () => {
    for (const url of ['http://example.org/a', 'file:///etc/passwd', 'https://a:b@example.org/'])
      await assert.rejects(fetch(url, null), { reason: 'cannotReadFiles' });
  });

  it('says why nothing came', async () => {
    writeFileSync(join(storage, 'file'), '');
    const { endpoint } = hub;
    await hub.stop();
    assert.equal((await fetch(`${endpoint}/a`, null)).failure, 'ECONNREFUSED');
    hub = await FakeHub.start();
  });
});
