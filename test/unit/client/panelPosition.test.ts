import assert from 'node:assert/strict';
import { ChannelError } from '../../../channel/channel';
import { STALE } from '../../../webview/protocol';
import { CHAPTER, READY, settled, Stage } from './panelFakes';
import { INITIAL_SELECTION } from '../../../server/protocol';

const OFF = { mode: 'off' as const };

describe("the panel's host and position", () => {
  it('passes on the numbers of position as typed arrays', async () => {
    const { page, state, server } = await new Stage().ready();
    const { generation } = state;
    const position = await page.request('position', {
      generation,
      token: 2,
      layer: 1,
      encoding: OFF,
    });
    assert.deepEqual([...(position.matrix ?? [])], [0.5, -0.5]);
    assert.equal(position.matrix?.buffer.byteLength, 8);
    assert.deepEqual([...(position.similarity?.mean ?? [])], [1]);
    assert.equal(position.wavelengths, null);
    assert.deepEqual(position.positionIds, [3]);
    assert.equal(position.token, 2);
    const { params } = server.asked.at(-1)!;
    assert.deepEqual(params, {
      textDocument: { uri: 'file:///a.txt' },
      position: { line: 0, character: 0 },
      token: 2,
      layer: 1,
      encoding: OFF,
    });
  });

  it('says nothing of a token where none is meant', async () => {
    const { page, state } = await new Stage().ready();
    const { generation } = state;
    const position = await page.request('position', {
      generation,
      token: null,
      layer: 0,
      encoding: null,
    });
    assert.deepEqual(
      [position.token, position.tokenPosition, position.angles, position.formula],
      [null, null, null, null],
    );
  });

  it('passes on effect, share and stages', async () => {
    const { page, state } = await new Stage().ready();
    const { generation } = state;
    const effect = await page.request('positionEffect', { generation, encoding: OFF });
    assert.deepEqual([...effect.totalVariation], [0.25, 0.5]);
    const pair = { layer: 0, head: 0, query: 1, key: 2 };
    const share = await page.request('positionShare', { generation, ...pair });
    assert.deepEqual([share.method, share.position, share.content], ['nineTerms', 1, 2]);
    const asked = { generation, token: 1, key: 0, encoding: null };
    const { stages, pair: arithmetic } = await page.request('stages', asked);
    assert.deepEqual([...(stages[0]?.tensors[0]?.values ?? [])], [1, 2]);
    assert.equal(arithmetic?.heads[0]?.contribution.length, 2);
    assert.equal(arithmetic.heads[0].scaled, null);
  });

  it('refuses what is asked about a text that is not that one any more', async () => {
    const stage = await new Stage().ready();
    const { generation } = stage.state;
    stage.host.edited('file:///a.txt', 2);
    for (const asked of [
      stage.page.request('position', { generation, token: null, layer: 0, encoding: null }),
      stage.page.request('positionEffect', { generation, encoding: OFF }),
      stage.page.request('stages', { generation, token: 0, key: null, encoding: null }),
    ])
      await assert.rejects(asked, (error) => ChannelError.is(error, STALE));
  });
});

describe("the panel's controls", () => {
  it('change the Chapter model and leave the selection as it is', async () => {
    const stage = await new Stage().ready();
    const selection = {
      ...INITIAL_SELECTION,
      layer: 0,
      head: 1,
      reading: 'raw' as const,
      encoding: OFF,
    };
    stage.server.tell({ ...READY, selection, chapter: CHAPTER });
    await settled();
    assert.deepEqual(stage.state.chapter, CHAPTER);
    await stage.page.request('setChapter', { heads: 2 });
    const { method, params } = stage.server.asked.at(-1)!;
    assert.equal(method, 'attentionLens/setSelection');
    assert.deepEqual(params, { chapter: { heads: 2 } });
  });

  it('choose a model', async () => {
    const { page, server } = await new Stage().ready();
    await page.request('selectModel', { model: 'chapter' });
    assert.deepEqual(server.asked.at(-1), {
      method: 'attentionLens/selectModel',
      params: { model: 'chapter' },
    });
  });

  it('save a matrix, or say why not', async () => {
    const stage = await new Stage().ready();
    const file = { kind: 'csv' as const, name: 'position', bytes: Uint8Array.of(49, 10) };
    let saved: unknown;
    stage.save = (given) => ((saved = given), Promise.resolve(true));
    assert.deepEqual(await stage.page.request('saveFile', file), { saved: true });
    assert.deepEqual(saved, file);
    stage.save = () => Promise.resolve(false);
    assert.deepEqual(await stage.page.request('saveFile', file), { saved: false });
    stage.save = () => Promise.reject(new Error('The disk is full.'));
    await assert.rejects(stage.page.request('saveFile', file), {
      reason: 'notSaved',
      message: 'The file could not be saved: The disk is full.',
    });
  });
});

describe('a view that a command wants', () => {
  const errata = { view: 'chapter' as const, page: 'errata' as const };

  it('is shown at once, or as soon as the page has introduced itself', async () => {
    const stage = new Stage();
    stage.host.turnTo(errata);
    await stage.ready();
    await stage.quiet();
    assert.deepEqual(stage.shown, [errata]);
    stage.host.turnTo({ view: 'position' });
    await settled();
    assert.deepEqual(stage.shown, [errata, { view: 'position' }]);
  });

  it('waits for a hidden page to come back, and is shown once', async () => {
    const stage = await new Stage().ready();
    stage.host.leave();
    stage.host.turnTo(errata);
    for (const load of ['first', 'second']) {
      await stage.load(load);
      await stage.quiet();
    }
    assert.deepEqual(stage.shown, [errata]);
  });
});
