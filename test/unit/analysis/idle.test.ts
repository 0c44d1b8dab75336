import assert from 'node:assert/strict';
import { Lens } from '../../../server/analysis/lens';
import { DEFAULT_SETTINGS } from '../../../server/analysis/settings';
import type { Position } from '../../../server/protocol';
import { FakeClock, FakeEngine, fakeHost, fakeReady } from './fakes';

const uri = 'file:///text';
const textDocument = { uri };
const wanted = { signal: new AbortController().signal };
const LONG = 60_000;

const words = Array.from({ length: 300 }, (_, index) => `w${index}`);
const text = words.join(' ');
const placeOf = (word: number): Position => ({ line: 0, character: text.indexOf(`w${word}`) });

interface Scene {
  lens: Lens;
  engine: FakeEngine;
  clock: FakeClock;
}

async function scene(settings = DEFAULT_SETTINGS): Promise<Scene> {
  const [engine, clock] = [new FakeEngine(), new FakeClock()];
  const ready = fakeReady(engine);
  ready.model.encodingModes = ['off', 'shifted'];
  const lens = new Lens(fakeHost(ready, { clock, settings: structuredClone(settings) }));
  lens.open(uri, 1, text);
  await lens.loadModel('bundled', wanted.signal);
  return { lens, engine, clock };
}

/** Which window each job analysed: the number of the first word in it. */
const analysed = ({ engine }: Scene): number[] =>
  engine.jobs.map(({ params }) => (params.ids[1] ?? 0) - 3);

describe('work that nobody has asked for', () => {
  it('leaves alone what nobody has looked at', async () => {
    const { clock, engine } = await scene();
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, 0);
    assert.ok(!clock.waits);
  });

  it('begins at the cursor, then what is in view, then what is pinned, then all around', async () => {
    const all = await scene();
    const { lens, clock } = all;
    lens.look({
      textDocument,
      cursor: placeOf(150),
      visible: [{ start: placeOf(120), end: placeOf(180) }],
      pinned: [placeOf(10)],
    });
    await clock.pass(LONG);
    const starts = analysed(all);
    const holds = (index: number, word: number): void =>
      assert.ok(
        (starts[index] ?? -1) <= word && word < (starts[index] ?? 0) + 30,
        `${index}: ${starts.join()}`,
      );
    holds(0, 150);
    const inView = starts.slice(1, starts.indexOf(0));
    assert.ok(
      inView.every((start) => start > 90 && start < 180),
      starts.join(),
    );
    holds(starts.indexOf(0), 10);
    assert.equal(new Set(starts).size, starts.length);
    assert.equal(starts.length, lens.status().documents[0]?.windows);
  });

  it('has what is in view under the chosen change of position, too', async () => {
    const all = await scene();
    const { lens, clock, engine } = all;
    await lens.select({ encoding: { mode: 'off' } }, wanted);
    lens.look({
      textDocument,
      cursor: placeOf(150),
      visible: [{ start: placeOf(120), end: placeOf(180) }],
    });
    await clock.pass(LONG);
    const off = engine.jobs.map(({ params }) => params.positionScale === 0);
    const starts = analysed(all);
    const changed = starts.filter((_, job) => off[job]);
    assert.ok(changed.length > 2 && changed.every((start) => start > 90 && start <= 180));
    // Beside each the same window as trained, for a hover compares them; the rest as trained alone.
    changed.forEach((start, index) => assert.equal(starts[2 * index + 1], start));
    assert.equal(starts.length, changed.length + (lens.status().documents[0]?.windows ?? 0));
    const before = engine.jobs.length;
    assert.ok(await lens.hover(uri, placeOf(150), true, wanted));
    assert.equal(engine.jobs.length, before);

    await lens.select({ encoding: null }, wanted);
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, before);
    // A window of all positions cannot be shifted: it is shown as trained, which is there.
    await lens.select({ encoding: { mode: 'shifted', by: 8 } }, wanted);
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, before);
  });

  it('rests between windows that nobody looks at', async () => {
    const { lens, clock, engine } = await scene();
    engine.manual = true;
    lens.look({ textDocument, cursor: placeOf(0) });
    await clock.pass(0);
    await clock.pass(100);
    engine.jobs[0]?.finish();
    await clock.pass(0);
    assert.equal(engine.jobs.length, 1, 'it has worked for 100 ms');
    await clock.pass(99);
    assert.equal(engine.jobs.length, 1);
    await clock.pass(1);
    assert.equal(engine.jobs.length, 2);
  });

  it('ends when somebody types, and begins again when typing has paused', async () => {
    const { lens, clock, engine } = await scene();
    engine.manual = true;
    lens.look({ textDocument, cursor: placeOf(0) });
    await clock.pass(0);
    assert.equal(engine.jobs.length, 1);
    for (let version = 2; version < 12; version++) {
      const end = { line: 0, character: 1e6 };
      lens.change(uri, version, [{ range: { start: end, end }, text: ' x' }]);
      await clock.pass(200);
    }
    assert.ok(engine.jobs[0]?.aborted);
    assert.equal(engine.jobs.length, 1);
    await clock.pass(1000);
    assert.equal(engine.jobs.length, 2);
  });

  it('gives way to a question about another window, and helps one about its own', async () => {
    const { lens, clock, engine } = await scene();
    engine.manual = true;
    lens.look({ textDocument, cursor: placeOf(0) });
    await clock.pass(0);
    const own = lens.hover(uri, placeOf(0), true, wanted);
    await clock.pass(0);
    assert.equal(engine.jobs.length, 1);
    engine.jobs[0]?.finish();
    assert.ok(await own);
    await clock.pass(LONG / 2);
    assert.equal(engine.jobs.length, 2);
    const other = lens.hover(uri, placeOf(290), true, wanted);
    await engine.until((jobs) => jobs.length === 3 && jobs[1]?.aborted === true);
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, 3, 'somebody waits');
    engine.jobs[2]?.finish();
    assert.ok(await other);
  });

  it('goes on beside hovers of what is known', async () => {
    const { lens, clock, engine } = await scene();
    await lens.hover(uri, placeOf(0), true, wanted);
    engine.manual = true;
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, 2);
    await lens.hover(uri, placeOf(1), true, wanted);
    assert.ok(!engine.jobs[1]?.aborted);
  });

  it('stops when the window has lost the focus for long', async () => {
    const { lens, clock, engine } = await scene();
    engine.manual = true;
    lens.look({ textDocument, cursor: placeOf(0), focused: false });
    await clock.pass(LONG - 1);
    assert.equal(engine.jobs.length, 1);
    await clock.pass(1);
    engine.jobs[0]?.finish();
    await clock.pass(10 * LONG);
    assert.equal(engine.jobs.length, 1);
    lens.look({ textDocument, cursor: placeOf(0), focused: true });
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, 2);
  });

  it('can be turned off, and on again', async () => {
    const { lens, clock, engine } = await scene({ ...DEFAULT_SETTINGS, background: false });
    lens.look({ textDocument, cursor: placeOf(0) });
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, 0);
    engine.manual = true;
    lens.settings = { ...lens.settings, background: true };
    await clock.pass(0);
    assert.equal(engine.jobs.length, 1);
    lens.settings = { ...lens.settings, background: false };
    await clock.pass(LONG);
    assert.ok(engine.jobs[0]?.aborted);
    assert.equal(engine.jobs.length, 1);
  });

  it('takes documents by turns, and does not try again what fails', async () => {
    const all = await scene();
    const { lens, clock, engine } = all;
    const other = 'file:///other';
    lens.open(other, 1, text.toUpperCase());
    for (const each of [uri, other]) lens.look({ textDocument: { uri: each }, cursor: placeOf(0) });
    await clock.pass(LONG);
    const documents = engine.jobs.map(({ params }) => (params.ids[1] ?? 0) < 303);
    for (let at = 3; at < 10; at++) assert.notEqual(documents[at], documents[at - 1]);
    const before = engine.jobs.length;
    engine.analyse = (params) => {
      engine.jobs.push({ params, aborted: false, finish: () => undefined });
      return Promise.reject(new Error('No.'));
    };
    lens.change(uri, 2, [{ text: 'all new' }]);
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, before + 1);
  });

  it('stops where memory ends, and puts nothing out of it', async () => {
    const { lens, clock, engine } = await scene();
    // A window of 32 tokens has 32 · 2 · (36 + 3) · 4 bytes: room for seven.
    lens.settings = { ...lens.settings, engine: { ...lens.settings.engine, memoryLimit: 0.07 } };
    await lens.hover(uri, placeOf(290), true, wanted);
    lens.look({ textDocument, cursor: placeOf(0) });
    await clock.pass(LONG);
    assert.equal(engine.held.size, 7);
    assert.equal(engine.jobs.length, 7);
    await lens.hover(uri, placeOf(290), true, wanted);
    assert.equal(engine.jobs.length, 7);
    await lens.hover(uri, placeOf(150), true, wanted);
    assert.equal(engine.held.size, 7);
    lens.settings = { ...lens.settings, engine: { ...lens.settings.engine, memoryLimit: 0.001 } };
    await clock.pass(LONG);
    assert.equal(engine.held.size, 1);
    assert.ok(engine.jobs.length <= 9, String(engine.jobs.length));
  });
});
