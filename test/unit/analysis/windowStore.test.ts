import assert from 'node:assert/strict';
import { Cancelled } from '../../../server/analysis/errors';
import { WindowStore } from '../../../server/analysis/windowStore';
import { windowContent, type WindowContent } from '../../../server/analysis/windowContent';
import { FakeEngine } from './fakes';

const BYTES_PER_TOKEN = 10;

function window(...ids: number[]): WindowContent {
  return windowContent({ ids: Int32Array.from(ids), specialTokens: [0] });
}

function storeOf(engine: FakeEngine, limitBytes = 1000): WindowStore {
  return new WindowStore(
    engine,
    'w',
    (tokens) => tokens * BYTES_PER_TOKEN,
    limitBytes,
    () => undefined,
  );
}

const wanted = new AbortController().signal;

describe('the windows that the engine holds', () => {
  it('are analysed once for the same content', async () => {
    const engine = new FakeEngine();
    const store = storeOf(engine);
    const leases = await Promise.all([
      store.acquire(window(1, 2, 3), wanted),
      store.acquire(window(1, 2, 3), wanted),
    ]);
    leases.push(await store.acquire(window(1, 2, 3), wanted));
    assert.equal(engine.jobs.length, 1);
    assert.equal(new Set(leases.map((lease) => lease.window)).size, 1);
    assert.ok(store.has(window(1, 2, 3)));
    await store.acquire(window(1, 2, 4), wanted);
    assert.equal(engine.jobs.length, 2);
  });

  it('go in the order of use when memory is short, but not while they are read', async () => {
    const engine = new FakeEngine();
    const store = storeOf(engine, 60);
    const first = await store.acquire(window(1, 1, 1), wanted);
    (await store.acquire(window(2, 2, 2), wanted)).release();
    (await store.acquire(window(3, 3, 3), wanted)).release();
    assert.ok(store.has(window(1, 1, 1)), 'still read');
    assert.ok(!store.has(window(2, 2, 2)));
    assert.ok(store.has(window(3, 3, 3)));
    first.release();
    (await store.acquire(window(4, 4, 4), wanted)).release();
    assert.ok(!store.has(window(1, 1, 1)));
    assert.equal(engine.held.size, 2);
  });

  it('keep at least the last one, however large', async () => {
    const engine = new FakeEngine();
    const store = storeOf(engine, 1);
    (await store.acquire(window(1, 1, 1), wanted)).release();
    assert.ok(store.has(window(1, 1, 1)));
    assert.equal(store.tooLarge, 3 * BYTES_PER_TOKEN);
    (await store.acquire(window(2), wanted)).release();
    assert.deepEqual(
      [...engine.held.values()].map(({ ids }) => [...ids]),
      [[2]],
    );
  });

  it('stop being analysed when the last one who asked has cancelled', async () => {
    const engine = new FakeEngine();
    engine.manual = true;
    const store = storeOf(engine);
    const [one, other] = [new AbortController(), new AbortController()];
    const answers = [one, other].map(({ signal }) => store.acquire(window(1, 2), signal));
    one.abort();
    await assert.rejects(answers[0] as Promise<unknown>, Cancelled);
    assert.equal(engine.jobs[0]?.aborted, false);
    other.abort();
    await assert.rejects(answers[1] as Promise<unknown>, Cancelled);
    assert.equal(engine.jobs[0]?.aborted, true);
    const again = store.acquire(window(1, 2), wanted);
    engine.jobs[1]?.finish();
    assert.ok((await again).window);
  });

  it('are analysed anew after the engine has lost them', async () => {
    const engine = new FakeEngine();
    const store = storeOf(engine);
    await store.acquire(window(1, 2), wanted);
    store.reset();
    assert.ok(!store.has(window(1, 2)));
    await store.acquire(window(1, 2), wanted);
    assert.equal(engine.jobs.length, 2);
  });

  it('tell everybody who waits how far the analysis is', async () => {
    const engine = new FakeEngine();
    engine.manual = true;
    const store = storeOf(engine);
    const heard: string[] = [];
    const answers = ['one', 'other'].map((name) =>
      store.acquire(window(1), wanted, (done, total) => heard.push(`${name} ${done}/${total}`)),
    );
    engine.jobs[0]?.finish();
    await Promise.all(answers);
    assert.deepEqual(heard, ['one 1/1', 'other 1/1']);
  });
});
