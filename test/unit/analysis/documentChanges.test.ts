import assert from 'node:assert/strict';
import { Cancelled, ContentModified, InvalidParams } from '../../../server/analysis/errors';
import { Lens } from '../../../server/analysis/lens';
import type { ReadyModel } from '../../../server/analysis/modelSlot';
import { FakeEngine, type FakeTokenizer, fakeHost, fakeReady, scheduler } from './fakes';
import { insert, lensWith, start, textDocument, uri, wanted } from './oneDocument';

describe('an edit', () => {
  it('refuses the data that it made stale and cancels its analysis', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    engine.manual = true;
    const row = lens.row({ textDocument, token: 1 }, wanted);
    await engine.until((jobs) => jobs.length === 1);
    lens.change(uri, 2, [insert(0, 'new ')]);
    await assert.rejects(row, ContentModified);
    assert.ok(engine.jobs[0]?.aborted);
  });

  it('makes a hover start again, and answers for the newest version', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    engine.manual = true;
    const hover = lens.hover(uri, { line: 0, character: 4 }, true, wanted);
    await engine.until((jobs) => jobs.length === 1);
    lens.change(uri, 2, [insert(0, 'new ')]);
    await engine.until((jobs) => jobs.length === 2 && jobs[0]?.aborted === true);
    engine.jobs[1]?.finish();
    assert.match((await hover)?.text ?? '', /^\*\*`one`\*\*/);
  });

  it('leaves the analysis of a window alone that it does not change', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    engine.manual = true;
    const hover = lens.hover(uri, start, true, wanted);
    await engine.until((jobs) => jobs.length === 1);
    lens.change(uri, 2, [insert(7, ' ')]);
    await scheduler.pause();
    await scheduler.pause();
    assert.equal(engine.jobs[0]?.aborted, false);
    engine.jobs[0]?.finish();
    assert.match((await hover)?.text ?? '', /^\*\*`one`\*\*/);
    assert.equal(engine.jobs.length, 1);
  });

  it('undone finds what was computed before', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    await lens.hover(uri, start, true, wanted);
    lens.change(uri, 2, [insert(0, 'x')]);
    await lens.hover(uri, start, true, wanted);
    lens.change(uri, 3, [{ range: { start, end: { line: 0, character: 1 } }, text: '' }]);
    await lens.hover(uri, start, true, wanted);
    assert.equal(engine.jobs.length, 2);
  });

  it('tokenizes little of a long document', async () => {
    const { lens, ready } = await lensWith(new FakeEngine(), 'word '.repeat(50_000));
    await lens.hover(uri, start, true, wanted);
    await lens.tokens({ textDocument, position: { line: 0, character: 240_000 } }, wanted);
    const tokenizer = ready.tokenizer as FakeTokenizer;
    const before = tokenizer.encoded;
    lens.change(uri, 2, [insert(100_000, 'new')]);
    await lens.tokens({ textDocument, position: { line: 0, character: 240_000 } }, wanted);
    assert.ok(tokenizer.encoded - before < 20_000);
  });
});

describe('a document that goes away', () => {
  it('ends what is asked about it', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    engine.manual = true;
    const asked = [lens.hover(uri, start, true, wanted), lens.map({ textDocument }, wanted)];
    await engine.until((jobs) => jobs.length === 1);
    lens.close(uri);
    for (const answer of asked) await assert.rejects(answer, ContentModified);
    assert.ok(engine.jobs[0]?.aborted);
    await assert.rejects(lens.hover(uri, start, true, wanted), InvalidParams);
  });
});

describe('a window under analysis', () => {
  it('answers about the layers that are there, and goes on until the text changes', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    await lens.select({ layer: 0 }, wanted);
    [engine.manual, engine.layers] = [true, 1];
    const ask = { textDocument, position: start, layer: 0 };
    const all = lens.row({ ...ask, layer: null }, wanted);
    await Promise.all([
      lens.row(ask, wanted),
      lens.map({ textDocument, layer: 0, head: 1 }, wanted),
      lens.hover(uri, start, true, wanted),
    ]);
    assert.deepEqual([engine.jobs.length, engine.held.size], [1, 0]);
    engine.jobs[0]!.finish();
    await all;

    lens.change(uri, 2, [insert(0, 'new ')]);
    await lens.row(ask, wanted);
    await scheduler.pause();
    assert.equal(engine.jobs[1]?.aborted, false, 'the next question is about another layer');
    lens.change(uri, 3, [insert(0, 'newer ')]);
    await scheduler.pause();
    assert.equal(engine.jobs[1]?.aborted, true);
  });

  it('is given up with the last question that nothing has answered', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    [engine.manual, engine.layers] = [true, 1];
    const asking = new AbortController();
    const row = lens.row({ textDocument, position: start, layer: 1 }, asking);
    await engine.until((jobs) => jobs.length === 1);
    asking.abort();
    await assert.rejects(row, Cancelled);
    assert.equal(engine.jobs[0]?.aborted, true);
  });

  it('is waited for where the engine does not know it yet', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    engine.manual = true;
    const row = lens.row({ textDocument, position: start, layer: 1 }, wanted);
    await engine.until((jobs) => jobs.length === 1);
    await scheduler.pause();
    engine.jobs[0]!.finish();
    assert.equal((await row).version, 1);
    assert.equal(engine.jobs.length, 1);
  });
});

describe('cancelling', () => {
  it('ends a request in whatever it waits for', async () => {
    const engine = new FakeEngine();
    engine.manual = true;
    const ready = fakeReady(engine);
    let finishLoading = (): void => undefined;
    const loading = new Promise<ReadyModel>((resolve) => (finishLoading = () => resolve(ready)));
    const lens = new Lens(
      fakeHost(ready, { loader: { load: () => loading, restart: () => loading } }),
    );
    lens.open(uri, 1, 'one two');
    const loaded = lens.loadModel('bundled', wanted.signal);
    const forModel = new AbortController();
    const waiting = lens.hover(uri, start, true, forModel);
    forModel.abort();
    await assert.rejects(waiting, Cancelled);
    finishLoading();
    await loaded;
    const forEngine = new AbortController();
    const analysing = lens.hover(uri, start, true, forEngine);
    await engine.until((jobs) => jobs.length === 1);
    forEngine.abort();
    await assert.rejects(analysing, Cancelled);
    assert.ok(engine.jobs[0]?.aborted);
  });
});

describe('a document of many windows', () => {
  const words = Array.from({ length: 300 }, (_, index) => `w${index}`);
  const text = words.join(' ');
  const characterOf = (word: number): number => text.indexOf(`w${word}`);

  it('answers from the window that owns the place', async () => {
    const { lens } = await lensWith(new FakeEngine(), text);
    let last = 0;
    for (const word of [0, 60, 150, 299]) {
      const position = { line: 0, character: characterOf(word) };
      const { window, tokens, total } = await lens.tokens({ textDocument, position }, wanted);
      assert.equal(total, 32);
      assert.ok(window.index >= last);
      last = window.index;
      const at = tokens.findIndex(({ range }) => range?.start.character === position.character);
      assert.ok(at > 0);
      if (word !== 0 && word !== 299) assert.ok(at > 6 && at < 26, `token ${at}`);
    }
    assert.equal(lens.status().documents[0]?.windows, last + 1);
  });

  it('analyses only the window asked about', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, text);
    await lens.hover(uri, { line: 0, character: characterOf(200) }, true, wanted);
    assert.equal(engine.jobs.length, 1);
    assert.equal(lens.status().documents[0]?.analysed, 1);
  });

  it('is analysed around the place only where it is too long', async () => {
    const { lens } = await lensWith(new FakeEngine(), 'word '.repeat(5000));
    lens.settings = { ...lens.settings, maxDocumentLength: 1000 };
    for (const character of [0, 12_000, 24_990]) {
      const hover = await lens.hover(uri, { line: 0, character }, true, wanted);
      assert.match(hover?.text ?? '', /the document is too long: 1000 characters/);
      assert.equal(hover?.range.start.character, character);
    }
    lens.change(uri, 2, [insert(0, 'ab ')]);
    const position = { line: 0, character: 24_993 };
    const tokens = await lens.tokens({ textDocument, position }, wanted);
    assert.ok(tokens.tokens.some(({ range }) => range?.start.character === 24_993));
  });
});
