import assert from 'node:assert/strict';
import { start, type Client } from './client';

const uri = 'file:///a.txt';
const textDocument = { uri };

interface ResponseError {
  code: number;
  message: string;
  data?: { field?: string; reason?: string; size?: unknown };
}

describe('a client that sends nonsense', function () {
  this.timeout(120_000);
  let client: Client;
  before(async () => {
    client = await start();
    await client.open(uri, 'One two three.');
  });
  after(async () => {
    // Whatever was sent: it lives, and answers well.
    assert.ok(await client.hover(uri, 0, 1));
    assert.equal(await client.stop(), 0);
  });

  async function failure(method: string, params?: unknown): Promise<ResponseError> {
    const asked =
      params === undefined
        ? client.connection.sendRequest(method)
        : client.connection.sendRequest(method, params);
    const error: unknown = await asked.then(
      (answer) => assert.fail(`${method} answered ${JSON.stringify(answer).slice(0, 100)}`),
      (reason: unknown) => reason,
    );
    return error as ResponseError;
  }

  const wrong: [method: string, params: unknown, field: string][] = [
    ['row', {}, 'textDocument'],
    ['row', { textDocument: 5 }, 'textDocument'],
    ['row', { textDocument: { uri: 7 } }, 'textDocument'],
    ['row', { textDocument: { uri: 'file:///closed' }, token: 0 }, 'textDocument'],
    ['row', { textDocument }, 'position'],
    ['row', { textDocument, position: 'top' }, 'position'],
    ['row', { textDocument, position: { line: -1, character: 0 } }, 'position'],
    ['row', { textDocument, position: { line: 0.5, character: 0 } }, 'position'],
    ['row', { textDocument, position: { line: 0 } }, 'position'],
    ['row', { textDocument, token: 'first' }, 'token'],
    ['row', { textDocument, token: -1 }, 'token'],
    ['row', { textDocument, token: 6 }, 'token'],
    ['row', { textDocument, token: 1, layer: 6 }, 'layer'],
    ['row', { textDocument, token: 1, layer: 'last' }, 'layer'],
    ['row', { textDocument, token: 1, head: 12 }, 'head'],
    ['row', { textDocument, token: 1, head: 1.5 }, 'head'],
    ['row', { textDocument, token: 1, heads: [] }, 'heads'],
    ['row', { textDocument, token: 1, heads: [1, 1] }, 'heads'],
    ['row', { textDocument, token: 1, heads: [0, 12] }, 'heads'],
    ['row', { textDocument, token: 1, heads: [0.5] }, 'heads'],
    ['row', { textDocument, token: 1, heads: 3 }, 'heads'],
    ['row', { textDocument, token: 1, head: 3, heads: [3] }, 'heads'],
    ['row', { textDocument, token: 1, aggregate: 'median' }, 'aggregate'],
    ['row', { textDocument, token: 1, reading: 'upsideDown' }, 'reading'],
    ['row', { textDocument, token: 1, reading: 'rollout', head: 0 }, 'head'],
    ['row', { textDocument, token: 1, reading: 'rollout', heads: [0] }, 'heads'],
    ['map', { textDocument, reading: 'rollout', aggregate: 'max' }, 'aggregate'],
    ['setSelection', { reading: 'rollout', layer: 2, head: 0 }, 'head'],
    ['setSelection', { merge: 'sentences' }, 'merge'],
    ['map', { textDocument, merge: 'words', queries: [0, 77] }, 'queries'],
    ['row', { textDocument, token: 1, direction: 'sideways' }, 'direction'],
    ['row', { textDocument, token: 1, merge: 'lines' }, 'merge'],
    ['map', { textDocument, queries: [0] }, 'queries'],
    ['map', { textDocument, queries: [3, 2] }, 'queries'],
    ['map', { textDocument, keys: [0, 100] }, 'keys'],
    ['map', { textDocument, keys: 'all' }, 'keys'],
    ['map', { textDocument, size: { rows: 0, columns: 5 } }, 'size'],
    ['map', { textDocument, size: { rows: 5 } }, 'size'],
    ['map', { textDocument, pool: 'median' }, 'pool'],
    ['overview', { textDocument, size: -3 }, 'size'],
    ['overview', { textDocument, reading: 'rollout' }, 'reading'],
    ['tokens', { textDocument, slice: [2, 1] }, 'slice'],
    ['tokens', { textDocument, slice: [0, 77] }, 'slice'],
    ['documentMap', { textDocument, size: 0 }, 'size'],
    ['documentMap', { textDocument, head: 12 }, 'head'],
    ['documentMap', {}, 'textDocument'],
    ['setSelection', { layer: {} }, 'layer'],
    ['setSelection', { head: 99 }, 'head'],
    ['row', { textDocument, token: 1, encoding: { mode: 'upside' } }, 'encoding'],
    ['position', { textDocument, token: 6 }, 'token'],
    ['position', { textDocument, positions: [3, 2] }, 'positions'],
    ['position', { textDocument, positions: [0, 77] }, 'positions'],
    ['position', { textDocument, scaleVariant: 'double' }, 'scaleVariant'],
    ['position', { textDocument, dimension: -1 }, 'dimension'],
    ['positionEffect', { textDocument }, 'encoding'],
    ['positionEffect', { textDocument, encoding: [] }, 'encoding'],
    ['compare', { textDocument }, 'other'],
    ['compare', { textDocument, other: { textDocument: { uri: 'file:///no' } } }, 'textDocument'],
    ['compare', { textDocument, other: { textDocument, encoding: [] } }, 'encoding'],
    ['positionShare', { textDocument, head: 0, query: 1, key: 1 }, 'layer'],
    ['positionShare', { textDocument, layer: 0, head: 0, query: 1, key: 6 }, 'key'],
    ['stages', { textDocument, token: 'first' }, 'token'],
    ['stages', { textDocument, key: 1.5 }, 'key'],
    ['selectModel', {}, 'model'],
    ['selectModel', { model: 3 }, 'model'],
    ['selectModel', { model: 'the best one' }, 'model'],
  ];
  for (const [method, params, field] of wrong) {
    it(`${method} ${JSON.stringify(params)} is wrong in ${field}`, async () => {
      const { code, data, message } = await failure(`attentionLens/${method}`, params);
      assert.equal(code, -32602, message);
      assert.equal(data?.field, field, message);
      assert.ok(message.includes(`"${field}`), message);
    });
  }

  it('gets InvalidParams for parameters that are no object', async () => {
    for (const params of [null, 'text', 5, [], [1, 2, 3]]) {
      for (const method of ['attentionLens/row', 'textDocument/hover']) {
        const { code } = await failure(method, params);
        assert.equal(code, -32602, `${method} ${JSON.stringify(params)}`);
      }
    }
    assert.equal((await failure('attentionLens/row')).code, -32602);
  });

  it('hears that its model does not read two texts', async () => {
    const where = { textDocument, token: 1 };
    const ofTwo: [method: string, params: unknown][] = [
      ['row', { ...where, stack: 'decoder' }],
      ['row', { ...where, stack: 'cross' }],
      ['row', { ...where, stack: 'cross', source: { uri } }],
    ];
    for (const [method, params] of ofTwo) {
      const { code, data, message } = await failure(`attentionLens/${method}`, params);
      assert.equal(code, -32803, `${method} ${JSON.stringify(params)}: ${message}`);
      assert.equal(data?.reason, 'notInThisModel');
    }
  });

  it('hears that a method is unknown', async () => {
    assert.equal((await failure('attentionLens/makeCoffee', {})).code, -32601);
    assert.equal((await failure('textDocument/rename', {})).code, -32601);
  });

  it('cannot disturb by notifications', async () => {
    const nonsense: [method: string, params: unknown][] = [
      ['textDocument/didOpen', {}],
      ['textDocument/didOpen', { textDocument: { uri: 'file:///b', version: 1, text: 5 } }],
      ['textDocument/didChange', { textDocument, contentChanges: [] }],
      ['textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{}] }],
      ['textDocument/didChange', { textDocument: { uri: 'no', version: 2 }, contentChanges: [] }],
      ['textDocument/didClose', { textDocument: { uri: 'file:///closed' } }],
      ['attentionLens/didChangeView', { cursor: 'here' }],
      ['attentionLens/didChangeView', { textDocument, cursor: { line: 99, character: 99 } }],
      ['workspace/didChangeConfiguration', 'loud'],
      ['made/up', { text: 'secret' }],
    ];
    for (const [method, params] of nonsense)
      await client.connection.sendNotification(method, params);
    assert.ok(await client.hover(uri, 0, 1));
    assert.ok(client.log.some((line) => line.includes('textDocument/didOpen')));
  });

  it('may change text outside of the document', async () => {
    const far = { line: 1e6, character: 1e6 };
    const change = { range: { start: far, end: { line: 0, character: 0 } }, text: 'All new.\r\rX' };
    await client.change(uri, 2, [change]);
    await client.change(uri, 3, [{ range: { start: far, end: far }, text: '\nmore' }]);
    const { tokens } = await client.request('attentionLens/tokens', { textDocument });
    assert.deepEqual(
      tokens.map(({ text, range }) => [text, range?.start.line]),
      [
        ['[CLS]', undefined],
        ['all', 0],
        ['new', 0],
        ['.', 0],
        ['x', 2],
        ['more', 3],
        ['[SEP]', undefined],
      ],
    );
  });

  it('never finds its text in the log', async () => {
    const secret = 'topsecretword';
    await client.open('file:///secret', `A ${secret} here.`);
    await client.hover('file:///secret', 0, 4);
    await client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: 'file:///secret' },
      contentChanges: [{ text: secret, range: 5 }],
    });
    // Neither a request nor a notification nor an answer.
    client.process?.stdin?.write(frame(JSON.stringify({ jsonrpc: '2.0', text: secret })));
    client.process?.stdin?.write(frame(`{ "broken": "${secret}`));
    await client.request('attentionLens/status', {});
    assert.ok(client.log.length > 0);
    assert.ok(!client.log.some((line) => line.includes(secret)), client.log.join('\n'));
  });
});

function frame(body: string): string {
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
