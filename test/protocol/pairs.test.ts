import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { decodeBytes, decodeNumbers } from '../../server/analysis/numbers';
import { STACKS, type Stack } from '../../server/protocol';
import { PAIR_CASES, pairFolder, pairWeights, textOf } from '../unit/models/checkpointFolder.node';
import { start, type Client } from './client';

/** [layer, head, query, key] of one kind of attention. */
interface Reference {
  weights: Float32Array;
  queries: number;
  keys: number;
}

const [pair] = PAIR_CASES;
const source = { uri: 'file:///texts/source(1).txt' };
const target = { uri: 'file:///texts/target.txt' };

describe('a model of two texts', function () {
  this.timeout(240_000);
  let client: Client;
  const folders: string[] = [];

  const select = (name: string) => {
    const folder = pairFolder(name);
    folders.push(folder);
    return client.request('attentionLens/selectModel', { model: `file:${folder}` });
  };
  const referencesOf = (of: (typeof PAIR_CASES)[number]): { [stack in Stack]: Reference } => {
    const [encoder, decoder, cross] = pairWeights(of).map((weights) => ({ weights }));
    const [n, m] = [of.source.length, of.target.length];
    return {
      encoder: { ...encoder!, queries: n, keys: n },
      decoder: { ...decoder!, queries: m, keys: m },
      cross: { ...cross!, queries: m, keys: n },
    };
  };
  /** The decoder's first token is no part of its text. */
  const open = async (of: (typeof PAIR_CASES)[number]): Promise<void> => {
    await client.open(source.uri, textOf(of.source));
    await client.open(target.uri, textOf(of.target.slice(1)));
  };
  const whereOf = (stack: Stack) =>
    stack === 'encoder' ? { textDocument: source } : { textDocument: target, source, stack };
  const meanOver = (rows: Float32Array, width: number): Float32Array => {
    const count = rows.length / width;
    return Float32Array.from({ length: width }, (_, at) => {
      let sum = 0;
      for (let row = 0; row < count; row++) sum += rows[row * width + at]!;
      return sum / count;
    });
  };
  const assertClose = (actual: Float32Array, expected: ArrayLike<number>, what: string): void => {
    assert.equal(actual.length, expected.length, what);
    actual.forEach((value, at) => {
      const off = Math.abs(value - expected[at]!);
      assert.ok(off <= 1e-5, `${what}[${at}]: ${value} for ${expected[at]}`);
    });
  };

  before(async () => {
    client = await start({});
    await client.status(({ state }) => state === 'ready');
  });
  after(async () => {
    await client.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  for (const of of PAIR_CASES) {
    it(`answers with transformers' three kinds of weights for ${of.name}, to 1e-5`, async () => {
      const { model } = await select(of.name);
      const { layers, heads } = model.decoder!;
      assert.deepEqual(
        [
          [model.layers, model.heads],
          [layers, heads],
        ],
        of.shapes.slice(0, 2),
      );
      await open(of);
      const references = referencesOf(of);
      for (const [at, stack] of STACKS.entries()) {
        const { weights, queries, keys } = references[stack];
        const [depth, width] = of.shapes[at]!;
        for (let head = 0; head < depth * width; head++) {
          const { rows, columns, values } = await client.request('attentionLens/map', {
            ...whereOf(stack),
            layer: Math.floor(head / width),
            head: head % width,
          });
          assert.deepEqual([rows, columns], [queries, keys]);
          const size = queries * keys;
          const expected = weights.subarray(head * size, (head + 1) * size);
          assertClose(decodeNumbers(values), expected, `${stack} ${head}`);
        }
      }
    });
  }

  describe('across its texts', () => {
    let cross: Reference;

    before(async () => {
      await select(pair!.name);
      await open(pair!);
      cross = referencesOf(pair!).cross;
    });

    const rowOf = (layerHead: number, query: number): Float32Array => {
      const from = (layerHead * cross.queries + query) * cross.keys;
      return cross.weights.subarray(from, from + cross.keys);
    };

    it('says which source an answer is about, and what a target token reads of it', async () => {
      const row = await client.request('attentionLens/row', {
        ...whereOf('cross'),
        layer: 1,
        head: 2,
        token: 3,
      });
      assertClose(decodeNumbers(row.weights), rowOf(4 + 2, 3), 'row');
      assert.equal(row.source?.uri, source.uri);
      assert.equal(row.source.window.range.end.character, textOf(pair!.source).length);
      assert.equal(row.window.range.end.character, textOf(pair!.target.slice(1)).length);
    });

    it('tells who reads a source token, and the mean of all heads', async () => {
      const column = await client.request('attentionLens/row', {
        ...whereOf('cross'),
        token: 12,
        direction: 'readBy',
      });
      const mean = meanOver(cross.weights, cross.queries * cross.keys);
      const expected = Array.from({ length: cross.queries }, (_, q) => mean[q * cross.keys + 12]!);
      assertClose(decodeNumbers(column.weights), expected, 'column');
      await assert.rejects(
        client.request('attentionLens/row', { ...whereOf('cross'), token: 12 }),
        /"token"/,
      );
    });

    it('explains a weight and pools the overview', async () => {
      const explained = await client.request('attentionLens/explain', {
        ...whereOf('cross'),
        layer: 2,
        head: 1,
        query: 8,
        key: 12,
      });
      assert.ok(Math.abs(explained.weight - rowOf(2 * 4 + 1, 8)[12]!) <= 1e-5);
      assert.equal(explained.visible, cross.keys);
      const overview = await client.request('attentionLens/overview', {
        ...whereOf('cross'),
        size: 64,
      });
      assert.deepEqual([overview.size, overview.layers, overview.heads], [9, 3, 4]);
      assert.deepEqual(overview.statistics, {});
      assert.equal(decodeBytes(overview.thumbnails).length, 12 * 81);
    });

    it('refuses what is defined within one text only, and what names no source', async () => {
      const refused = (request: Promise<unknown>, sentence: RegExp) =>
        assert.rejects(request, (error: Error) => {
          assert.match(error.message, sentence);
          return true;
        });
      const where = whereOf('cross');
      await refused(
        client.request('attentionLens/row', { ...where, token: 1, reading: 'rollout' }),
        /Rollout/,
      );
      await refused(client.request('attentionLens/statistics', where), /within one text/);
      await refused(
        client.request('attentionLens/map', { textDocument: target, stack: 'cross' }),
        /source text/,
      );
      await refused(client.request('attentionLens/position', where), /not available/);
    });

    it('hovers over both texts once the source is set, each word leading to the other', async () => {
      await client.request('attentionLens/setSource', { textDocument: target, source });
      const { documents } = await client.request('attentionLens/status', {});
      assert.equal(documents.find(({ uri }) => uri === target.uri)?.source, source.uri);
      const inTarget = await client.hover(target.uri, 0, 1);
      assert.match(inTarget!.contents.value, /cross-attention/);
      assert.match(inTarget!.contents.value, /reads in `source\(1\)\.txt`/);
      assert.match(
        inTarget!.contents.value,
        /\[`t\d+`\]\(file:\/\/\/texts\/source%281%29\.txt#L1,\d+\)/,
      );
      assert.doesNotMatch(inTarget!.contents.value, /read by/);
      const inSource = await client.hover(source.uri, 0, 1);
      assert.match(inSource!.contents.value, /read by, in `target\.txt`/);
      assert.match(inSource!.contents.value, /\]\(file:\/\/\/texts\/target\.txt#L1,\d+\)/);
      // The decoder has three layers, the encoder two: the panel's choice holds for either.
      await client.request('attentionLens/setSelection', { stack: 'cross', layer: 2 });
      const last = await client.hover(target.uri, 0, 1);
      assert.match(last!.contents.value, /layer 2, mean of 4 heads/);
      await client.request('attentionLens/setSelection', { stack: 'decoder' });
      const own = await client.hover(target.uri, 0, 1);
      assert.match(own!.contents.value, /decoder self-attention/);
      assert.match(own!.contents.value, /\| reads \| \| read by \| \|/);
      await client.request('attentionLens/setSelection', {});
    });

    it('notices edits of the source', async () => {
      const before = await client.request('attentionLens/row', { ...whereOf('cross'), token: 1 });
      await client.change(source.uri, 2, [{ text: textOf(pair!.source.slice(0, 5)) }]);
      const after = await client.request('attentionLens/row', { ...whereOf('cross'), token: 1 });
      assert.equal(decodeNumbers(before.weights).length, 13);
      assert.equal(decodeNumbers(after.weights).length, 5);
      assert.equal(after.source?.version, 2);
    });
  });

  it('says that a model of one text has no decoder', async () => {
    await client.request('attentionLens/selectModel', { model: 'bundled' });
    await assert.rejects(
      client.request('attentionLens/map', whereOf('cross')),
      (error: { data?: { reason?: string } }) => error.data?.reason === 'notInThisModel',
    );
  });
});
