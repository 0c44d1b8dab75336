import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeNumbers } from '../../server/analysis/numbers';
import {
  checkpointFolder,
  CHECKPOINT_CASES,
  referenceWeights,
  textOf,
  wordTokenizer,
} from '../unit/models/checkpointFolder.node';
import { exportFile } from '../unit/onnx/exports.node';
import { start, type Client } from './client';

describe('a folder with a model of the person’s own', function () {
  this.timeout(240_000);
  let client: Client;
  const folders: string[] = [];
  const folderOf = (name: string): string => {
    const folder = checkpointFolder(name);
    folders.push(folder);
    return folder;
  };
  const select = (folder: string) =>
    client.request('attentionLens/selectModel', { model: `file:${folder}` });
  const refused = async (folder: string, reason: string, sentence: RegExp): Promise<void> => {
    await assert.rejects(
      select(folder),
      (error: { code?: number; message?: string; data?: { reason?: string } }) => {
        assert.equal(error.data?.reason, reason, error.message);
        assert.match(error.message ?? '', sentence);
        assert.doesNotMatch(error.message ?? '', /Reinstall|\n/);
        return true;
      },
    );
  };

  before(async () => {
    client = await start({});
    await client.status(({ state }) => state === 'ready');
  });
  after(() => client.stop());
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  for (const { name, ids, layers, heads } of CHECKPOINT_CASES) {
    it(`answers with transformers' weights for ${name}, to 1e-5`, async () => {
      const folder = folderOf(name);
      const { model } = await select(folder);
      assert.deepEqual([model.layers, model.heads], [layers, heads]);
      assert.equal(model.id, `file:${folder}`);
      const uri = `file:///${name}.txt`;
      await client.open(uri, textOf(ids));
      const reference = referenceWeights(name);
      const textDocument = { uri };
      const size = ids.length ** 2;
      for (let layer = 0; layer < layers; layer++)
        for (let head = 0; head < heads; head++) {
          const { values } = await client.request('attentionLens/map', {
            textDocument,
            layer,
            head,
          });
          const weights = decodeNumbers(values);
          const start = (layer * heads + head) * size;
          assert.equal(weights.length, size);
          weights.forEach((weight, at) => {
            const difference = Math.abs(weight - reference[start + at]!);
            assert.ok(difference <= 1e-5, `${layer}.${head}: ${difference}`);
          });
        }
      const hover = await client.hover(uri, 0, 1);
      assert.ok(hover);
      await client.connection.sendNotification('textDocument/didClose', { textDocument });
    });
  }

  it('keeps the model in use when another cannot be opened', async () => {
    const { model } = await select(folderOf('bert'));
    await refused('/nowhere/at/all', 'modelMissing', /"\/nowhere\/at\/all" is not there/);
    const status = await client.request('attentionLens/status', {});
    assert.equal(status.model?.id, model.id);
    assert.equal(status.state, 'ready');
  });

  it('says what is missing', async () => {
    const folder = folderOf('bert');
    rmSync(join(folder, 'tokenizer.json'));
    await refused(folder, 'modelMissing', /no tokenizer.*tokenizer\.json/);
    rmSync(join(folder, 'model.safetensors'));
    await refused(folder, 'modelMissing', /no weights.*model\.safetensors/);
    rmSync(join(folder, 'config.json'));
    await refused(folder, 'modelMissing', /config\.json/);
  });

  it('refuses what would run code', async () => {
    const pickled = folderOf('bert');
    renameSync(join(pickled, 'model.safetensors'), join(pickled, 'pytorch_model.bin'));
    await refused(pickled, 'modelNotSupported', /pickle.*safetensors/);
    const coded = folderOf('bert');
    change(coded, { auto_map: { AutoModel: 'modeling_x.X' } });
    await refused(coded, 'modelNotSupported', /auto_map.*never run/);
  });

  it('refuses a kind of model that it does not know, by name, and says what would help', async () => {
    const folder = folderOf('bert');
    change(folder, { model_type: 'mystery' });
    await refused(folder, 'modelNotSupported', /"mystery".*ONNX/);
    for (const [type, sentence] of [
      ['mamba', /"mamba".*state.*no token has weights/],
      ['jamba', /some of its layers/],
      ['longformer', /blocks with gaps/],
      ['dbrx', /router.*not attention/],
      ['resnet', /pictures/],
      ['model2vec', /table of embeddings/],
    ] as const) {
      change(folder, { model_type: type });
      await refused(folder, 'modelNotSupported', sentence);
    }
  });

  it('asks for one of several forms, and opens the one that is named', async () => {
    const folder = folderOf('bert');
    mkdirSync(join(folder, 'onnx'));
    // Those that both have.
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(wordTokenizer(29)));
    writeFileSync(join(folder, 'onnx/model_quantized.onnx'), exportFile('bert/dynamo-18.onnx'));
    const candidates = [
      `file:${folder}#model.safetensors`,
      `file:${folder}#onnx/model_quantized.onnx`,
    ];
    await assert.rejects(select(folder), (error: { data?: object; message?: string }) => {
      assert.deepEqual(error.data, { reason: 'severalCandidates', candidates });
      assert.match(error.message ?? '', /several forms.*onnx\/model_quantized\.onnx/);
      return true;
    });
    for (const model of candidates) {
      const answer = await client.request('attentionLens/selectModel', { model });
      assert.equal(answer.model.id, model);
    }
    const none = `file:${folder}#onnx/none.onnx`;
    await assert.rejects(
      client.request('attentionLens/selectModel', { model: none }),
      /none\.onnx/,
    );
  });

  it('names a part of weights that stands alone', async () => {
    const folder = folderOf('bert');
    const part = 'model-00001-of-00002.safetensors';
    renameSync(join(folder, 'model.safetensors'), join(folder, part));
    await refused(folder, 'modelMissing', /model-00001-of-00002.*index\.json/);
  });

  it('refuses the weights of another model’s configuration', async () => {
    const folder = folderOf('bert');
    change(folder, { hidden_size: 48 });
    await refused(folder, 'modelRefused', /shape.*config\.json asks for/);
    change(folder, { hidden_size: 24, num_hidden_layers: 3 });
    await refused(folder, 'modelRefused', /no tensor "encoder\.layer\.2/);
  });

  it('refuses a tokenizer with more tokens than the model', async () => {
    const folder = folderOf('bert');
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(wordTokenizer(60)));
    await refused(folder, 'modelRefused', /60 tokens.*48/);
  });

  it('reads weights over several files, and none outside the folder', async () => {
    const folder = folderOf('bert');
    const whole = join(folder, 'model.safetensors');
    renameSync(whole, join(folder, 'model-00001-of-00001.safetensors'));
    const index = (file: string) =>
      writeFileSync(
        join(folder, 'model.safetensors.index.json'),
        JSON.stringify({ weight_map: { 'embeddings.word_embeddings.weight': file } }),
      );
    index('model-00001-of-00001.safetensors');
    assert.equal((await select(folder)).model.architecture, 'bert');
    const other = folderOf('bert');
    cpSync(join(other, 'model.safetensors'), join(dirname(folder), 'stray.safetensors'));
    folders.push(join(dirname(folder), 'stray.safetensors'));
    for (const outside of ['../stray.safetensors', '/etc/passwd', 'a\\..\\b']) {
      index(outside);
      await refused(folder, 'modelRefused', /is not the name of a file in the folder/);
    }
    index('linked.safetensors');
    symlinkSync(join(dirname(folder), 'stray.safetensors'), join(folder, 'linked.safetensors'));
    await refused(folder, 'modelMissing', /linked\.safetensors/);
  });

  it('follows the links of a snapshot into the blobs of its own cache', async () => {
    const cache = folderOf('bert');
    const snapshot = join(cache, 'snapshots', '0a1b');
    const blobs = join(cache, 'blobs');
    mkdirSync(snapshot, { recursive: true });
    mkdirSync(blobs);
    for (const file of ['config.json', 'model.safetensors', 'tokenizer.json']) {
      renameSync(join(cache, file), join(blobs, `blob-${file}`));
      symlinkSync(join('..', '..', 'blobs', `blob-${file}`), join(snapshot, file));
    }
    const { model } = await select(snapshot);
    assert.equal(model.layers, 2);
  });

  it('keeps a model whose files go away while it is in use, and says so when it is asked for again', async () => {
    const folder = folderOf('gpt2');
    await select(folder);
    rmSync(join(folder, 'model.safetensors'));
    const uri = 'file:///gone.txt';
    await client.open(uri, 't1 t2 t3');
    assert.ok(await client.hover(uri, 0, 1));
    await refused(folder, 'modelMissing', /no weights/);
    assert.ok(await client.hover(uri, 0, 4));
    rmSync(folder, { recursive: true });
    await refused(folder, 'modelMissing', /is not there/);
  });

  it('tells in a report what was found', async () => {
    await select(folderOf('mistral'));
    const report = await client.request('attentionLens/modelReport', {});
    assert.equal(report.model.position.kind, 'rope');
    assert.ok(report.model.keyValueHeads < report.model.heads);
    assert.deepEqual(
      report.scores.flatMap(({ layers }) => layers),
      [0, 1],
    );
    assert.ok(report.scores.every(({ causal, kind }) => causal && kind === 'dot'));
    assert.ok((report.largestDifference ?? 1) < 1e-5);
    assert.deepEqual(
      report.files.map(({ path }) => path),
      ['model.safetensors', 'tokenizer.json', 'graph.onnx'],
    );
    assert.deepEqual(report.notShown, []);
  });

  it('writes nothing into the folder', async () => {
    const folder = folderOf('gpt2');
    const before = readFileSync(join(folder, 'config.json'), 'utf8');
    await select(folder);
    assert.deepEqual(readdirSync(folder).sort(), [
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    assert.equal(readFileSync(join(folder, 'config.json'), 'utf8'), before);
  });
});

function change(folder: string, fields: object): void {
  const path = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, ...fields }));
}
