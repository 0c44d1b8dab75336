import assert from 'node:assert/strict';
import { INITIAL_SELECTION, type Selection } from '../../../server/protocol';
import { READY, settled, Stage, view } from './panelFakes';

const A = 'file:///a.txt';
const B = 'file:///b.txt';
const HEAD: Selection = { ...INITIAL_SELECTION, layer: 1, head: 1 };

async function locked(): Promise<Stage> {
  const stage = await new Stage().ready();
  await stage.page.request('setLocked', { locked: true });
  await settled();
  return stage;
}

describe('a panel that is locked', () => {
  it('stays with its document and follows the editor again when it is unlocked', async () => {
    const stage = await locked();
    assert.equal(stage.state.locked, true);
    assert.deepEqual(stage.names.at(-1), ['a.txt', true]);
    stage.editors.active = view(B);
    stage.host.follow(view(B));
    await settled();
    assert.equal(stage.state.document?.uri, A);
    await stage.page.request('setLocked', { locked: false });
    await settled();
    assert.equal(stage.state.document?.uri, B);
    assert.deepEqual(stage.names.at(-1), ['b.txt', false]);
  });

  it('keeps a selection of its own, which is nobody else’s', async () => {
    const stage = await locked();
    await stage.page.request('setSelection', HEAD);
    await settled();
    assert.deepEqual(stage.state.selection, HEAD);
    assert.ok(!stage.server.asked.some(({ method }) => method === 'attentionLens/setSelection'));
    stage.server.tell({ ...READY, selection: { ...INITIAL_SELECTION, layer: 0 } });
    await settled();
    assert.deepEqual(stage.state.selection, HEAD);
    await stage.page.request('setLocked', { locked: false });
    await settled();
    assert.deepEqual(stage.state.selection, { ...INITIAL_SELECTION, layer: 0 });
  });

  it('comes back locked, with its document and its selection', async () => {
    const stage = new Stage();
    stage.server.status = READY;
    await stage.load({ document: B, window: 0, own: HEAD });
    await settled();
    assert.equal(stage.state.document?.uri, B);
    assert.equal(stage.state.locked, true);
    assert.deepEqual(stage.state.selection, HEAD);
  });

  it('follows the editor when what it was locked to is gone or makes no sense', async () => {
    for (const saved of [
      { document: 'untitled:Gone', window: 0, own: HEAD },
      { document: B, window: 0, own: { layer: 'all' } },
    ]) {
      const { state } = await new Stage().load(saved);
      assert.equal(state.locked, false);
    }
    const stage = await locked();
    stage.host.closed(A, false);
    await settled();
    assert.equal(stage.state.locked, false);
    stage.host.follow(view(B));
    await settled();
    assert.equal(stage.state.document?.uri, B);
  });
});
