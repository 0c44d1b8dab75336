import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeNumbers } from '../../server/analysis/numbers';
import { readSafetensors } from '../../server/onnx/safetensors';
import { checkpointFolder, textOf, wordTokenizer } from '../unit/models/checkpointFolder.node';
import { withBrokenLayer } from '../unit/onnx/breakLayer';
import { exportFile, exportFloats, exportJson, type ExportCase } from '../unit/onnx/exports.node';
import { start, type Client } from './client';

const { ids, stacks } = (exportJson('cases.json') as ExportCase[]).find(
  ({ name }) => name === 'bert',
)!;
const HEADS = stacks[0]![1];
const uri = 'file:///left-out.txt';
const textDocument = { uri };

describe('a model of which a layer does not pass the check at load', function () {
  this.timeout(240_000);
  let client: Client;
  const folders: string[] = [];

  const folderOf = (graph: Uint8Array): string => {
    const folder = mkdtempSync(join(tmpdir(), 'attention-lens-left-out-'));
    folders.push(folder);
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(wordTokenizer(29)));
    writeFileSync(join(folder, 'config.json'), exportFile('bert/config.json'));
    writeFileSync(join(folder, 'model.onnx'), graph);
    return folder;
  };
  const select = (path: string) =>
    client.request('attentionLens/selectModel', { model: `file:${path}` });
  const refused = (request: Promise<unknown>, sentence: RegExp): Promise<void> =>
    assert.rejects(request, (error: { message?: string; data?: { reason?: string } }) => {
      assert.equal(error.data?.reason, 'notInThisModel', error.message);
      assert.match(error.message ?? '', sentence);
      return true;
    });

  before(async () => {
    client = await start({});
    await client.status(({ state }) => state === 'ready');
    await client.open(uri, textOf(ids));
  });
  after(() => client.stop());
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it('is shown without it, and names it in status and report', async () => {
    const { model } = await select(folderOf(withBrokenLayer(exportFile('bert/dynamo-18.onnx'), 0)));
    assert.equal(model.layers, 2);
    assert.deepEqual(
      model.leftOut?.map(({ layer }) => layer),
      [0],
    );
    assert.match(model.leftOut?.[0]?.reason ?? '', /do not sum to 1/);
    const status = await client.request('attentionLens/status', {});
    assert.deepEqual(status.model?.leftOut, model.leftOut);
    const report = await client.request('attentionLens/modelReport', {});
    assert.deepEqual(report.notShown, [
      { where: 'layer 0', reason: model.leftOut?.[0]?.reason ?? '' },
    ]);
    assert.deepEqual(
      report.scores.flatMap(({ layers }) => layers),
      [1],
    );
    assert.ok((report.largestDifference ?? 1) < 1e-5);
  });

  it('answers about the other layers alone', async () => {
    // What a broken first layer hands on is wrong, so that the second has no reference: the last is broken.
    await select(folderOf(withBrokenLayer(exportFile('bert/dynamo-18.onnx'), 1)));
    const size = ids.length ** 2;
    const reference = exportFloats('bert/attentions.bin');
    const mean = new Float32Array(size);
    for (let at = 0; at < HEADS * size; at++) mean[at % size]! += reference[at]! / HEADS;
    for (const layer of [0, null]) {
      const { values } = await client.request('attentionLens/map', { textDocument, layer });
      decodeNumbers(values).forEach((weight, at) =>
        assert.ok(Math.abs(weight - mean[at]!) < 1e-5, `layer ${layer}, ${at}`),
      );
    }
    const overview = await client.request('attentionLens/overview', { textDocument });
    const there = (values: ArrayLike<number>): boolean[] =>
      Array.from(values, (value) => !Number.isNaN(value));
    const expected = Array.from({ length: 2 * HEADS }, (_, at) => at < HEADS);
    assert.deepEqual(there(decodeNumbers(overview.scales)), expected);
    assert.deepEqual(there(decodeNumbers(overview.statistics['entropy']!)), expected);
    const explained = await client.request('attentionLens/explain', {
      textDocument,
      layer: 0,
      head: 1,
      query: 1,
      key: 2,
    });
    assert.deepEqual(there(decodeNumbers(explained.heads)), expected);
    assert.ok(await client.hover(uri, 0, 1));
  });

  it('answers a question about it with one sentence', async () => {
    await select(folderOf(withBrokenLayer(exportFile('bert/dynamo-18.onnx'), 0)));
    const layer = 0;
    const sentence = /^Layer 0 of this model is not shown/;
    const row = { textDocument, token: 1 };
    await refused(client.request('attentionLens/row', { ...row, layer }), sentence);
    await refused(client.request('attentionLens/map', { textDocument, layer }), sentence);
    await refused(client.request('attentionLens/setSelection', { layer, head: 1 }), sentence);
    const pair = { textDocument, layer, head: 0, query: 1, key: 2 };
    await refused(client.request('attentionLens/explain', pair), sentence);
    await refused(client.request('attentionLens/positionShare', pair), sentence);
    const rolled = /cannot be rolled through it/;
    const reading = 'rollout' as const;
    await refused(client.request('attentionLens/row', { ...row, reading }), rolled);
    await refused(client.request('attentionLens/row', { ...row, reading, layer: 1 }), rolled);
    const fitting = await client.request('attentionLens/row', { ...row, layer, fit: true });
    assert.equal(decodeNumbers(fitting.weights).length, ids.length);
  });

  it('rolls attention up to the layer below', async () => {
    await select(folderOf(withBrokenLayer(exportFile('bert/dynamo-18.onnx'), 1)));
    const row = { textDocument, token: 1, reading: 'rollout' as const };
    await refused(client.request('attentionLens/row', row), /cannot be rolled|not shown/);
    const { weights } = await client.request('attentionLens/row', { ...row, layer: 0 });
    const sum = decodeNumbers(weights).reduce((total, weight) => total + weight, 0);
    assert.ok(Math.abs(sum - 1) < 1e-5);
  });

  it('is treated alike where the graph is built from its weights', async () => {
    const folder = checkpointFolder('bert');
    folders.push(folder);
    damage(join(folder, 'model.safetensors'), 'encoder.layer.1.attention.self.query.weight');
    const { model } = await select(folder);
    assert.deepEqual(
      model.leftOut?.map(({ layer }) => layer),
      [1],
    );
    assert.match(model.leftOut?.[0]?.reason ?? '', /not a number in layer 1/);
    assert.ok(await client.hover(uri, 0, 1));
  });

  it('is numbered as its configuration has it where other layers stand between', async () => {
    const folder = folderOf(exportFile('bert/dynamo-18.onnx'));
    const types = { model_type: 'jamba', layers_block_type: ['attention', 'mamba', 'attention'] };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(types));
    const { model } = await select(folder);
    assert.equal(model.layers, 3);
    assert.deepEqual(
      model.leftOut?.map(({ layer }) => layer),
      [1],
    );
    assert.match(model.leftOut?.[0]?.reason ?? '', /"mamba"/);
    const whole = await client.request('attentionLens/map', { textDocument, layer: 2, head: 0 });
    const size = ids.length ** 2;
    const reference = exportFloats('bert/attentions.bin').subarray(HEADS * size);
    decodeNumbers(whole.values).forEach((weight, at) =>
      assert.ok(Math.abs(weight - reference[at]!) < 1e-5),
    );
  });

  it('is refused where no layer passes', async () => {
    const both = withBrokenLayer(withBrokenLayer(exportFile('bert/dynamo-18.onnx'), 0), 1);
    await assert.rejects(select(folderOf(both)), (error: { data?: { reason?: string } }) => {
      assert.equal(error.data?.reason, 'modelRefused');
      return true;
    });
  });
});

/** Puts a number that is none into a tensor of a safetensors file. */
function damage(path: string, tensor: string): void {
  const file = new Uint8Array(readFileSync(path));
  const { offset } = readSafetensors(file, file.length).get(tensor)!;
  new DataView(file.buffer).setFloat32(offset, Number.NaN, true);
  writeFileSync(path, file);
}
