import assert from 'node:assert/strict';
import { chooseFiles, modelTypeOf, shardsOf } from '../../../../server/models/hub/choose';
import { isInnerPath, readListing, type HubListing } from '../../../../server/models/hub/listing';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function listing(...paths: string[]): HubListing {
  return {
    commit: '0'.repeat(40),
    modelType: null,
    licence: null,
    files: paths.map((path) => ({ path, bytes: 10, hash: { kind: 'sha256', hex: '' } })),
  };
}

function chosen(type: string | null, ...paths: string[]): string[] {
  return chooseFiles('a/b', listing(...paths), type).files.map(({ path }) => path);
}

const BASE = ['config.json', 'tokenizer.json'];

describe('the files that are chosen', () => {
  it('are what was published, where a graph can be built from it', () => {
    const weights = ['model.safetensors', 'onnx/model.onnx', 'onnx/model_int8.onnx'];
    assert.deepEqual(chosen('bert', ...BASE, ...weights, 'pytorch_model.bin'), [
      ...BASE,
      'model.safetensors',
    ]);
  });

  it('are the export in full precision with its data, where none can be built', () => {
    const paths = ['onnx/model_fp16.onnx', 'onnx/model.onnx', 'onnx/model.onnx_data'];
    assert.deepEqual(chosen('unheard-of', ...BASE, 'model.safetensors', ...paths), [
      ...BASE,
      'onnx/model.onnx',
      'onnx/model.onnx_data',
    ]);
    assert.deepEqual(chosen(null, ...BASE, 'model.onnx', 'model.data', 'x.onnx'), [
      ...BASE,
      'model.onnx',
      'model.data',
    ]);
  });

  it('are never pickles, and the sentence says why', () => {
    const refused = (type: string, ...paths: string[]): (() => unknown) =>
      () => chosen(type, ...paths);
    assert.throws(refused('bert', ...BASE, 'pytorch_model.bin'), {
      reason: 'modelNotSupported',
      message: /pickle/,
    });
    assert.throws(refused('rwkv', ...BASE, 'model.safetensors'), /"rwkv".*optimum-cli/);
    assert.throws(refused('bert', ...BASE, 'onnx/model_int8.onnx'), /no weights/);
    assert.throws(refused('bert', 'tokenizer.json', 'model.safetensors'), /no config\.json/);
    assert.throws(refused('bert', 'config.json', 'model.safetensors'), /no tokenizer/);
  });

  it('take the vocabulary where there is no tokenizer.json, and only then', () => {
    const files = ['vocab.txt', 'model.safetensors'];
    assert.deepEqual(chosen('bert', ...BASE, ...files), [...BASE, 'model.safetensors']);
    assert.deepEqual(chosen('bert', 'config.json', ...files, 'tokenizer_config.json'), [
      'config.json',
      'vocab.txt',
      'tokenizer_config.json',
      'model.safetensors',
    ]);
  });

  it('are the shards that the list names, each once, and only files of the model', () => {
    const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    const paths = [...BASE, 'model.safetensors.index.json', ...shards, 'sub/x.safetensors', 'x.bin'];
    const choice = chooseFiles('a/b', listing(...paths), 'llama');
    assert.equal(choice.index?.path, 'model.safetensors.index.json');
    const named = (...files: string[]): string[] =>
      shardsOf(
        'a/b',
        encode({ weight_map: Object.fromEntries(files.map((file, at) => [`w${at}`, file])) }),
        listing(...paths),
      ).map(({ path }) => path);
    assert.deepEqual(named(shards[1] ?? '', shards[0] ?? '', shards[1] ?? ''), shards);
    for (const wrong of ['../x.safetensors', 'sub/x.safetensors', 'x.bin', 'gone.safetensors'])
      assert.throws(() => named(wrong), { reason: 'modelRefused' });
    assert.throws(() => named(), { reason: 'modelRefused' });
  });

  it('never lie outside of the folder', () => {
    for (const path of ['', '/a', '../a', 'a/../b', 'a//b', 'a/.', 'C:\\a', 'a:b', 'a\\b', 'a\nb'])
      assert.equal(isInnerPath(path), false, path);
    for (const path of ['a', 'onnx/model.onnx', '.gitattributes', 'ü 1.json'])
      assert.equal(isInnerPath(path), true, path);
  });

  it('are read from a listing as far as it can be checked', () => {
    const sha = 'a'.repeat(40);
    const siblings = [
      { rfilename: 'config.json', size: 5, blobId: 'B'.repeat(40) },
      { rfilename: 'model.safetensors', size: 9, blobId: sha, lfs: { sha256: 'c'.repeat(64), size: 9 } },
      { rfilename: '../evil', size: 5, blobId: sha },
      { rfilename: 'unsized' },
    ];
    const read = readListing('a/b', 'host', encode({ sha, siblings, tags: ['license:mit'] }));
    assert.deepEqual(read, {
      commit: sha,
      modelType: null,
      licence: 'mit',
      files: [
        { path: 'config.json', bytes: 5, hash: { kind: 'gitBlob', hex: 'b'.repeat(40) } },
        { path: 'model.safetensors', bytes: 9, hash: { kind: 'sha256', hex: 'c'.repeat(64) } },
      ],
    });
    assert.throws(() => readListing('a/b', 'host', encode({ sha: 'main', siblings })), {
      reason: 'modelRefused',
    });
  });

  it('follow the type in config.json', () => {
    assert.equal(modelTypeOf(encode({ model_type: 'gpt2' })), 'gpt2');
    assert.equal(modelTypeOf(encode({})), null);
    assert.equal(modelTypeOf(new Uint8Array([123])), null);
  });
});
