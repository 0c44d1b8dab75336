import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import type { Range, RowParams } from '../../server/protocol';
import { start, type Client } from './client';

const uri = 'file:///story.txt';
const textDocument = { uri };
const TEXT = 'The lighthouse keeper lit the lamps.\nNobody answered, unbelievably.\n';
const select = { layer: 3, head: 5 };

const range = (line: number, from: number, to: number, toLine = line): Range => ({
  start: { line, character: from },
  end: { line: toLine, character: to },
});

describe('a range as the query', function () {
  this.timeout(120_000);
  let client: Client;
  before(async () => {
    client = await start();
    await client.open(uri, TEXT);
  });
  after(() => client.stop());

  const ask = (params: Omit<RowParams, 'textDocument'>) =>
    client.request('attentionLens/row', { textDocument, ...select, ...params });
  const weights = async (params: Omit<RowParams, 'textDocument'>) =>
    decodeNumbers((await ask(params)).weights);

  it('is the mean of what its tokens read, and the sum of who reads them', async () => {
    // "keeper lit": the range begins and ends inside the words.
    const answer = await ask({ queryRange: range(0, 17, 23) });
    assert.deepEqual([answer.token, answer.queries, answer.units], [3, [3, 5], 'tokens']);
    const rows = await Promise.all([3, 4].map((token) => weights({ token })));
    decodeNumbers(answer.weights).forEach((weight, key) =>
      assert.ok(Math.abs(weight - (rows[0]![key]! + rows[1]![key]!) / 2) < 1e-6),
    );
    const direction = 'readBy' as const;
    const columns = await Promise.all([3, 4].map((token) => weights({ token, direction })));
    (await weights({ queryRange: range(0, 17, 23), direction })).forEach((weight, query) =>
      assert.ok(Math.abs(weight - (columns[0]![query]! + columns[1]![query]!)) < 1e-6),
    );
  });

  it('is what hover shows over the selection, and nowhere else', async () => {
    const selected = range(0, 15, 25);
    const { contents, range: shown } = (await client.hover(uri, 0, 17, selected))!;
    assert.deepEqual(shown, { start: { line: 0, character: 15 }, end: { line: 0, character: 25 } });
    assert.match(contents.value, /`keeper·lit`\*\* · selected: tokens 3 to 4 of \d+/);
    assert.match(contents.value, /reads: the mean of the selected tokens; read by: their sum/);
    const row = await weights({ queryRange: selected, layer: null, head: null });
    const [strongest] = [...row.keys()].sort((a, b) => row[b]! - row[a]!);
    assert.ok(strongest !== undefined);
    const beside = await client.hover(uri, 0, 5, selected);
    assert.doesNotMatch(beside!.contents.value, /selected/);
    const one = await client.hover(uri, 0, 17, range(0, 16, 18));
    assert.match(one!.contents.value, /token 3 of/);
  });

  it('takes whole words where words are asked for', async () => {
    const answer = await ask({ queryRange: range(1, 20, 21), merge: 'words' });
    assert.deepEqual([answer.queries, answer.units], [[11, 16], 'words']);
    const word = await weights({ token: 12, merge: 'words' });
    assert.deepEqual([...decodeNumbers(answer.weights)], [...word]);
  });

  it('says which tokens are meant also without a range', async () => {
    assert.deepEqual((await ask({ token: 12 })).queries, [12, 13]);
    assert.deepEqual((await ask({ token: 12, merge: 'words' })).queries, [11, 16]);
  });

  it('is refused where no token stands, beside a token, and when it makes no sense', async () => {
    const refused = (params: unknown, message: RegExp) =>
      assert.rejects(ask(params as RowParams), {
        code: -32602,
        data: { field: 'queryRange' },
        message,
      });
    await refused({ queryRange: range(0, 3, 4) }, /No token stands in "queryRange"/);
    await refused({ queryRange: range(0, 5, 5) }, /No token/);
    await refused({ queryRange: range(0, 9, 2) }, /No token/);
    await refused({ queryRange: range(9, 0, 5) }, /No token/);
    await refused({ queryRange: range(0, 4, 9), token: 2 }, /together with "token"/);
    await refused({ queryRange: {} }, /cannot be used/);
  });

  it('stays inside one window', async () => {
    const long = { textDocument: { uri: 'file:///long.txt' } };
    await client.open(long.textDocument.uri, 'lamp and sea and ship\n'.repeat(300));
    const near = await client.request('attentionLens/row', {
      ...long,
      queryRange: range(150, 0, 4, 151),
    });
    assert.ok(near.window.index > 0);
    assert.equal(near.queries[1] - near.queries[0], 6);
    await assert.rejects(
      client.request('attentionLens/row', { ...long, queryRange: range(0, 0, 4, 299) }),
      { code: -32602, message: /beyond one window of 512 tokens/ },
    );
  });
});
