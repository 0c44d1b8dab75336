import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decodeNumbers } from '../../server/analysis/numbers';
import { memorySource } from '../../server/onnx/tap/byteSource';
import { readModel } from '../../server/onnx/tap/model';
import { shrink } from '../../server/onnx/tap/shrink';
import { numbersOf } from '../../server/onnx/tap/tensor';
import { textOf, wordTokenizer } from '../unit/models/checkpointFolder.node';
import { exportFile, exportFloats, exportJson, type ExportCase } from '../unit/onnx/exports.node';
import { start, type Client } from './client';

const VOCABULARY = 29;
const cases = exportJson('cases.json') as ExportCase[];

/** Of every kind of rule, exporter and storage. */
const SHOWN: readonly (readonly [name: string, form: string, tolerance: number])[] = [
  ['bert', 'legacy-17', 1e-5],
  ['bert', 'dynamo-18', 1e-5],
  ['bert', 'optimised', 1e-5],
  ['bert', 'fp16', 5e-3],
  ['gpt2', 'past-17', 1e-5],
  ['llama', 'merged-17', 1e-5],
  ['mistral', 'dynamo-18', 1e-5],
  ['modernbert', 'legacy-17', 1e-5],
  ['gemma2', 'legacy-17', 1e-5],
  ['bloom', 'legacy-17', 1e-5],
  ['mpnet', 'dynamo-18', 1e-5],
  ['t5-encoder', 'legacy-17', 1e-5],
  ['gpt_oss', 'legacy-17', 1e-5],
  ['falcon', 'legacy-17', 1e-5],
];

describe('a model as an ONNX file', function () {
  this.timeout(240_000);
  let client: Client;
  const folders: string[] = [];

  /** A folder with these files, a tokenizer beside. */
  const folderOf = (files: { [path: string]: Uint8Array }): string => {
    const folder = mkdtempSync(join(tmpdir(), 'attention-lens-onnx-'));
    folders.push(folder);
    const tokenizer = new TextEncoder().encode(JSON.stringify(wordTokenizer(VOCABULARY)));
    for (const [path, bytes] of Object.entries({ 'tokenizer.json': tokenizer, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    return folder;
  };
  const select = (path: string) =>
    client.request('attentionLens/selectModel', { model: `file:${path}` });
  const caseOf = (name: string): ExportCase => cases.find((each) => each.name === name)!;
  const refused = async (path: string, reason: string, sentence: RegExp): Promise<void> => {
    await assert.rejects(
      select(path),
      (error: { message?: string; data?: { reason?: string } }) => {
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

  /** Opens the folder and compares every weight of every head with transformers'. */
  const answersLike = async (folder: string, name: string, tolerance: number): Promise<void> => {
    const { ids, stacks } = caseOf(name);
    const [[layers, heads]] = stacks as [[number, number, number, number]];
    const { model } = await select(folder);
    assert.deepEqual([model.layers, model.heads], [layers, heads]);
    const uri = `file://${folder}.txt`;
    await client.open(uri, textOf(ids));
    const reference = exportFloats(`${name}/attentions.bin`);
    const size = ids.length ** 2;
    for (let layer = 0; layer < layers; layer++)
      for (let head = 0; head < heads; head++) {
        const asked = { textDocument: { uri }, layer, head };
        const weights = decodeNumbers((await client.request('attentionLens/map', asked)).values);
        assert.equal(weights.length, size);
        weights.forEach((weight, at) => {
          const difference = Math.abs(weight - reference[(layer * heads + head) * size + at]!);
          assert.ok(difference <= tolerance, `${layer}.${head}: ${difference}`);
        });
      }
  };

  for (const [name, form, tolerance] of SHOWN) {
    it(`answers with transformers' weights for ${name}, ${form}, to ${tolerance}`, () =>
      answersLike(
        folderOf({
          'onnx/model.onnx': exportFile(`${name}/${form}.onnx`),
          'config.json': exportFile(`${name}/config.json`),
        }),
        name,
        tolerance,
      ));
  }

  it('reads weights from a file beside the graph, and from nowhere else', async () => {
    const data = exportFile('mistral/dynamo-18.onnx');
    const config = exportFile('mistral/config.json');
    const graph = (location: string) => shrink(memorySource(data), location);
    const beside = { 'onnx/model.onnx': graph('model.onnx_data'), 'config.json': config };
    await answersLike(folderOf({ ...beside, 'onnx/model.onnx_data': data }), 'mistral', 1e-5);
    await refused(folderOf(beside), 'modelMissing', /model\.onnx_data/);
    const cut = { ...beside, 'onnx/model.onnx_data': data.subarray(0, 5000) };
    await refused(folderOf(cut), 'modelRefused', /no range of a file/);
    const outside = { ...beside, 'onnx/model.onnx': graph('../model.onnx_data') };
    await refused(
      folderOf({ ...outside, 'model.onnx_data': data }),
      'modelRefused',
      /no range of a file in the model’s folder/,
    );
  });

  it('is opened by the path of the file, with what lies beside it or one folder up', async () => {
    const file = exportFile('bert/dynamo-18.onnx');
    const up = folderOf({ 'onnx/model.onnx': file, 'config.json': exportFile('bert/config.json') });
    const { model } = await select(join(up, 'onnx/model.onnx'));
    assert.deepEqual([model.architecture, model.layers, model.causal], ['bert', 2, false]);
    assert.deepEqual(model.position, { kind: 'learned' });
    assert.equal(model.contextLength, 64);
    const alone = await select(join(folderOf({ 'my.onnx': file }), 'my.onnx'));
    assert.deepEqual([alone.model.architecture, alone.model.contextLength], ['onnx', 64]);
  });

  it('tells the table of positions, which is the one in the file', async () => {
    const told = async (name: string, form: string) => {
      const textDocument = { uri: `file:///${name}-${form}.txt` };
      const files = { 'model.onnx': exportFile(`${name}/${form}.onnx`) };
      const config = { 'config.json': exportFile(`${name}/config.json`) };
      const { model } = await select(folderOf({ ...files, ...config }));
      assert.deepEqual(model.position, { kind: 'learned' }, `${name} ${form}`);
      await client.open(textDocument.uri, textOf(caseOf(name).ids));
      return client.request('attentionLens/position', { textDocument });
    };
    for (const [name, form, tensor, first] of [
      ['bert', 'legacy-17', 'embeddings.position_embeddings.weight', 0],
      ['gpt2', 'past-17', 'wpe.weight', 0],
      // Its first token has position 2.
      ['opt', 'legacy-17', 'embed_positions.weight', 2],
      ['bart', 'legacy-17', 'encoder.embed_positions.weight', 2],
    ] as const) {
      const { matrix, dimensions, total } = await told(name, form);
      const { initializers } = readModel(exportFile(`${name}/${form}.onnx`));
      const stored = [...initializers.values()].find((each) => each.name.endsWith(tensor))!;
      assert.equal(dimensions, stored.dims[1]);
      const table = numbersOf(stored, 1e6)!;
      const drawn = decodeNumbers(matrix!);
      assert.equal(drawn.length, total * dimensions);
      assert.deepEqual(
        drawn,
        Float32Array.from(table.subarray(first * dimensions).subarray(0, drawn.length)),
      );
    }
    const plain = decodeNumbers((await told('bert', 'legacy-17')).matrix!);
    for (const [form, tolerance] of [
      ['dynamo-18', 0],
      ['optimised', 0],
      ['fp16', 1e-3],
    ] as const)
      decodeNumbers((await told('bert', form)).matrix!).forEach((value, at) =>
        assert.ok(Math.abs(value - plain[at]!) <= tolerance, `${form} ${at}`),
      );
    await assert.rejects(told('bert', 'int8'), /stored in a form whose numbers are not read/);
  });

  it('does not call a table learned by which queries and keys are turned', async () => {
    // GPT-J looks sines and cosines up by position, and multiplies with them.
    const { model } = await select(
      folderOf({
        'model.onnx': exportFile('gptj/legacy-17.onnx'),
        'config.json': exportFile('gptj/config.json'),
      }),
    );
    assert.deepEqual(model.position, { kind: 'unknown' });
  });

  it('says how it tells positions apart, where graph and configuration go together', async () => {
    const { model } = await select(
      folderOf({
        'model.onnx': exportFile('llama/legacy-17.onnx'),
        'config.json': exportFile('llama/config.json'),
      }),
    );
    assert.equal(model.position.kind, 'rope');
    const other = await select(
      folderOf({
        'model.onnx': exportFile('bloom/legacy-17.onnx'),
        'config.json': exportFile('llama/config.json'),
      }),
    );
    assert.equal(other.model.position.kind, 'alibi');
  });

  it('is refused in a sentence where it cannot be shown', async () => {
    const onnx = (bytes: Uint8Array): string => folderOf({ 'model.onnx': bytes });
    await refused(
      onnx(exportFile('deberta/legacy-17.onnx')),
      'modelRefused',
      /depends on the words/,
    );
    await refused(onnx(new TextEncoder().encode('no model')), 'modelRefused', /no whole ONNX file/);
    await refused(
      onnx(exportFile('bert/legacy-17.onnx').subarray(0, 20_000)),
      'modelRefused',
      /no whole ONNX/,
    );
    await refused(onnx(new Uint8Array(0)), 'modelRefused', /holds no graph/);
    await refused('/nowhere/model.onnx', 'modelMissing', /is not there/);
  });
});
