import assert from 'node:assert/strict';
import { RequestFailed } from '../../../server/analysis/errors';
import { Lens } from '../../../server/analysis/lens';
import type { ReadyModel } from '../../../server/analysis/modelSlot';
import { FakeEngine, fakeHost, fakeReady } from './fakes';
import { lensWith, start, textDocument, uri, wanted } from './oneDocument';

describe('the model', () => {
  it('that fails to load is told, and another attempt can succeed', async () => {
    const ready = fakeReady(new FakeEngine());
    let broken = true;
    const load = (): Promise<ReadyModel> =>
      broken
        ? Promise.reject(new RequestFailed('modelMissing', 'No file.'))
        : Promise.resolve(ready);
    const lens = new Lens(fakeHost(ready, { loader: { load, restart: load } }));
    lens.open(uri, 1, 'one');
    const waiting = lens.hover(uri, start, true, wanted);
    await assert.rejects(lens.loadModel('bundled', wanted.signal), { reason: 'modelMissing' });
    await assert.rejects(waiting, { reason: 'modelMissing' });
    assert.equal(lens.status().state, 'failed');
    assert.equal(lens.status().message, 'No file.');
    broken = false;
    await lens.loadModel('bundled', wanted.signal);
    assert.equal(lens.status().state, 'ready');
    assert.ok(await lens.hover(uri, start, true, wanted));
  });

  it('in use stays when another cannot be loaded', async () => {
    const ready = fakeReady(new FakeEngine());
    const loads = [
      Promise.resolve(ready),
      Promise.reject(new RequestFailed('modelRefused', 'No.')),
    ];
    loads[1]?.catch(() => undefined);
    const load = (): Promise<ReadyModel> => loads.shift() ?? Promise.resolve(ready);
    const lens = new Lens(fakeHost(ready, { loader: { load, restart: load } }));
    await lens.loadModel('bundled', wanted.signal);
    await assert.rejects(lens.loadModel('other', wanted.signal));
    assert.equal(lens.status().state, 'ready');
    assert.equal(lens.status().model?.id, 'fake');
  });

  it('that takes the place of another answers what was asked of that one', async () => {
    const [before, after] = [new FakeEngine(), new FakeEngine()];
    const [first, second] = [fakeReady(before), fakeReady(after)];
    second.model.hash = 'second-hash';
    const loads = [first, second];
    const load = (): Promise<ReadyModel> => Promise.resolve(loads.shift() ?? second);
    const lens = new Lens(fakeHost(first, { loader: { load, restart: load } }));
    lens.open(uri, 1, 'one two');
    await lens.loadModel('bundled', wanted.signal);
    before.manual = true;
    const row = lens.row({ textDocument, token: 1 }, wanted);
    await before.until((jobs) => jobs.length === 1);
    await lens.loadModel('chapter', wanted.signal);
    before.jobs[0]?.finish();
    assert.equal((await row).model, 'second-hash');
    assert.equal(after.jobs.length, 1);
  });

  it('is down when its engine is, until somebody restarts it', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one');
    lens.engineChanged({ state: 'failed', message: 'The engine stays off.' });
    assert.equal(lens.status().state, 'failed');
    assert.equal(lens.status().message, 'The engine stays off.');
    await assert.rejects(lens.hover(uri, start, true, wanted), { reason: 'engineDown' });
    lens.engineChanged({ state: 'ready' });
    await lens.restart(wanted.signal);
    assert.equal(lens.status().state, 'ready');
    assert.ok(await lens.hover(uri, start, true, wanted));
  });

  it('is asked again for windows that its engine has lost', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one');
    await lens.hover(uri, start, true, wanted);
    engine.held.clear();
    assert.ok(await lens.hover(uri, start, true, wanted));
    assert.equal(engine.jobs.length, 2);
  });
});
