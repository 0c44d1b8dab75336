import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import { changePositions } from '../../server/positional/positionChanges';
import type { EncodingChange, PositionShareResult } from '../../server/protocol';
import { start, type Client } from './client';

const uri = 'file:///story.txt';
const textDocument = { uri };
const TEXT = 'The lighthouse keeper lit the lamps. Nobody answered, unbelievably.\n';
const TOKENS = 18;
const [LAYERS, HEADS] = [6, 12];

const CHANGES: EncodingChange[] = [
  { mode: 'off' },
  { mode: 'scaled', scale: 0.5 },
  { mode: 'shuffled', seed: 7 },
  { mode: 'reversed' },
  { mode: 'shifted', by: 100 },
  { mode: 'frozen', at: 3 },
];

describe('changed position', function () {
  this.timeout(120_000);
  let client: Client;
  before(async () => {
    client = await start();
    await client.open(uri, TEXT);
  });
  after(() => client.stop());

  const map = async (
    layer: number,
    head: number,
    encoding: EncodingChange | null,
  ): Promise<Float32Array> => {
    const asked = { textDocument, layer, head, encoding };
    return decodeNumbers((await client.request('attentionLens/map', asked)).values);
  };

  it('is what comes out when the rows are compared by hand', async () => {
    for (const encoding of CHANGES) {
      const effect = await client.request('attentionLens/positionEffect', {
        textDocument,
        encoding,
      });
      assert.deepEqual([effect.layers, effect.heads], [LAYERS, HEADS]);
      const all = decodeNumbers(effect.totalVariation);
      assert.equal(all.length, LAYERS * HEADS);
      for (const [layer, head] of [
        [0, 2],
        [3, 11],
        [5, 0],
      ] as const) {
        const [trained, changed] = await Promise.all([
          map(layer, head, null),
          map(layer, head, encoding),
        ]);
        const sum = trained.reduce(
          (total, weight, cell) => total + Math.abs(weight - (changed[cell] ?? NaN)),
          0,
        );
        const expected = sum / 2 / TOKENS;
        const found = all[layer * HEADS + head] ?? NaN;
        assert.ok(Math.abs(found - expected) < 1e-5, `${encoding.mode}: ${found}, ${expected}`);
      }
    }
  });

  it('is the same for the same seed, and another for another', async () => {
    const [once, again, other] = await Promise.all(
      [7, 7, 8].map((seed) => map(1, 4, { mode: 'shuffled', seed })),
    );
    assert.deepEqual(once, again);
    assert.notDeepEqual(once, other);
  });

  it('without position makes attention blind to the order of tokens', async () => {
    const swapped = 'file:///swapped.txt';
    await client.open(
      swapped,
      'The keeper lighthouse lit the lamps. Nobody answered, unbelievably.',
    );
    const asked = { layer: 2, head: 6, token: 5, encoding: { mode: 'off' as const } };
    const one = await client.request('attentionLens/row', { textDocument, ...asked });
    const two = await client.request('attentionLens/row', {
      textDocument: { uri: swapped },
      ...asked,
    });
    const weights = decodeNumbers(two.weights);
    [weights[2], weights[3]] = [weights[3] ?? NaN, weights[2] ?? NaN];
    decodeNumbers(one.weights).forEach((weight, key) =>
      assert.ok(Math.abs(weight - (weights[key] ?? NaN)) < 1e-5),
    );
  });

  it('has an overview and a badge in the hover of its own', async () => {
    const reversed = { mode: 'reversed' as const };
    const trained = await client.request('attentionLens/overview', { textDocument });
    const changed = await client.request('attentionLens/overview', {
      textDocument,
      encoding: reversed,
    });
    assert.notEqual(trained.thumbnails, changed.thumbnails);
    const { selection } = await client.request('attentionLens/setSelection', {
      layer: 0,
      head: 2,
      encoding: reversed,
    });
    assert.deepEqual(selection.encoding, reversed);
    const text = (await client.hover(uri, 0, 6))?.contents.value ?? '';
    assert.match(text, /^\*\*`lighthouse`\*\* · token 2 of 18 · position 15 · /);
    assert.match(text, /\*\*position reversed\*\*\n/);
    const first = /\| `(.+?)` \| `.+?` ([\d.]+) % \(was ([\d.]+) %\) \|/.exec(
      text.split('\n')[4]?.replace(/^\| `(.+?)` \|/, '| `$1` |') ?? '',
    );
    assert.ok(first, text);
    const tokens = await client.request('attentionLens/tokens', { textDocument });
    const key = tokens.tokens.findIndex(({ text: piece }) => piece === first[1]?.toLowerCase());
    const before = (await map(0, 2, null))[2 * TOKENS + key] ?? NaN;
    const after = (await map(0, 2, reversed))[2 * TOKENS + key] ?? NaN;
    assert.equal(first[2], (after * 100).toFixed(1));
    assert.equal(first[3], (before * 100).toFixed(1));
    await client.status((status) => status.selection.encoding?.mode === 'reversed');
    await client.request('attentionLens/setSelection', {});
    assert.doesNotMatch((await client.hover(uri, 0, 6))?.contents.value ?? '', /position|was/);
  });

  it('is refused with a sentence where it cannot be', async () => {
    const refused: [unknown, RegExp][] = [
      [{ mode: 'scaled', scale: 0 }, /scale must be a number above 0, but 0 was given/],
      [{ mode: 'scaled', scale: -1 }, /scale must be a number above 0, but -1 was given/],
      [{ mode: 'scaled', scale: NaN }, /scale must be a number above 0, but NaN was given/],
      [{ mode: 'scaled' }, /scale must be a number above 0/],
      [{ mode: 'scaled', scale: 1e39 }, /scale must be at most 1000, but 1e\+39 was given/],
      [{ mode: 'shifted', by: 495 }, /from 0 to 494/],
      [{ mode: 'shifted', by: 1.5 }, /"by" of "encoding" must be a whole number/],
      [{ mode: 'frozen', at: 512 }, /Position 512 is not in the table/],
      [{ mode: 'shuffled', seed: -1 }, /"seed" of "encoding"/],
      [{ mode: 'shuffled', seed: 2 ** 32 }, /seed must be at most 4294967295/],
      [{ mode: 'sideways' }, /cannot be "sideways"; its mode is one of off, scaled/],
      ['off', /"encoding" cannot be "off"/],
      [7, /"encoding" cannot be 7/],
    ];
    for (const [encoding, message] of refused) {
      const asked = { textDocument, token: 1, encoding };
      const row = client.connection.sendRequest('attentionLens/row', asked);
      await assert.rejects(row, (error: { code: number; message: string; data: object }) => {
        assert.equal(error.code, -32602, error.message);
        assert.deepEqual(error.data, { field: 'encoding' });
        assert.match(error.message, message);
        return true;
      });
    }
    const effect = client.connection.sendRequest('attentionLens/positionEffect', { textDocument });
    await assert.rejects(effect, { code: -32602 });
  });
});

describe("a model's encoding", function () {
  this.timeout(120_000);
  let client: Client;
  before(async () => {
    client = await start();
    await client.open(uri, TEXT);
  });
  after(() => client.stop());

  it('is drawn with its real rows, in the order of the changed positions', async () => {
    const plain = await client.request('attentionLens/position', { textDocument, token: 4 });
    assert.deepEqual([plain.scheme.kind, plain.dimensions, plain.total], ['learned', 384, TOKENS]);
    assert.deepEqual([plain.positions, plain.token, plain.tokenPosition], [[0, TOKENS], 4, 4]);
    const matrix = decodeNumbers(plain.matrix ?? '');
    assert.equal(matrix.length, TOKENS * 384);
    for (const encoding of CHANGES) {
      const drawn = await client.request('attentionLens/position', { textDocument, encoding });
      const complete =
        encoding.mode === 'frozen' ? { ...encoding, at: encoding.at ?? 0 } : encoding;
      const inputs = changePositions(complete, {
        tokens: TOKENS,
        specialTokens: [0, TOKENS - 1],
        contextLength: 512,
        heads: 12,
        rope: null,
      });
      assert.deepEqual(drawn.positionIds, [...inputs.positionIds]);
      const rows = decodeNumbers(drawn.matrix ?? '');
      inputs.positionIds.forEach((position, row) => {
        if (position >= TOKENS) return;
        const expected = (matrix[position * 384 + 5] ?? NaN) * inputs.positionScale;
        assert.ok(Math.abs((rows[row * 384 + 5] ?? NaN) - expected) < 1e-7, encoding.mode);
      });
    }
  });

  it('is as alike by distance as its rows are', async () => {
    const { matrix, similarity } = await client.request('attentionLens/position', { textDocument });
    const rows = decodeNumbers(matrix ?? '');
    const distance = 5;
    const products = Array.from({ length: TOKENS - distance }, (_, row) =>
      rows
        .subarray(row * 384, (row + 1) * 384)
        .reduce((sum, value, at) => sum + value * (rows[(row + distance) * 384 + at] ?? NaN), 0),
    );
    const mean = products.reduce((sum, product) => sum + product, 0) / products.length;
    assert.ok(Math.abs((decodeNumbers(similarity?.mean ?? '')[distance] ?? NaN) - mean) < 1e-5);
    const smallest = decodeNumbers(similarity?.smallest ?? '')[distance] ?? NaN;
    assert.ok(Math.abs(smallest - Math.min(...products)) < 1e-5);
  });

  it('is looked at in another scale, within what can be computed', async () => {
    const [plain, twice] = await Promise.all(
      [{}, { scale: 2 }].map((scale) =>
        client.request('attentionLens/position', { textDocument, ...scale }),
      ),
    );
    const rows = decodeNumbers(plain?.matrix ?? '');
    decodeNumbers(twice?.matrix ?? '').forEach((value, at) => {
      if (value !== 2 * (rows[at] ?? NaN)) assert.fail(`${value} is not twice ${rows[at]}`);
    });
    for (const [scale, message] of [
      [0, /above 0, but 0 was given/],
      [-1, /above 0, but -1 was given/],
      [NaN, /must be a number above 0/],
      [1e39, /at most 1000, but 1e\+39 was given/],
    ] as const) {
      const asked = client.request('attentionLens/position', { textDocument, scale });
      await assert.rejects(asked, { code: -32602, data: { field: 'scale' }, message });
    }
  });

  it('fits into an answer, or says what to ask for', async () => {
    const long = { uri: 'file:///long.txt' };
    await client.open(long.uri, 'lamp '.repeat(600));
    const drawn = await client.request('attentionLens/position', { textDocument: long });
    assert.equal(drawn.total, 512);
    assert.ok(drawn.positions[1] < 512 && drawn.positions[1] > 400);
    assert.ok(JSON.stringify(drawn).length <= 1_000_000);
    const all = { textDocument: long, positions: [0, 512] as [number, number] };
    await assert.rejects(client.request('attentionLens/position', all), {
      data: { reason: 'tooLarge', size: drawn.positions[1] },
    });
    const rest = await client.request('attentionLens/position', {
      ...all,
      positions: [drawn.positions[1], 512],
    });
    assert.equal(rest.positionIds.at(-1), 511);
  });
});

describe('position or content', function () {
  this.timeout(120_000);
  let client: Client;
  before(async () => {
    client = await start();
    await client.open(uri, TEXT);
  });
  after(() => client.stop());

  const share = (
    layer: number,
    head: number,
    query: number,
    key: number,
  ): Promise<PositionShareResult> =>
    client.request('attentionLens/positionShare', { textDocument, layer, head, query, key });

  it('adds up to the score in the first layer, and the score to the weight', async () => {
    const [head, query] = [4, 3];
    const scores: number[] = [];
    const weights: number[] = [];
    for (let key = 0; key < TOKENS; key++) {
      const found = await share(0, head, query, key);
      assert.equal(found.method, 'nineTerms');
      const { terms = [], dot = NaN, scale = NaN } = found;
      assert.equal(terms.length, 9);
      assert.ok(Math.abs(terms.reduce((sum, term) => sum + term, 0) - dot) < 1e-9);
      assert.ok(Math.abs(found.position + found.content - dot * scale) < 1e-9);
      scores.push(dot * scale);
      weights.push(found.weight);
    }
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    scores.forEach((score, key) =>
      assert.ok(Math.abs(Math.exp(score) / total - (weights[key] ?? NaN)) < 1e-5),
    );
  });

  it('is a baseline of shuffles with its error elsewhere', async () => {
    const found = await share(4, 2, 3, 6);
    assert.deepEqual([found.method, found.of, found.samples], ['shuffledTokens', 'weight', 8]);
    assert.ok(Math.abs(found.position + found.content - found.weight) < 1e-9);
    assert.ok((found.standardError ?? -1) >= 0);
    assert.match(found.limits, /^An estimate: .*shuffles make it rough\.$/);
    const again = await share(4, 2, 3, 6);
    assert.equal(again.position, found.position);
  });

  it('needs a head and a pair that are there', async () => {
    for (const [field, ...wrong] of [
      ['layer', 6, 0, 1, 1],
      ['head', 0, 12, 1, 1],
      ['query', 0, 0, TOKENS, 1],
      ['key', 0, 0, 1, TOKENS],
    ] as [string, number, number, number, number][])
      await assert.rejects(share(...wrong), { code: -32602, data: { field } });
  });
});
