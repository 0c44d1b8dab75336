import assert from 'node:assert/strict';
import { start, type Client } from './client';

const MAX_HOVER_BYTES = 4096;

describe('unusual documents', function () {
  this.timeout(120_000);
  let client: Client;
  let documents = 0;
  before(async () => {
    client = await start();
    await client.status(({ state }) => state === 'ready');
  });
  after(async () => assert.equal(await client.stop(), 0));

  async function open(text: string): Promise<string> {
    const uri = `untitled:${documents++}`;
    await client.open(uri, text);
    return uri;
  }

  it('without any token have just the template', async () => {
    for (const text of ['', '   ', '\n\r\n\r\t']) {
      const uri = await open(text);
      const textDocument = { uri };
      assert.equal(await client.hover(uri, 0, 0), null);
      const { total, window } = await client.request('attentionLens/tokens', { textDocument });
      assert.equal(total, 2);
      assert.deepEqual([window.index, window.count], [0, 1]);
      const overview = await client.request('attentionLens/overview', { textDocument });
      assert.equal(overview.size, 2);
      assert.equal((await client.request('attentionLens/map', { textDocument })).rows, 2);
    }
  });

  it('of one token have a hover', async () => {
    const uri = await open('word');
    const hover = await client.hover(uri, 0, 4);
    assert.match(hover?.contents.value ?? '', /^\*\*`word`\*\* · token 1 of 3 · /);
  });

  it('with broken characters keep whole characters apart', async () => {
    const text = 'a \ud800 b \udc00 \u{1f600}c \u0000 \ufffe d';
    const uri = await open(text);
    const { tokens } = await client.request('attentionLens/tokens', { textDocument: { uri } });
    for (const { range } of tokens) {
      if (!range) continue;
      for (const at of [range.start.character, range.end.character]) {
        const pair = text.slice(at - 1, at + 1);
        assert.ok(!/^[\ud800-\udbff][\udc00-\udfff]$/.test(pair), `cut at ${at}`);
      }
    }
    for (let character = 0; character <= text.length; character++)
      await client.hover(uri, 0, character);
  });

  it('of one line of a million characters are served at both ends', async () => {
    const uri = await open('lighthouse '.repeat(90_910));
    const first = await client.hover(uri, 0, 3);
    assert.match(first?.contents.value ?? '', /`lighthouse`/);
    const last = await client.hover(uri, 0, 1_000_000);
    assert.equal(last?.range.end.character, 1_000_009);
    const uncut = await open('x'.repeat(1_000_000));
    const hover = await client.hover(uncut, 0, 500_000);
    assert.ok(Buffer.byteLength(hover?.contents.value ?? '') < MAX_HOVER_BYTES);
    assert.match(hover?.contents.value ?? '', /`x{24}…`/);
  });

  it('of many windows are served from the one that owns the place', async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, line) => `Line ${line} says number ${line * 7}.`,
    );
    const uri = await open(lines.join('\r\n'));
    let last = -1;
    for (const line of [0, 700, 1500, 2999]) {
      const position = { line, character: 2 };
      const answer = await client.request('attentionLens/tokens', {
        textDocument: { uri },
        position,
      });
      assert.equal(answer.total, 512);
      assert.ok(answer.window.index > last);
      last = answer.window.index;
      const at = answer.tokens.findIndex(({ range }) => range?.start.line === line);
      assert.ok(at > 0);
      if (line === 700 || line === 1500) assert.ok(at > 128 && at < 384, `token ${at}`);
    }
    const whole = await client.status(({ documents: [...all] }) =>
      all.some((document) => document.uri === uri && document.windows !== null),
    );
    const document = whole.documents.find((candidate) => candidate.uri === uri);
    assert.equal(document?.windows, last + 1);
    const hover = await client.hover(uri, 1500, 2);
    assert.match(hover?.contents.value ?? '', /window \d+ of \d+/);
    assert.equal(hover?.range.start.line, 1500);
  });

  it('cannot put anything but text into a hover', async () => {
    const text = '[x](command:evil) <img src=x> `code` | a | $(alert) **b** \u202eabc https://x.y';
    const uri = await open(text);
    for (let character = 0; character < text.length; character++) {
      const value = (await client.hover(uri, 0, character))?.contents.value ?? '';
      assert.ok(Buffer.byteLength(value) <= MAX_HOVER_BYTES);
      const outside = value.replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
      assert.ok(!/[<[\]$]|command:|https?:|\u202e/.test(outside), outside);
    }
  });

  it('that are too long are served around the place, and the hover says so', async () => {
    const initializationOptions = { maxDocumentLength: 20_000 };
    const limited = await start({ initialize: { initializationOptions } });
    const uri = 'file:///long';
    await limited.open(uri, 'A rather long line of words.\n'.repeat(100_000));
    for (const line of [0, 50_000, 99_999]) {
      const hover = await limited.hover(uri, line, 3);
      assert.match(hover?.contents.value ?? '', /the document is too long: \d+ characters/);
      assert.equal(hover?.range.start.line, line);
    }
    assert.equal(await limited.stop(), 0);
  });
});
