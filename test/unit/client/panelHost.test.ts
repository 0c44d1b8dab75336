import assert from 'node:assert/strict';
import { ChannelError } from '../../../channel/channel';
import { ServerFailure } from '../../../client/connection/failure';
import { INITIAL_SELECTION, type Position, type Selection } from '../../../server/protocol';
import { STALE } from '../../../webview/protocol';
import { READY, settled, Stage, view } from './panelFakes';

const RAW: Selection = INITIAL_SELECTION;
const A = 'file:///a.txt';
const B = 'file:///b.txt';

describe("the panel's host", () => {
  it('introduces the page to what the editor shows', async () => {
    const stage = new Stage();
    const { state, strings } = await stage.load();
    assert.deepEqual(strings, { word: 'Wort' });
    assert.equal(state.document?.uri, A);
    assert.deepEqual(state.selection, { ...RAW, layer: 1 });
    assert.equal(state.stale, false);
  });

  it('says when there is nothing to look at', async () => {
    const stage = new Stage();
    stage.editors.active = null;
    const { state } = await stage.load();
    assert.equal(state.document, null);
    await assert.rejects(stage.page.request('tokens', { generation: state.generation }), (error) =>
      ChannelError.is(error, STALE),
    );
  });

  it('answers with typed arrays of exactly their size', async () => {
    const { page, state } = await new Stage().ready();
    const { generation } = state;
    const row = await page.request('row', {
      generation,
      selection: RAW,
      token: 1,
      direction: 'reads',
    });
    assert.deepEqual([...row.weights], [0.25, 0.75]);
    assert.equal(row.weights.buffer.byteLength, 8);
    const region = await page.request('region', {
      generation,
      selection: RAW,
      queries: [0, 1],
      keys: [0, 2],
      rows: 1,
      columns: 2,
      pool: 'max',
    });
    assert.deepEqual([...region.values], [0.5, 0.5]);
    const overview = await page.request('overview', {
      generation,
      reading: 'raw',
      encoding: null,
      size: 16,
    });
    assert.deepEqual([...overview.thumbnails], [255]);
    const found = await page.request('statistics', {
      generation,
      encoding: null,
      scope: 'window',
      within: null,
      fill: false,
    });
    assert.deepEqual([...(found.statistics.self ?? [])], [0.25, 0.5]);
    assert.equal(found.even.induction, null);
    const tokens = await page.request('tokens', { generation });
    assert.deepEqual(tokens.special, [0, 11]);
    assert.equal(tokens.texts[1], 't0');
  });

  it('hands over the text that the tokens were taken from, and no other', async () => {
    const stage = await new Stage().ready();
    const { page, state } = stage;
    const { generation } = state;
    const early = page.request('text', { generation });
    await assert.rejects(early, (error) => ChannelError.is(error, STALE));
    await page.request('tokens', { generation });
    stage.editors.written = '0123456789';
    assert.deepEqual(await page.request('text', { generation }), {
      generation,
      text: '0123456789',
    });
    stage.editors.documents.set(A, 2);
    await assert.rejects(page.request('text', { generation }), (error) =>
      ChannelError.is(error, STALE),
    );
  });

  it('shows progress while the window is analysed', async () => {
    const stage = new Stage();
    let open = (): void => undefined;
    stage.server.status = READY;
    stage.server.gate = new Promise((resolve) => (open = resolve));
    await stage.load();
    await settled();
    stage.server.progress?.(0.5);
    await settled();
    assert.equal(stage.state.progress, 0.5);
    open();
    await settled();
    assert.equal(stage.state.progress, null);
  });

  it('keeps the picture, marked as old, until the new text is analysed', async () => {
    const stage = await new Stage().ready();
    const { generation } = stage.state;
    stage.editors.documents.set(A, 2);
    stage.server.version = 2;
    stage.host.edited(A, 2);
    await settled();
    assert.equal(stage.state.stale, true);
    assert.equal(stage.state.generation, generation);
    await assert.rejects(stage.page.request('tokens', { generation }), (error) =>
      ChannelError.is(error, STALE),
    );
    await stage.quiet();
    assert.equal(stage.state.stale, false);
    assert.equal(stage.state.generation, generation + 1);
    assert.equal(stage.state.document?.version, 2);
  });

  it('never lets an answer about another version pass', async () => {
    const stage = await new Stage().ready();
    stage.server.version = 7;
    await assert.rejects(
      stage.page.request('tokens', { generation: stage.state.generation }),
      (error) => ChannelError.is(error, STALE),
    );
  });

  it('asks again when the document changed while the server computed', async () => {
    const stage = await new Stage().ready();
    stage.server.failure = new ServerFailure('stale', 'Changed.');
    const before = stage.server.asked.length;
    await assert.rejects(stage.page.request('tokens', { generation: stage.state.generation }));
    assert.equal(stage.server.asked.length - before, 3);
  });

  it('follows the editor and keeps the last document when there is none', async () => {
    const stage = await new Stage().ready();
    const { generation } = stage.state;
    stage.host.follow(null);
    await settled();
    assert.equal(stage.state.document?.uri, A);
    stage.host.follow(view(B));
    await settled();
    assert.equal(stage.state.document?.uri, B);
    assert.ok(stage.state.generation > generation);
  });

  it('gives up what was asked about the document before', async () => {
    const stage = await new Stage().ready();
    stage.server.gate = new Promise(() => undefined);
    const asked = stage.page.request('tokens', { generation: stage.state.generation });
    await settled();
    stage.host.follow(view(B));
    await assert.rejects(asked, (error) => ChannelError.is(error, STALE));
  });

  it('tells on which token the cursor stands', async () => {
    const stage = await new Stage().ready();
    const { generation } = stage.state;
    await stage.page.request('tokens', { generation });
    stage.host.cursorMoved(view(A, 4));
    stage.host.cursorMoved(view(B, 1));
    stage.host.cursorMoved({ uri: A, cursor: { line: 5, character: 0 } });
    await settled();
    assert.deepEqual(
      stage.cursors.map(({ token }) => token),
      [1, 5, null],
    );
  });

  it('tells which tokens are selected, where they are several', async () => {
    const stage = await new Stage().ready();
    await stage.page.request('tokens', { generation: stage.state.generation });
    const select = (start: number, end: number): void => {
      const at = (character: number): Position => ({ line: 0, character });
      stage.host.cursorMoved({ ...view(A, end), selected: { start: at(start), end: at(end) } });
    };
    select(2, 5);
    select(2, 3);
    stage.host.cursorMoved(view(A, 4));
    await settled();
    assert.deepEqual(
      stage.cursors.slice(-3).map(({ selected }) => selected),
      [[3, 6], null, null],
    );
  });

  it('tells which tokens of the window are pinned', async () => {
    const stage = await new Stage().ready();
    stage.host.pin([
      { uri: A, position: { line: 0, character: 4 } },
      { uri: B, position: { line: 0, character: 5 } },
      { uri: A, position: { line: 7, character: 0 } },
    ]);
    const { generation } = stage.state;
    assert.deepEqual(stage.pinned, []);
    await stage.page.request('tokens', { generation });
    await settled();
    assert.deepEqual(stage.pinned, [{ generation, tokens: [5] }]);
    stage.host.pin([]);
    await settled();
    assert.deepEqual(stage.pinned.at(-1), { generation, tokens: [] });
  });

  it('goes with the cursor to another window, once it rests there', async () => {
    const stage = new Stage();
    stage.server.windows = 3;
    await stage.ready();
    const { generation } = stage.state;
    await stage.page.request('tokens', { generation });
    stage.host.cursorMoved(view(A, 15));
    await settled();
    assert.equal(stage.state.generation, generation);
    await stage.quiet();
    const tokens = await stage.page.request('tokens', { generation: stage.state.generation });
    assert.equal(tokens.window.index, 1);
  });

  it('shows the window that the page asks for', async () => {
    const stage = new Stage();
    stage.server.windows = 3;
    await stage.ready();
    await stage.page.request('tokens', { generation: stage.state.generation });
    await stage.page.request('showWindow', { index: 2 });
    await settled();
    const tokens = await stage.page.request('tokens', { generation: stage.state.generation });
    assert.equal(tokens.window.index, 2);
    await assert.rejects(stage.page.request('showWindow', { index: 9 }), /no window 9/);
  });

  it('comes back to document and window after a reload', async () => {
    const stage = new Stage();
    stage.server.status = READY;
    stage.server.windows = 3;
    await stage.load({ document: B, window: 1, view: 'head' });
    await settled();
    assert.equal(stage.state.document?.uri, B);
    const tokens = await stage.page.request('tokens', { generation: stage.state.generation });
    assert.equal(tokens.window.index, 1);
  });

  it('falls back to the editor when what was saved is gone or makes no sense', async () => {
    for (const saved of [{ document: 'untitled:Gone', window: 0 }, 'nonsense', { document: 7 }]) {
      const { state } = await new Stage().load(saved);
      assert.equal(state.document?.uri, A);
    }
  });

  it('opens a closed document again, and says so when it cannot', async () => {
    const stage = await new Stage().ready();
    stage.host.closed(A, true);
    await stage.page.request('tokens', { generation: stage.state.generation });
    stage.host.closed(A, false);
    await settled();
    assert.equal(stage.state.document, null);
    assert.match(stage.state.problem?.message ?? '', /“a\.txt” was closed/);
    stage.host.follow(view(B));
    await settled();
    assert.equal(stage.state.problem, null);
  });

  it('notices that a document that was opened again has another text', async () => {
    const stage = await new Stage().ready();
    stage.editors.documents.set(A, 3);
    stage.server.version = 3;
    await assert.rejects(stage.page.request('tokens', { generation: stage.state.generation }));
    await stage.quiet();
    assert.equal(stage.state.stale, false);
    const { version } = await stage.page.request('tokens', { generation: stage.state.generation });
    assert.equal(version, 3);
  });

  it('asks for everything again when the engine came back or the model changed', async () => {
    const stage = await new Stage().ready();
    stage.server.tell(READY);
    await settled();
    const { generation } = stage.state;
    stage.server.tell({ ...READY, state: 'failed', message: 'It stopped.' });
    await settled();
    assert.deepEqual(stage.state.problem, { message: 'It stopped.', action: 'restart' });
    stage.server.tell(READY);
    await settled();
    assert.equal(stage.state.problem, null);
    assert.equal(stage.state.generation, generation + 1);
    stage.server.tell({ ...READY, model: READY.model && { ...READY.model, hash: 'other' } });
    await settled();
    assert.equal(stage.state.generation, generation + 2);
  });

  it('passes on why a picture cannot be had, and restarts when asked', async () => {
    const stage = new Stage();
    stage.server.status = READY;
    stage.server.failure = new ServerFailure('engineDown', 'The engine is down.');
    await stage.load();
    await settled();
    assert.deepEqual(stage.state.problem, { message: 'The engine is down.', action: 'restart' });
    await assert.rejects(
      stage.page.request('overview', {
        generation: stage.state.generation,
        reading: 'raw',
        encoding: null,
        size: 8,
      }),
      (error) => ChannelError.is(error, 'engineDown'),
    );
    await stage.page.request('restartEngine', {});
    assert.equal(stage.server.restarted, 1);
  });

  it('cancels what is computed and says how it starts again', async () => {
    const stage = new Stage();
    stage.server.status = READY;
    stage.server.gate = new Promise(() => undefined);
    await stage.load();
    const asked = stage.page.request('tokens', { generation: stage.state.generation });
    await settled();
    await stage.page.request('cancel', {});
    await assert.rejects(asked);
    await settled();
    assert.equal(stage.state.progress, null);
    assert.match(stage.state.problem?.message ?? '', /cancelled/);
  });

  it('lights tokens up and puts them out when the text changes', async () => {
    const stage = await new Stage().ready();
    const range = { start: { line: 0, character: 1 }, end: { line: 0, character: 2 } };
    await stage.page.request('highlight', { query: range, key: null });
    assert.deepEqual(stage.editors.highlighted, [A, range, null]);
    stage.host.edited(A, 2);
    assert.deepEqual(stage.editors.highlighted, [A, null, null]);
    await stage.page.request('reveal', { query: range, key: range });
    assert.deepEqual(stage.editors.revealed, [A, range, range]);
  });

  it('computes nothing for a page that is gone', async () => {
    const stage = await new Stage().ready();
    stage.host.leave();
    const before = stage.server.asked.length;
    stage.server.version = 2;
    stage.editors.documents.set(A, 2);
    stage.host.edited(A, 2);
    await stage.quiet();
    assert.equal(stage.server.asked.length, before);
    await stage.load();
    await settled();
    assert.equal(stage.state.stale, false);
    const { version } = await stage.page.request('tokens', { generation: stage.state.generation });
    assert.equal(version, 2);
  });
});
