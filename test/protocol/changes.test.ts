import assert from 'node:assert/strict';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { start, type Client } from './client';

const uri = 'file:///a.txt';
const textDocument = { uri };
const LONG = 'The keeper of the lighthouse wrote down what the sea had said. '.repeat(300);

const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

describe('a document that changes', function () {
  this.timeout(120_000);
  let client: Client;
  beforeEach(async () => {
    client = await start();
    await client.status(({ state }) => state === 'ready');
    await client.open(uri, LONG);
  });
  afterEach(async () => assert.equal(await client.stop(), 0));

  it('is answered about in its newest version or not at all', async () => {
    const answers: Promise<unknown>[] = [];
    for (let version = 2; version < 30; version++) {
      answers.push(
        client.request('attentionLens/row', { textDocument, token: 1 }).then(
          (row) => row.version,
          (error: { code: number }) => error.code,
        ),
      );
      await client.change(uri, version, [{ range: top, text: `${version} ` }]);
    }
    const last = client.request('attentionLens/row', { textDocument, token: 1 });
    assert.equal((await last).version, 29);
    for (const [index, answer] of (await Promise.all(answers)).entries())
      assert.ok(answer === -32801 || answer === index + 1, String(answer));
  });

  it('keeps its server alive through 200 edits in a row, and hovers show the last one', async () => {
    const early = client.hover(uri, 0, 1);
    for (let edit = 1; edit <= 200; edit++)
      await client.change(uri, 1 + edit, [{ range: top, text: `w${edit} ` }]);
    const hover = await client.hover(uri, 0, 1);
    assert.match(hover?.contents.value ?? '', /^\*\*`w200`\*\*/);
    assert.match((await early)?.contents.value ?? '', /^\*\*`w200`\*\*/);
    await client.status(({ documents }) => documents[0]?.version === 201);
    const news = client.notifications.filter(({ method }) => method.endsWith('didChangeState'));
    assert.ok(news.length < 100, `${news.length} notifications`);
  });

  it('can be closed while it is analysed', async () => {
    const refused = [
      client.hover(uri, 0, 1),
      client.request('attentionLens/overview', { textDocument }),
    ].map((answer) => assert.rejects(answer, { code: -32801 }));
    await client.connection.sendNotification('textDocument/didClose', { textDocument });
    await Promise.all(refused);
    await assert.rejects(client.hover(uri, 0, 1), { code: -32602 });
    await client.open(uri, 'Open again.');
    assert.ok(await client.hover(uri, 0, 1));
  });

  it('answers a cancelled request with RequestCancelled, and others go on', async () => {
    const source = new CancellationTokenSource();
    const overview = client.request('attentionLens/overview', { textDocument }, source.token);
    const row = client.request('attentionLens/row', { textDocument, token: 1 });
    source.cancel();
    await assert.rejects(overview, { code: -32800 });
    assert.equal((await row).token, 1);
  });

  it('answers status and known hovers while it is analysed', async () => {
    await client.hover(uri, 0, 1);
    let finished = false;
    const position = { line: 0, character: LONG.length };
    const overview = client
      .request('attentionLens/overview', { textDocument, position })
      .then(() => (finished = true));
    await client.request('attentionLens/status', {});
    assert.equal(finished, false);
    await client.request('attentionLens/tokens', { textDocument });
    assert.equal(finished, false);
    await overview;
  });
});
