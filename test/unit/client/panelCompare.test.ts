import assert from 'node:assert/strict';
import { ChannelError } from '../../../channel/channel';
import { INITIAL_SELECTION } from '../../../server/protocol';
import { STALE } from '../../../webview/protocol';
import { Stage } from './panelFakes';

const SAVED = { kind: 'saved' } as const;
const SAVED_URI = 'saved:file:///a.txt';
const selection = { ...INITIAL_SELECTION };

describe("the panel's host and other texts", () => {
  async function stage() {
    const ready = await new Stage().ready();
    ready.editors.documents.set(SAVED_URI, 1);
    return { ...ready, stage: ready, generation: ready.state.generation };
  }

  it('lists what there is beside the document shown', async () => {
    const { page, generation } = await stage();
    const { documents, saved, head } = await page.request('comparable', { generation });
    assert.deepEqual(documents, [{ uri: 'file:///other.txt', name: 'other.txt' }]);
    assert.deepEqual([saved, head], [null, 'Not committed.']);
  });

  it('asks the server about a text where the editor has it open, in the window shown', async () => {
    const { page, server, generation } = await stage();
    const tokens = await page.request('comparedTokens', { generation, text: SAVED });
    assert.equal(tokens.keys.length, tokens.texts.length);
    const where = {
      textDocument: { uri: SAVED_URI },
      position: { line: 0, character: 0 },
    };
    assert.deepEqual(server.asked.at(-1), { method: 'attentionLens/tokens', params: where });
    const part = {
      selection,
      queries: [0, 2] as [number, number],
      keys: [0, 3] as [number, number],
    };
    await page.request('comparedRegion', { generation, text: SAVED, version: 1, ...part });
    const { method, params } = server.asked.at(-1)!;
    assert.equal(method, 'attentionLens/map');
    assert.deepEqual(params, {
      ...where,
      ...selection,
      queries: [0, 2],
      keys: [0, 3],
      size: { rows: 2, columns: 3 },
    });
  });

  it('asks how far heads are apart, each side with its own position', async () => {
    const { page, server, generation } = await stage();
    const answer = await page.request('comparedHeads', {
      generation,
      sides: [
        { text: { kind: 'shown' }, encoding: null },
        { text: SAVED, encoding: { mode: 'off' } },
      ],
    });
    assert.deepEqual([...answer.totalVariation], [0.125, 0.5]);
    assert.deepEqual(server.asked.at(-1)?.params, {
      textDocument: { uri: 'file:///a.txt' },
      position: { line: 0, character: 0 },
      encoding: null,
      other: {
        textDocument: { uri: SAVED_URI },
        position: { line: 0, character: 0 },
        encoding: { mode: 'off' },
      },
    });
  });

  it('says why a text cannot be had', async () => {
    const { page, editors, generation } = await stage();
    const refused = (text: 'saved' | 'head', message: string) =>
      assert.rejects(page.request('comparedTokens', { generation, text: { kind: text } }), {
        name: 'ChannelError',
        message,
      });
    await refused('head', 'Not committed.');
    editors.documents.delete(SAVED_URI);
    await refused('saved', 'The document is not there any more. Choose another one.');
  });

  it('does not mix two versions of a text, and tells the page when one changed', async () => {
    const { page, server, generation, stage: ready } = await stage();
    let told = 0;
    page.on('texts', () => told++);
    await page.request('comparedTokens', { generation, text: SAVED });
    ready.host.edited('file:///unrelated.txt', 2);
    await ready.quiet();
    assert.equal(told, 0);
    server.version = 2;
    ready.host.edited(SAVED_URI, 2);
    await ready.quiet();
    assert.equal(told, 1);
    const asked = { generation, text: SAVED, version: 1, selection };
    await assert.rejects(
      page.request('comparedRegion', { ...asked, queries: [0, 1], keys: [0, 1] }),
      (error) => error instanceof ChannelError && error.reason === STALE,
    );
  });
});
