import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import { ENCODINGS, SIMILARITIES, type ChapterSettings } from '../../server/chapter/controls';
import { INITIAL_SELECTION } from '../../server/protocol';
import { assertClose, DEFAULTS, TEXT, TOKENS, valuesOf } from './chapterAnswers';
import { start, type Client } from './client';

const uri = 'file:///story.txt';
const textDocument = { uri };

describe("the Chapter model's controls", function () {
  this.timeout(240_000);
  let client: Client;
  before(async () => {
    client = await start({ initialize: { initializationOptions: { model: 'chapter' } } });
    await client.open(uri, TEXT);
  });
  after(() => client.stop());

  const setChapter = (chapter: Partial<ChapterSettings>) =>
    client.request('attentionLens/setSelection', { chapter });
  const stages = (token: number, key?: number) =>
    client.request('attentionLens/stages', { textDocument, token, key });

  it('follows every control within one pass, and its hash with it', async () => {
    const hashes = new Set<string>();
    for (const similarity of SIMILARITIES)
      for (const encoding of ENCODINGS) {
        const { chapter } = await setChapter({ similarity, encoding, heads: 4 });
        assert.deepEqual(chapter, { ...DEFAULTS, similarity, encoding, heads: 4 });
        const row = await client.request('attentionLens/row', { textDocument, token: 3, head: 3 });
        hashes.add(row.model);
        assertClose(
          decodeNumbers(row.weights).reduce((total, weight) => total + weight, 0),
          1,
        );
        const { position } = (await client.request('attentionLens/tokens', { textDocument })).model;
        assert.equal(position.kind, encoding);
        const found = await stages(3);
        const own = decodeNumbers(row.weights);
        const weights = valuesOf(found, 'layer.0.weights').subarray(3 * TOKENS, 4 * TOKENS);
        weights.forEach((weight, at) => assertClose(own[at], weight));
      }
    assert.equal(hashes.size, SIMILARITIES.length * ENCODINGS.length);
    await setChapter(DEFAULTS);
  });

  it('keeps the selection when controls come alone, as far as it fits', async () => {
    const select = { head: 6, reading: 'withoutSink' as const, encoding: { mode: 'off' as const } };
    await client.request('attentionLens/setSelection', select);
    const same = await setChapter({ scale: 2 });
    assert.deepEqual(same.selection, { ...INITIAL_SELECTION, ...select });
    const fewer = await setChapter({ heads: 2 });
    assert.deepEqual(fewer.selection, { ...INITIAL_SELECTION, ...select, head: null });
    const none = await setChapter({ encoding: 'none' });
    assert.equal(none.selection.encoding, null);
    await client.request('attentionLens/setSelection', { chapter: DEFAULTS, layer: null });
  });

  it('answers with the newest of many changes made at once', async () => {
    const scales = [1.1, 1.2, 1.3, 1.4, 1.5];
    const answers = await Promise.all(scales.map((scale) => setChapter({ scale })));
    for (const { chapter } of answers.slice(-1)) assert.equal(chapter?.scale, 1.5);
    assert.equal((await client.request('attentionLens/status', {})).chapter?.scale, 1.5);
    const { scheme } = await client.request('attentionLens/position', { textDocument });
    assert.ok(scheme.kind === 'sinusoidal');
    assert.equal(scheme.scale, 1.5);
    await setChapter(DEFAULTS);
  });

  it('is named by the hover with its controls', async () => {
    await setChapter({ encoding: 'alibi', causal: true });
    const text = (await client.hover(uri, 0, 6))?.contents.value ?? '';
    assert.match(
      text,
      /\nChapter model: scaled dot, ALiBi, causal$|\nChapter model: .*ALiBi, causal/,
    );
    await setChapter(DEFAULTS);
  });

  it('refuses controls that there are not, naming them', async () => {
    for (const [chapter, message] of [
      [{ heads: 3 }, /"heads" cannot be 3/],
      [{ scale: 0 }, /scale must be a number above 0/],
      [{ scale: -1 }, /scale must be a number above 0, but -1 was given/],
      [{ scale: NaN }, /scale must be a number above 0/],
      [{ scale: '2' }, /scale must be a number above 0/],
      [{ scale: 1e39 }, /scale must be at most 1000, but 1e\+39 was given/],
      [{ scale: 1e39, scaleVariant: 'chapter' }, /scale must be at most 1000/],
      [{ encoding: 'spiral' }, /"encoding" cannot be "spiral"/],
      ['rope', /settings as an object/],
    ] as [unknown, RegExp][]) {
      const set = client.connection.sendRequest('attentionLens/setSelection', { chapter });
      await assert.rejects(set, (error: { code: number; message: string; data: object }) => {
        assert.equal(error.code, -32602);
        assert.deepEqual(error.data, { field: 'chapter' });
        assert.match(error.message, message);
        return true;
      });
    }
    const status = await client.request('attentionLens/status', {});
    assert.deepEqual(status.chapter, DEFAULTS);
  });
});
