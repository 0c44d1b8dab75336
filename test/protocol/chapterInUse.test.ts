import assert from 'node:assert/strict';
import type { ChapterSettings } from '../../server/chapter/controls';
import { TEXT } from './chapterAnswers';
import { start, type Client } from './client';

const uri = 'file:///story.txt';
const textDocument = { uri };

describe('the Chapter model in use', function () {
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

  it('comes and goes with the setting', async () => {
    const set = (settings: unknown): Promise<void> =>
      client.connection.sendNotification('workspace/didChangeConfiguration', { settings });
    await set({ attentionLens: { model: 'bundled' } });
    await client.status(({ model }) => model?.id === 'bundled');
    client.notifications.length = 0;
    await set({ attentionLens: { model: 'chapter' } });
    await client.status(({ model }) => model?.id === 'chapter');
  });

  it('gives way to the bundled model, which has no controls and no stages', async () => {
    await client.request('attentionLens/selectModel', { model: 'bundled' });
    assert.equal((await client.request('attentionLens/status', {})).chapter, null);
    await assert.rejects(setChapter({ heads: 2 }), { data: { reason: 'notInThisModel' } });
    await assert.rejects(stages(1), { data: { reason: 'notInThisModel' } });
    const { model } = await client.request('attentionLens/selectModel', { model: 'chapter' });
    assert.equal(model.id, 'chapter');
  });
});

describe('a model that is chosen while another is loading', function () {
  this.timeout(120_000);

  it('is the one that answers', async () => {
    for (const pause of [0, 1, 2]) {
      const client = await start();
      await client.open(uri, TEXT);
      for (let turn = 0; turn < pause; turn++) await client.request('attentionLens/status', {});
      const chosen = client.request('attentionLens/selectModel', { model: 'chapter' });
      const early = client.hover(uri, 0, 6);
      const { model } = await chosen;
      assert.match((await early)?.contents.value ?? '', /^\*\*`keeper`\*\*/);
      const found = await client.request('attentionLens/stages', { textDocument, token: 2 });
      assert.equal(found.model, model.hash);
      const hover = await client.hover(uri, 0, 6);
      assert.match(hover?.contents.value ?? '', /Chapter model: scaled dot, sinusoidal/);
      assert.equal(await client.stop(), 0);
    }
  });
});
