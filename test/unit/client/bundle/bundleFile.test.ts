import assert from 'node:assert/strict';
import fc from 'fast-check';
import { strToU8, unzipSync, zipSync, type Zippable } from 'fflate';
import {
  BundleError,
  bundleSentence,
  quotable,
  type BundleReason,
} from '../../../../client/bundle/bundleError';
import { readBundle } from '../../../../client/bundle/readBundle';
import { writeBundle, type BundleContent } from '../../../../client/bundle/writeBundle';
import { mutateBytes } from '../../../fuzz/mutateBytes';
import { mutateJson, type Json } from '../../../fuzz/mutateJson';
import { Random } from '../../../fuzz/random';
import { english } from '../english';
import { content, HEADS, LAYERS, MANIFEST, someWeights, TEXT, TOKENS, WORDS } from './madeBundle';

const N = TOKENS.length;

async function refused(file: Uint8Array, reason: BundleReason, says?: RegExp): Promise<void> {
  await assert.rejects(readBundle(file), (error) => {
    assert.ok(error instanceof BundleError, String(error));
    assert.equal(error.reason, reason);
    const sentence = bundleSentence(error, english);
    assert.match(sentence, /^[A-ZT“].*\.$/s);
    if (says) assert.match(sentence, says);
    return true;
  });
}

/** A bundle with parts put in place of others; null takes one away. */
async function withParts(parts: {
  [name: string]: Uint8Array | string | null;
}): Promise<Uint8Array> {
  const files: Zippable = { ...unzipSync(await writeBundle(content())) };
  for (const [name, part] of Object.entries(parts)) {
    if (part === null) delete files[name];
    else files[name] = typeof part === 'string' ? strToU8(part) : part;
  }
  return zipSync(files);
}

const manifest = (changes: object): string => JSON.stringify({ ...MANIFEST, ...changes });

describe('A bundle', () => {
  it('is read as it was written', async () => {
    const bundle = await readBundle(await writeBundle(content()));
    assert.deepEqual(bundle.manifest, MANIFEST);
    assert.equal(bundle.text, TEXT);
    assert.deepEqual(bundle.tokens, TOKENS);
    assert.deepEqual(bundle.words, WORDS);
    assert.deepEqual(bundle.statistics, content().statistics);
    const weights = someWeights(LAYERS * HEADS, N);
    assert.equal(bundle.maps.weights?.precision, 'float32');
    for (let map = 0; map < LAYERS * HEADS; map++)
      for (let query = 0; query < N; query++) {
        const from = (map * N + query) * N;
        assert.deepEqual(bundle.maps.weights.row(map, query), weights.slice(from, from + N));
      }
  });

  it('is read from a buffer of Node’s, and where its parts are not packed', async () => {
    const parts = unzipSync(await writeBundle(content()));
    const file = Buffer.from(zipSync(parts, { level: 0 }));
    const weights = someWeights(LAYERS * HEADS, N);
    const { maps } = await readBundle(file);
    assert.deepEqual(maps.weights?.row(0, 0), weights.slice(0, N));
  });

  it('holds float16 to 11 bits of each weight', async () => {
    const bundle = await readBundle(await writeBundle(content({}, true)));
    const weights = someWeights(LAYERS * HEADS, N);
    assert.equal(bundle.maps.weights?.precision, 'float16');
    for (let row = 0; row < LAYERS * HEADS * N; row++)
      bundle.maps.weights
        .row(0, row)
        .forEach((weight, key) =>
          assert.ok(Math.abs(weight - weights[row * N + key]!) <= weight * 2 ** -11 + 2 ** -25),
        );
  });

  it('may have further parts and fields, which are passed over', async () => {
    const file = await withParts({
      'later.json': '{}',
      'manifest.json': manifest({ later: 1, view: { ...MANIFEST.view, more: [1] } }),
    });
    assert.deepEqual((await readBundle(file)).manifest, MANIFEST);
  });

  it('of a newer version is named as such', async () => {
    const file = await withParts({ 'manifest.json': manifest({ version: 2, model: 'new' }) });
    await refused(file, 'newerVersion', /version 2, newer/);
  });

  it('that is no bundle, or not all of one, is refused', async () => {
    const file = await writeBundle(content());
    await refused(strToU8('PK no'), 'notAnArchive');
    for (const length of [50, Math.floor(file.length / 2), file.length - 5])
      await refused(file.slice(0, length), 'truncated', /end of the bundle is missing/);
    await refused(zipSync({ 'a.txt': strToU8('x') }), 'incomplete', /manifest\.json/);
    for (const part of ['text.txt', 'tokens.json', 'weights.npy'])
      await refused(await withParts({ [part]: null }), 'incomplete', /lacks/);
  });

  it('that names places outside of itself is refused', async () => {
    for (const name of ['../evil.sh', '/etc/passwd', 'a\\b'])
      await refused(await withParts({ [name]: 'x' }), 'unsafeName', /outside/);
  });

  it('with two parts of one name is refused', async () => {
    const file = await withParts({ 'Text.txt': 'other' });
    await refused(file, 'duplicate', /two parts/);
  });

  it('of a gigabyte of zeros is refused before it is unpacked', async () => {
    const files = unzipSync(await writeBundle(content()));
    const bomb = zipSync({ ...files, 'weights.npy': new Uint8Array(1000) });
    const view = new DataView(bomb.buffer);
    const name = Buffer.from(bomb).lastIndexOf('weights.npy');
    view.setUint32(name - 46 + 24, 2 ** 30, true);
    await refused(bomb, 'tooLarge', /256 MB/);
  });

  it('with a wrong CRC is refused', async () => {
    const file = await writeBundle(content());
    const central = Buffer.from(file).lastIndexOf('text.txt') - 46;
    file[central + 16]! ^= 1;
    await refused(file, 'damaged', /text\.txt/);
  });

  it('whose manifest makes no sense is refused by the field', async () => {
    const model = { ...MANIFEST.model, layers: 0 };
    const chosen = { query: 0, key: N };
    for (const [changes, field] of [
      [{ model }, /model\.layers/],
      [{ created: 'yesterday' }, /created/],
      [{ selection: { ...MANIFEST.selection, layer: LAYERS } }, /selection/],
      [{ selection: { ...MANIFEST.selection, encoding: { mode: 'x' } } }, /selection\.encoding/],
      [{ view: { saved: {}, chosen } }, /view\.chosen/],
      [{ heads: [[0, HEADS]] }, /heads/],
      [{ chapter: 7 }, /chapter/],
    ] as const)
      await refused(await withParts({ 'manifest.json': manifest(changes) }), 'badManifest', field);
    await refused(await withParts({ 'manifest.json': '{' }), 'badManifest');
  });

  it('whose text is not UTF-8 is refused', async () => {
    await refused(await withParts({ 'text.txt': Uint8Array.of(0xff, 0xfe) }), 'badText');
  });

  it('whose tokens do not fit its text is refused', async () => {
    const tokens = (changes: object): string =>
      JSON.stringify({ tokens: TOKENS, words: WORDS, ...changes });
    const [first, second] = [TOKENS[1]!, TOKENS[2]!];
    const outside = { ...first, range: { ...first.range!, end: { line: 0, character: 999 } } };
    const behind = { ...second, range: { start: second.range!.end, end: second.range!.start } };
    const below = {
      ...first,
      range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } },
    };
    for (const [token, at] of [
      [outside, 1],
      [behind, 2],
      [below, 1],
    ] as const) {
      const part = tokens({ tokens: TOKENS.with(at, token) });
      await refused(await withParts({ 'tokens.json': part }), 'badTokens', /range/);
    }
    for (const changes of [
      { tokens: TOKENS.slice(1) },
      { words: WORDS.with(1, 3) },
      { words: WORDS.map((word) => word + 1) },
      { tokens: TOKENS.with(0, { ...first, id: -1 }) },
    ])
      await refused(await withParts({ 'tokens.json': tokens(changes) }), 'badTokens');
  });

  it('whose numbers are no attention is refused', async () => {
    const good = someWeights(LAYERS * HEADS, N);
    const shape = [LAYERS, HEADS, N, N];
    const written = (changes: Partial<BundleContent['arrays']>): Promise<Uint8Array> =>
      writeBundle(content({ arrays: { weights: { shape, values: good }, ...changes } }));
    for (const wrong of [NaN, -0.1, 1.5, Infinity]) {
      const values = good.slice();
      values[77] = wrong;
      await refused(await written({ weights: { shape, values } }), 'badNumbers', /weights\.npy/);
    }
    const twice = good.map((weight) => Math.min(1, 2 * weight));
    await refused(await written({ weights: { shape, values: twice } }), 'badNumbers');
    const turned = { shape: [HEADS, LAYERS, N, N], values: good };
    await refused(await written({ weights: turned }), 'badNumbers');
    await refused(await written({ rollout: turned }), 'badNumbers', /rollout/);
    const statistics = { statistics: { entropy: [1] }, counted: {}, even: {} };
    await refused(await writeBundle(content({ statistics })), 'badNumbers', /statistics/);
  });

  it('that is damaged in any way has a reason, or is read', async () => {
    const file = await writeBundle(content());
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        try {
          await readBundle(mutateBytes(file, new Random(seed)));
        } catch (error) {
          assert.ok(error instanceof BundleError, String(error));
          assert.match(bundleSentence(error, english), /\.$/);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('whose parts say something else than they should has a reason, or is read', async () => {
    const files = unzipSync(await writeBundle(content()));
    const parts = ['manifest.json', 'tokens.json', 'statistics.json'] as const;
    const before = process.memoryUsage().arrayBuffers;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(...parts), async (seed, part) => {
        const json = JSON.parse(new TextDecoder().decode(files[part])) as Json;
        const changed = mutated(json, seed);
        fc.pre(changed !== null);
        try {
          await readBundle(zipSync({ ...files, [part]: changed }, { level: 0 }));
        } catch (error) {
          assert.ok(error instanceof BundleError, String(error));
        }
      }),
      { numRuns: 250 },
    );
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 28);
  });
});

/** Null where the change nests deeper than this engine can write it. */
function mutated(json: Json, seed: number): Uint8Array | null {
  try {
    return strToU8(JSON.stringify(mutateJson(json, new Random(seed))));
  } catch (error) {
    assert.ok(error instanceof RangeError);
    return null;
  }
}

describe('What a stranger wrote', () => {
  it('is quoted as one short line that no message takes for a link', () => {
    assert.equal(
      quotable('[a](command:b)\n\u001b[31m\u202e'),
      '·a··command:b···· 31m·'.replace(' ', ''),
    );
    assert.equal(quotable('x'.repeat(99)).length, 61);
    fc.assert(
      fc.property(fc.uint16Array({ maxLength: 80 }), (units) => {
        const text = String.fromCharCode(...units);
        assert.doesNotMatch(quotable(text), /[[\]()<>`\p{Cc}]/u);
      }),
    );
  });
});
