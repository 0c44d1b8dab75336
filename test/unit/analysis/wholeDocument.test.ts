/** Answers about a whole document: what is kept of windows that memory has no room for, and who fills it in. */
import assert from 'node:assert/strict';
import { Lens } from '../../../server/analysis/lens';
import { decodeBytes, decodeNumbers } from '../../../server/analysis/numbers';
import { DEFAULT_SETTINGS } from '../../../server/analysis/settings';
import type { Position } from '../../../server/protocol';
import { FakeClock, FakeEngine, fakeHost, fakeReady } from './fakes';

const uri = 'file:///text';
const textDocument = { uri };
const wanted = { signal: new AbortController().signal };
const LONG = 60_000;
/** A window of 32 tokens has 32 · 2 · (36 + 3) · 4 bytes: room for three. */
const LITTLE = 0.03;

const words = Array.from({ length: 300 }, (_, index) => `w${index}`);
const text = words.join(' ');
const placeOf = (word: number): Position => ({ line: 0, character: text.indexOf(`w${word}`) });

interface Scene {
  lens: Lens;
  engine: FakeEngine;
  clock: FakeClock;
}

async function scene(memoryLimit = DEFAULT_SETTINGS.engine.memoryLimit): Promise<Scene> {
  const [engine, clock] = [new FakeEngine(), new FakeClock()];
  const settings = structuredClone(DEFAULT_SETTINGS);
  settings.engine.memoryLimit = memoryLimit;
  const lens = new Lens(fakeHost(fakeReady(engine), { clock, settings }));
  lens.open(uri, 1, text);
  await lens.loadModel('bundled', wanted.signal);
  return { lens, engine, clock };
}

const statistics = (lens: Lens, more = {}) =>
  lens.statistics({ textDocument, scope: 'document', ...more }, wanted);

describe('a document as a whole', () => {
  it('has the statistics of the windows that are analysed, each of the tokens that it owns', async () => {
    const { lens, engine } = await scene();
    const nothing = await statistics(lens);
    assert.ok(nothing.coverage);
    assert.deepEqual([nothing.coverage.windows, nothing.coverage.tokens], [0, 0]);
    assert.equal(nothing.coverage.total, 300);
    assert.ok(Number.isNaN(decodeNumbers(nothing.statistics.self ?? '')[0]));
    assert.deepEqual([nothing.counted.self, nothing.even.self], [0, null]);
    assert.equal(engine.jobs.length, 0, 'nothing is analysed for it');

    for (const word of [0, 150]) await lens.hover(uri, placeOf(word), true, wanted);
    const two = await statistics(lens);
    assert.equal(two.coverage?.windows, 2);
    assert.equal(two.coverage.pending, 0);
    assert.equal(two.coverage.of, lens.status().documents[0]?.windows);
    assert.equal(engine.statisticsAsked.length, 2);
    const rows = engine.statisticsAsked.map(({ queries = [0, 0] }) => queries);
    const owned = rows.reduce((sum, [start, end]) => sum + end - start, 0);
    assert.equal(two.coverage.tokens, owned);
    assert.equal(two.counted.self, owned);
    assert.deepEqual(
      [...decodeNumbers(two.statistics.self ?? '')].map((value) => Math.round(10 * value)),
      [0, 1, 2, 3, 4, 5],
    );
    await statistics(lens);
    assert.equal(engine.statisticsAsked.length, 2, 'they are kept');
    await lens.statistics({ textDocument, position: placeOf(150) }, wanted);
    assert.equal(engine.statisticsAsked.length, 3, 'those of a whole window are others');
  });

  it('answers within the time it is given, and says what it had no time for', async () => {
    const { lens, engine } = await scene();
    for (const word of [0, 150]) await lens.hover(uri, placeOf(word), true, wanted);
    const hasty = await statistics(lens, { within: 0 });
    assert.deepEqual([hasty.coverage?.windows, hasty.coverage?.pending], [0, 2]);
    const map = await lens.documentMap({ textDocument, within: 0 }, wanted);
    assert.equal(map.pending, 2);
    assert.equal(map.windows.filter(({ held }) => held).length, 2);
    assert.ok(map.windows.every(({ analysed }) => !analysed));
    assert.equal(engine.asked.filter((asked) => 'rows' in asked).length, 0);
  });

  it('is filled in to its end when that is wanted, beyond what memory holds', async () => {
    const { lens, engine, clock } = await scene(LITTLE);
    await lens.hover(uri, placeOf(0), true, wanted);
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, 3, 'unasked, idle work stops where memory ends');
    await lens.documentMap({ textDocument, fill: true }, wanted);
    await statistics(lens, { fill: true });
    const before = lens.status().documents[0]?.summaries ?? 0;
    await clock.pass(LONG);
    assert.equal(engine.held.size, 3);
    const { windows = 0, summaries = 0 } = lens.status().documents[0] ?? {};
    assert.ok(summaries - before >= 2 * ((windows ?? 0) - 3), `${summaries} of ${windows}`);

    const map = await lens.documentMap({ textDocument }, wanted);
    assert.ok(decodeBytes(map.analysed).every((share) => share === 255));
    assert.ok(map.windows.every(({ analysed }) => analysed));
    assert.equal(map.windows.filter(({ held }) => held).length, 3);
    const whole = await statistics(lens);
    assert.equal(whole.coverage?.tokens, 300);
    assert.equal(whole.counted.self, 300);
    // Each window was analysed at most once for both, whatever memory holds.
    assert.ok(engine.jobs.length <= 2 * (windows ?? 0), String(engine.jobs.length));
    await lens.hover(uri, placeOf(299), true, wanted);
    assert.equal(engine.held.size, 3, 'and what was let go comes back on demand');
  });

  it('keeps what an edit leaves as it was', async () => {
    const { lens, engine, clock } = await scene(LITTLE);
    lens.look({ textDocument, cursor: placeOf(299) });
    await lens.documentMap({ textDocument, fill: true }, wanted);
    await clock.pass(LONG);
    const before = engine.jobs.length;
    const end = { line: 0, character: text.length };
    lens.change(uri, 2, [{ range: { start: end, end }, text: ' more' }]);
    await lens.documentMap({ textDocument, fill: true }, wanted);
    await clock.pass(LONG);
    const map = await lens.documentMap({ textDocument }, wanted);
    assert.equal(map.tokens, 301);
    assert.ok(decodeBytes(map.analysed).every((share) => share === 255));
    assert.ok(engine.jobs.length - before <= 4, `${engine.jobs.length - before} windows anew`);
  });

  it('is not gone through again when nobody asks any more', async () => {
    const { lens, engine, clock } = await scene(LITTLE);
    lens.look({ textDocument, cursor: placeOf(0) });
    await lens.documentMap({ textDocument, size: 1, within: 0 }, wanted);
    await clock.pass(LONG);
    assert.equal(engine.jobs.length, 3);
  });
});
