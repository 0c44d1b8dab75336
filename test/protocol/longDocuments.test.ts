import assert from 'node:assert/strict';
import type { DocumentMapResult } from '../../server/protocol';
import { start, type Client } from './client';

const uri = 'file:///long.txt';
const textDocument = { uri };
const SENTENCE = 'The keeper of the lighthouse wrote down what the sea had said. ';
const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

const floats = (numbers: string): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(numbers, 'base64')).buffer);
const bytes = (numbers: string): number[] => [...Buffer.from(numbers, 'base64')];

/** Sentences that differ, so that no two windows have the same tokens. */
function story(sentences: number): string {
  return Array.from({ length: sentences }, (_, at) => `On day ${at} ${SENTENCE}`).join('');
}

/** `windows` of a map that are analysed. */
const known = ({ windows }: DocumentMapResult): number =>
  windows.filter(({ analysed }) => analysed).length;

describe('long documents', function () {
  this.timeout(240_000);
  let client: Client;
  const begin = async (initializationOptions: unknown): Promise<void> => {
    client = await start({ initialize: { initializationOptions } });
    await client.status(({ state }) => state === 'ready');
  };
  const hoverText = async (line: number, character: number): Promise<string> =>
    (await client.hover(uri, line, character))?.contents.value ?? '';
  afterEach(async () => assert.equal(await client.stop(), 0));

  it('have a map, which for a short one is the weights themselves', async () => {
    await begin({ background: false });
    await client.open(uri, 'The keeper lit the lamps, and the lamps lit the sea.');
    const head = { layer: 3, head: 5 };
    const whole = await client.request('attentionLens/map', { textDocument, ...head });
    // The answer about one layer comes before the window is analysed as a whole.
    await client.status(({ documents }) => documents[0]?.analysed === 1);
    const band = await client.request('attentionLens/documentMap', {
      textDocument,
      ...head,
      size: 100,
    });
    const weights = floats(whole.values);
    const values = floats(band.values);
    assert.equal(band.tokens, whole.rows - 2);
    assert.equal(band.width, 2 * band.tokens - 1);
    assert.ok(bytes(band.analysed).every((share) => share === 255));
    for (let query = 0; query < band.tokens; query++) {
      for (let key = 0; key < band.tokens; key++) {
        const weight = weights[(query + 1) * whole.columns + key + 1] ?? NaN;
        const value = values[query * band.width + key - query + band.tokens - 1] ?? NaN;
        assert.ok(Math.abs(weight - value) < 1e-6, `${query} → ${key}: ${value} is not ${weight}`);
      }
    }
  });

  it('are analysed on when nobody asks for anything, and their map fills in', async () => {
    await begin({});
    await client.open(uri, story(50));
    const before = await client.request('attentionLens/documentMap', { textDocument, size: 20 });
    const count = before.windows.length;
    assert.ok(count >= 2);
    await client.status(({ documents }) => documents[0]?.analysed === count);
    const map = await client.request('attentionLens/documentMap', { textDocument, size: 20 });
    assert.equal(known(map), count);
    assert.ok(bytes(map.analysed).every((share) => share === 255));
    const values = floats(map.values);
    for (let cell = 0; cell < map.size; cell++) {
      const row = values.subarray(cell * map.width, (cell + 1) * map.width);
      const sum = row.reduce((total, value) => total + value, 0);
      assert.ok(sum > 0.1 && sum < 1, `cell ${cell} pays ${sum}`);
    }
  });

  it('say how much context a token has, where there are several windows', async () => {
    await begin({ background: false });
    await client.open(uri, SENTENCE.repeat(120));
    const position = { line: 0, character: 60 * SENTENCE.length };
    const row = await client.request('attentionLens/row', { textDocument, position, layer: 0 });
    const [before, after] = row.context;
    assert.equal(before + after + 1, 510);
    assert.ok(Math.min(before, after) >= 95, row.context.join());
    const pattern = new RegExp(`it has ${before} tokens before this one and ${after} after`);
    assert.match(await hoverText(0, position.character), pattern);
  });

  it('that grow past the limit while they are analysed are analysed around the cursor', async () => {
    await begin({ maxDocumentLength: 1000, background: false });
    await client.open(uri, SENTENCE.repeat(10));
    const early = hoverText(0, 5);
    await client.change(uri, 2, [{ range: top, text: SENTENCE.repeat(100) }]);
    assert.match(await early, /the document is too long: 1000 characters/);
    const end = 109 * SENTENCE.length + 5;
    assert.match(await hoverText(0, end), /`keeper`.*the document is too long/s);
    const removed = { start: top.start, end: { line: 0, character: 100 * SENTENCE.length } };
    await client.change(uri, 3, [{ range: removed, text: '' }]);
    assert.doesNotMatch(await hoverText(0, 5), /too long/);
  });

  it('are read where memory holds one window only', async () => {
    await begin({ engine: { memoryLimit: 16 } });
    const text = story(100);
    await client.open(uri, text);
    for (const day of [0, 90, 0, 50]) {
      const character = text.indexOf(`On day ${day} `) + 'On day 00 The k'.length;
      assert.match(await hoverText(0, character), /`keeper`/);
    }
    const map = await client.request('attentionLens/documentMap', { textDocument });
    assert.ok(map.windows.length > 3);
    assert.equal(known(map), 1);
  });

  it('may be empty, then huge, then empty', async () => {
    await begin({});
    await client.open(uri, '');
    assert.equal(await client.hover(uri, 0, 0), null);
    await client.change(uri, 2, [{ text: SENTENCE.repeat(20_000) }]);
    const inside = hoverText(0, 5);
    assert.match(await inside, /`keeper`/);
    const late = client.hover(uri, 0, 600_000);
    await client.change(uri, 3, [{ text: '' }]);
    assert.equal(await late, null);
    const map = await client.request('attentionLens/documentMap', { textDocument });
    assert.deepEqual([map.version, map.tokens, map.values], [3, 0, '']);
    const { tokens } = await client.request('attentionLens/tokens', { textDocument });
    assert.equal(tokens.length, 2);
  });

  it('keep their places when line ends change', async () => {
    await begin({ background: false });
    const lines = Array.from({ length: 80 }, (_, line) => `${line} ${SENTENCE.trim()}`);
    await client.open(uri, lines.join('\n'));
    const place = { line: 70, character: lines[70]?.indexOf('keeper') ?? 0 };
    const rangeNow = async (): Promise<unknown> =>
      (await client.hover(uri, place.line, place.character))?.range;
    const range = { start: place, end: { ...place, character: place.character + 6 } };
    assert.deepEqual(await rangeNow(), range);
    await client.change(uri, 2, [{ text: lines.join('\r\n') }]);
    assert.deepEqual(await rangeNow(), range);
    await client.change(uri, 3, [{ text: lines.join('\n') }]);
    assert.deepEqual(await rangeNow(), range);
  });

  it('with the same text share what is computed', async () => {
    await begin({ background: false });
    const other = { uri: 'file:///other.txt' };
    await client.open(uri, SENTENCE.repeat(12));
    await client.open(other.uri, SENTENCE.repeat(12));
    const row = await client.request('attentionLens/row', { textDocument, token: 3 });
    // Not asked for yet, but held: its map needs no analysis.
    const map = await client.request('attentionLens/documentMap', { textDocument: other });
    assert.equal(known(map), 1);
    const same = await client.request('attentionLens/row', { textDocument: other, token: 3 });
    assert.equal(same.weights, row.weights);
    await client.connection.sendNotification('textDocument/didClose', { textDocument });
    assert.ok(await client.hover(other.uri, 0, 5));
  });
});
