import assert from 'node:assert/strict';
import { ProgressType } from 'vscode-jsonrpc/node';
import { decodeBytes, decodeNumbers, entropy } from '../../server/analysis/numbers';
import { start, type Client } from './client';
import { INITIAL_SELECTION, type Select } from '../../server/protocol';

const uri = 'file:///story.txt';
const textDocument = { uri };
const TEXT = 'The lighthouse keeper lit the lamps.\nNobody answered, unbelievably.\n';
/** [CLS] … [SEP] of the text, as the vocabulary writes them. */
const PIECES =
  '[CLS] the lighthouse keeper lit the lamps . nobody answered , un ##bel ##ie ##va ##bly . [SEP]'.split(
    ' ',
  );

describe('the requests', function () {
  this.timeout(120_000);
  let client: Client;
  before(async () => {
    client = await start();
    await client.open(uri, TEXT, 7);
  });
  after(() => client.stop());

  it('status tells model, engine, selection and documents', async () => {
    await client.request('attentionLens/row', { textDocument, token: 1 });
    const status = await client.request('attentionLens/status', {});
    assert.equal(status.state, 'ready');
    assert.deepEqual(status.selection, INITIAL_SELECTION);
    assert.equal(status.chapter, null);
    assert.deepEqual(status.documents, [
      { uri, version: 7, windows: 1, analysed: 1, summaries: 0 },
    ]);
  });

  it('tokens have their pieces and their places', async () => {
    const { tokens, total, model, version, window } = await client.request('attentionLens/tokens', {
      textDocument,
    });
    assert.deepEqual(
      tokens.map(({ text }) => text),
      PIECES,
    );
    assert.equal(total, PIECES.length);
    assert.equal(model.storage, 'fp16');
    assert.equal(version, 7);
    assert.deepEqual(window, {
      index: 0,
      count: 1,
      range: { start: { line: 0, character: 0 }, end: { line: 1, character: 30 } },
    });
    assert.equal(tokens[0]?.range, null);
    assert.deepEqual(tokens[8]?.range, {
      start: { line: 1, character: 0 },
      end: { line: 1, character: 6 },
    });
  });

  it('row and column are slices of the map', async () => {
    const select = { layer: 3, head: 5 };
    const map = await client.request('attentionLens/map', { textDocument, ...select });
    assert.deepEqual([map.rows, map.columns], [PIECES.length, PIECES.length]);
    const values = decodeNumbers(map.values);
    const token = 9;
    const row = await client.request('attentionLens/row', { textDocument, ...select, token });
    const weights = decodeNumbers(row.weights);
    assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight) - 1) < 1e-5);
    assert.ok(Math.abs(entropy(weights) - row.entropy) < 1e-9);
    weights.forEach((weight, key) => {
      assert.ok(Math.abs(weight - (values[token * map.columns + key] ?? NaN)) < 1e-6);
    });
    const column = await client.request('attentionLens/row', {
      textDocument,
      ...select,
      token,
      direction: 'readBy',
    });
    assert.equal(column.sink, null);
    decodeNumbers(column.weights).forEach((weight, query) => {
      assert.ok(Math.abs(weight - (values[query * map.columns + token] ?? NaN)) < 1e-6);
    });
  });

  it('row finds the token at a position and says what goes to the sink', async () => {
    const position = { line: 1, character: 8 };
    const row = await client.request('attentionLens/row', { textDocument, position });
    assert.equal(row.token, 9);
    const weights = decodeNumbers(row.weights);
    assert.ok(row.sink);
    assert.ok(row.sink.tokens.includes(0) && row.sink.tokens.includes(PIECES.length - 1));
    const share = row.sink.tokens.reduce((sum, token) => sum + (weights[token] ?? 0), 0);
    assert.ok(Math.abs(share - row.sink.share) < 1e-5);
  });

  it('row without the sink is renormalised and keeps telling its share', async () => {
    const asked = { textDocument, token: 4, layer: 2, head: 1 };
    const raw = await client.request('attentionLens/row', asked);
    const without = await client.request('attentionLens/row', { ...asked, reading: 'withoutSink' });
    assert.deepEqual(without.sink?.tokens, raw.sink?.tokens);
    assert.ok(Math.abs((without.sink?.share ?? 0) - (raw.sink?.share ?? 1)) < 1e-6);
    const weights = decodeNumbers(without.weights);
    for (const token of without.sink?.tokens ?? []) assert.equal(weights[token], 0);
    assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight) - 1) < 1e-5);
  });

  it('every reading answers in row, column and map alike, by tokens and by words', async () => {
    const selections: Select[] = [
      { reading: 'valueWeighted', layer: 2, head: 5 },
      { reading: 'valueWeighted', aggregate: 'max' },
      { reading: 'rollout', layer: 3 },
      { reading: 'rollout' },
      { reading: 'withoutSink', layer: 1, heads: [0, 4], aggregate: 'max' },
    ];
    for (const select of selections) {
      for (const merge of ['tokens', 'words'] as const) {
        const asked = { textDocument, ...select, merge };
        const map = await client.request('attentionLens/map', asked);
        const count = merge === 'words' ? PIECES.length - 4 : PIECES.length;
        assert.deepEqual([map.units, map.rows, map.columns], [merge, count, count]);
        const values = decodeNumbers(map.values);
        const near = (weight: number, cell: number): void =>
          assert.ok(Math.abs(weight - values[cell]!) < 1e-5, JSON.stringify(asked));
        // The second piece of "unbelievably", whose word is number 11.
        const token = { ...asked, token: 12 };
        const unit = merge === 'words' ? 11 : 12;
        const row = await client.request('attentionLens/row', token);
        decodeNumbers(row.weights).forEach((weight, key) => near(weight, unit * count + key));
        assert.deepEqual(row.sink?.tokens, [0, count - 1]);
        const readBy = { ...token, direction: 'readBy' } as const;
        const column = await client.request('attentionLens/row', readBy);
        decodeNumbers(column.weights).forEach((weight, query) =>
          near(weight, query * count + unit),
        );
        if (select.aggregate === 'max') continue;
        const sum = decodeNumbers(row.weights).reduce((total, weight) => total + weight);
        assert.ok(Math.abs(sum - 1) < 1e-5);
      }
    }
  });

  it('tokens say which of them make a word', async () => {
    const { words } = await client.request('attentionLens/tokens', { textDocument });
    const pieces = words.flatMap((word, token) => (word === 11 ? [PIECES[token]] : []));
    assert.deepEqual(pieces, ['un', '##bel', '##ie', '##va', '##bly']);
    assert.equal(words.at(-1), PIECES.length - 1 - 4);
  });

  it('map gives regions and pools them', async () => {
    const region = { textDocument, layer: 0, head: 0, queries: [2, 8], keys: [1, 5] };
    const whole = await client.request('attentionLens/map', {
      ...region,
      queries: [2, 8],
      keys: [1, 5],
    });
    assert.deepEqual([whole.rows, whole.columns], [6, 4]);
    const values = decodeNumbers(whole.values);
    const pooled = await client.request('attentionLens/map', {
      ...region,
      queries: [2, 8],
      keys: [1, 5],
      size: { rows: 3, columns: 2 },
    });
    assert.deepEqual([pooled.rows, pooled.columns], [3, 2]);
    decodeNumbers(pooled.values).forEach((value, cell) => {
      const [row, column] = [Math.floor(cell / 2) * 2, (cell % 2) * 2];
      const under = [0, 1].flatMap((down) =>
        [0, 1].map((right) => values[(row + down) * 4 + column + right] ?? NaN),
      );
      assert.equal(value, Math.max(...under));
    });
  });

  it('overview shows every head', async () => {
    const answer = await client.request('attentionLens/overview', { textDocument });
    assert.deepEqual([answer.layers, answer.heads, answer.size], [6, 12, PIECES.length]);
    assert.equal(decodeNumbers(answer.statistics.entropy ?? '').length, 72);
    const plain = { textDocument, statistics: false };
    assert.deepEqual((await client.request('attentionLens/overview', plain)).statistics, {});
    const thumbnails = decodeBytes(answer.thumbnails);
    const scales = decodeNumbers(answer.scales);
    const cells = answer.size ** 2;
    assert.equal(thumbnails.length, 72 * cells);
    const map = await client.request('attentionLens/map', { textDocument, layer: 2, head: 7 });
    const head = 2 * 12 + 7;
    const scale = scales[head] ?? 0;
    assert.ok(Math.abs(scale - Math.max(...decodeNumbers(map.values))) < 1e-6);
    decodeNumbers(map.values).forEach((value, cell) => {
      const byte = thumbnails[head * cells + cell] ?? 0;
      assert.ok(Math.abs(byte - (value / scale) * 255) <= 1);
    });
    const small = await client.request('attentionLens/overview', { textDocument, size: 5 });
    assert.equal(small.size, 5);
  });

  it('the mean is the mean of the heads', async () => {
    const asked = { textDocument, token: 5 };
    const sum = new Float64Array(PIECES.length);
    for (let head = 0; head < 12; head++) {
      const row = await client.request('attentionLens/row', { ...asked, layer: 1, head });
      decodeNumbers(row.weights).forEach((weight, key) => (sum[key] = (sum[key] ?? 0) + weight));
    }
    const mean = await client.request('attentionLens/row', { ...asked, layer: 1 });
    decodeNumbers(mean.weights).forEach((weight, key) => {
      assert.ok(Math.abs(weight - (sum[key] ?? NaN) / 12) < 1e-6);
    });
  });

  it('setSelection changes what hover shows, and tells it', async () => {
    const { selection } = await client.request('attentionLens/setSelection', { layer: 4, head: 7 });
    assert.deepEqual(selection, {
      ...INITIAL_SELECTION,
      layer: 4,
      head: 7,
      reading: 'raw',
      encoding: null,
    });
    const hover = await client.hover(uri, 0, 6);
    assert.match(hover?.contents.value ?? '', /layer 4, head 7/);
    await client.status((status) => status.selection.head === 7);
    await client.request('attentionLens/setSelection', {});
  });

  it('selectModel and restart end with a model that is ready', async () => {
    const { model } = await client.request('attentionLens/selectModel', { model: 'bundled' });
    assert.equal(model.name, 'all-MiniLM-L6-v2');
    const status = await client.request('attentionLens/restart', {});
    assert.equal(status.state, 'ready');
    assert.ok(await client.hover(uri, 0, 6));
  });

  it('hover names the word and its number, and covers it', async () => {
    const hover = await client.hover(uri, 1, 20);
    assert.equal(hover?.contents.kind, 'markdown');
    assert.match(hover.contents.value, /^\*\*`unbelievably`\*\* · `##bel` · token 12 of 18 · /);
    assert.match(hover.contents.value, /\d % goes to the sink \(`\[CLS\]`, `\[SEP\]`\)/);
    assert.deepEqual(hover.range, {
      start: { line: 1, character: 17 },
      end: { line: 1, character: 29 },
    });
    assert.equal(await client.hover('file:///story.txt', 2, 0), null);
  });

  it('progress is told to who asks for it', async () => {
    const kinds: string[] = [];
    const type = new ProgressType<{ kind: string }>();
    client.connection.onProgress(type, 'mine', ({ kind }) => {
      kinds.push(kind);
    });
    await client.open('file:///other.txt', 'Another text, which nobody has read so far.');
    await client.connection.sendRequest('attentionLens/overview', {
      textDocument: { uri: 'file:///other.txt' },
      workDoneToken: 'mine',
    });
    assert.equal(kinds[0], 'begin');
    assert.equal(kinds.at(-1), 'end');
  });

  it('a row of the first layer comes while later layers are computed', async () => {
    const told: string[] = [];
    const type = new ProgressType<{ kind: string; percentage?: number }>();
    const other = { uri: 'file:///early.txt' };
    await client.open(other.uri, 'A text that nobody has read before, looked at early.');
    for (const token of ['row', 'overview'])
      client.connection.onProgress(type, token, ({ kind, percentage = 0 }) => {
        told.push(kind === 'report' ? `${token} ${percentage}` : `${token} ${kind}`);
      });
    const params = { textDocument: other, position: { line: 0, character: 3 } };
    const ask = (method: string, more: object, workDoneToken: string): Promise<unknown> =>
      client.connection
        .sendRequest(method, { ...params, ...more, workDoneToken })
        .then((answer) => (told.push(`${workDoneToken} answered`), answer));
    const [row] = await Promise.all([
      ask('attentionLens/row', { layer: 0 }, 'row'),
      ask('attentionLens/overview', {}, 'overview'),
    ]);
    assert.ok(told.indexOf('row answered') < told.indexOf('overview 100'), told.join('\n'));
    assert.deepEqual(await client.request('attentionLens/row', { ...params, layer: 0 }), row);
  });

  it('hover is plain text where the client knows no Markdown', async () => {
    const plain = await start({ capabilities: {} });
    await plain.open(uri, TEXT);
    const hover = await plain.hover(uri, 0, 6);
    assert.equal(hover?.contents.kind, 'plaintext');
    assert.match(
      hover.contents.value,
      /^lighthouse · token 2 of 18 · mean of 6 layers and 12 heads\n/,
    );
    assert.equal(await plain.stop(), 0);
  });
});
