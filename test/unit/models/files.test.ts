import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { ModelFiles } from '../../../server/models/files';
import { remoteFiles } from '../../../server/models/files';
import { folderFiles } from '../../../server/models/files.node';
import { loadModel } from '../../../server/models/loadModel';
import { scoreOf, type ModelManifest, type ScoreRule } from '../../../server/models/manifest';
import { ModelError } from '../../../server/models/modelError';
import { publicModel } from '../../../server/models/publicModel';
import { readManifest } from '../../../server/models/readManifest';
import { verifyFile } from '../../../server/models/verifyFile';

const FOLDER = resolve('models/all-minilm-l6-v2');
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function isModelError(error: unknown, reason: string, message: RegExp): boolean {
  assert.ok(error instanceof ModelError, String(error));
  assert.equal(error.reason, reason);
  assert.match(error.message, message);
  assert.doesNotMatch(error.message, /\n/);
  return true;
}

describe('a model folder', () => {
  let manifest: ModelManifest;
  before(async () => {
    manifest = readManifest(await folderFiles(FOLDER).read('manifest.json'));
  });

  it('loads from disk, large files by their path', async () => {
    const loaded = await loadModel(folderFiles(FOLDER));
    assert.deepEqual(loaded.graph, { path: resolve(FOLDER, 'model.onnx') });
    assert.deepEqual(loaded.weights, {
      'model.safetensors': { path: resolve(FOLDER, 'model.safetensors') },
    });
    assert.equal(loaded.tokenizerBytes.length, manifest.tokenizer.bytes);
    assert.equal(loaded.model.id, 'bundled');
    assert.equal(loaded.model.contextLength, 512);
  });

  it('loads through a function, large files by their bytes', async () => {
    const asked: string[] = [];
    const local = folderFiles(FOLDER);
    const files = remoteFiles('https://host/ext/model', (uri) => {
      asked.push(uri);
      return local.read(uri.slice('https://host/ext/model/'.length));
    });
    const { graph } = await loadModel(files);
    assert.ok('bytes' in graph);
    await verifyFile(manifest.graph, graph.bytes);
    assert.ok(asked.includes('https://host/ext/model/manifest.json'));
  });

  it('reads the beginning of a file, on disk and from afar', async () => {
    const whole = await folderFiles(FOLDER).read('manifest.json');
    const remote = remoteFiles('x:', () => Promise.resolve(whole));
    for (const files of [folderFiles(FOLDER), remote]) {
      assert.equal(Buffer.compare(await files.readStart('manifest.json', 9), whole.subarray(0, 9)), 0);
      assert.equal((await files.readStart('manifest.json', 1e6)).length, whole.length);
    }
    await assert.rejects(folderFiles(FOLDER).readStart('none', 1), (error) =>
      isModelError(error, 'modelMissing', /"none"/),
    );
  });

  it('says which file is missing', async () => {
    await assert.rejects(loadModel(folderFiles(resolve('models/none'))), (error) =>
      isModelError(error, 'modelMissing', /"manifest\.json" cannot be read/),
    );
    const gone = remoteFiles('x:', () => Promise.reject(new Error('404')));
    await assert.rejects(loadModel(gone), (error) => isModelError(error, 'modelMissing', /manifest/));
    const withoutWeights: ModelFiles = {
      ...folderFiles(FOLDER),
      source: (path) =>
        folderFiles(path === 'model.safetensors' ? resolve('models/none') : FOLDER).source(path),
    };
    await assert.rejects(loadModel(withoutWeights), (error) =>
      isModelError(error, 'modelMissing', /"model\.safetensors"/),
    );
  });

  it('refuses a tokenizer that is not the one of the manifest', async () => {
    const files = folderFiles(FOLDER);
    const damaged: ModelFiles = {
      ...files,
      read: async (path) => {
        const bytes = await files.read(path);
        return path === 'tokenizer.json' ? bytes.subarray(0, 1000) : bytes;
      },
    };
    await assert.rejects(loadModel(damaged), (error) =>
      isModelError(error, 'modelRefused', /"tokenizer\.json" is damaged \(it has 1000 bytes/),
    );
  });

  it('refuses a file with one changed bit', async () => {
    const bytes = Uint8Array.from(await folderFiles(FOLDER).read('model.onnx'));
    await verifyFile(manifest.graph, bytes);
    bytes[1234] = (bytes[1234] ?? 0) ^ 1;
    await assert.rejects(verifyFile(manifest.graph, bytes), (error) =>
      isModelError(error, 'modelRefused', /"model\.onnx" is damaged \(its SHA-256/),
    );
  });

  it('changes its hash with every file that changes what is computed', () => {
    const other = 'f'.repeat(64);
    const changed: ModelManifest[] = [
      manifest,
      { ...manifest, graph: { ...manifest.graph, sha256: other } },
      { ...manifest, weights: manifest.weights.map((file) => ({ ...file, sha256: other })) },
      { ...manifest, tokenizer: { ...manifest.tokenizer, sha256: other } },
    ];
    assert.equal(new Set(changed.map((each) => publicModel(each).hash)).size, changed.length);
  });
});

describe('readManifest', () => {
  let manifest: ModelManifest;
  before(async () => {
    manifest = readManifest(await folderFiles(FOLDER).read('manifest.json'));
  });

  const refuses = (value: unknown, message: RegExp): void => {
    const bytes = value instanceof Uint8Array ? value : encode(value);
    assert.throws(
      () => readManifest(bytes),
      (error) => isModelError(error, 'modelRefused', message),
    );
  };

  it('names the field that is wrong', () => {
    refuses({ ...manifest, layers: 0 }, /"layers"/);
    refuses({ ...manifest, layers: 7 }, /taps must have one entry per layer/);
    refuses({ ...manifest, keyValueHeads: 5 }, /multiple of keyValueHeads/);
    refuses({ ...manifest, score: { ...manifest.score, kind: 'cosine' } }, /"score\.kind"/);
    refuses({ ...manifest, graph: { ...manifest.graph, sha256: 'abc' } }, /"graph\.sha256"/);
    const { score } = manifest;
    const alibi = { causal: false, alibi: { slopes: [1] } };
    refuses({ ...manifest, score: { ...score, bias: alibi } }, /one number per head/);
    refuses({ ...manifest, score: { kind: 'additive', v: [1], bias: score.bias } }, /place of a head/);
    refuses({ ...manifest, score: { ...score, bias: { kind: 'wave' } } }, /"score\.bias/);
    refuses({ ...manifest, embedding: { words: 'w' } }, /"embedding\./);
    refuses({}, /"id"/);
    refuses([], /manifest/);
  });

  it('takes every rule that the engine knows', () => {
    const rules: ScoreRule[] = [
      { kind: 'dot', scale: 1, bias: { causal: true } },
      { kind: 'additive', v: new Array<number>(32).fill(0.5), bias: { causal: false } },
      {
        kind: 'dot',
        scale: 1,
        bias: { causal: true, alibi: { slopes: new Array<number>(12).fill(0.5) } },
      },
      {
        kind: 'softcappedDot',
        scale: 1,
        cap: 50,
        bias: { causal: true, window: 4, relative: { buckets: [0, 1, 2], table: { tensor: 't' } } },
        sinks: new Array<number>(12).fill(0.5),
      },
    ];
    for (const score of rules) {
      assert.deepEqual(readManifest(encode({ ...manifest, score })).score, score);
    }
    const [rule] = rules;
    const taps = manifest.taps.map((tap, layer) => (layer === 1 ? { ...tap, score: rule } : tap));
    const read = readManifest(encode({ ...manifest, taps }));
    assert.deepEqual([scoreOf(read, 0), scoreOf(read, 1)], [manifest.score, rule]);
  });

  it('refuses what is not JSON', () => {
    refuses(new Uint8Array(), /not valid JSON/);
    refuses(new TextEncoder().encode('{"id":'), /not valid JSON/);
    refuses(Uint8Array.of(0x22, 0xff, 0x22), /not valid JSON/);
  });

  it('refuses every way out of the folder', () => {
    const ways = ['../x', 'a/../x', '/etc/x', 'C:/x', 'C:\\x', 'a\\x', '..', '.', '', 'a//b', 'http://x/y', 'a/'];
    for (const path of ways) {
      refuses({ ...manifest, graph: { ...manifest.graph, path } }, /"graph\.path"/);
    }
    const inside = encode({ ...manifest, graph: { ...manifest.graph, path: 'sub/model-1.onnx' } });
    assert.equal(readManifest(inside).graph.path, 'sub/model-1.onnx');
  });
});
