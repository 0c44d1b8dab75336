import assert from 'node:assert/strict';
import {
  Cancelled,
  ContentModified,
  InvalidParams,
  RequestFailed,
} from '../../../server/analysis/errors';
import { Lens } from '../../../server/analysis/lens';
import type { ReadyModel } from '../../../server/analysis/modelSlot';
import { decodeNumbers } from '../../../server/analysis/numbers';
import { DEFAULT_SETTINGS } from '../../../server/analysis/settings';
import { INITIAL_SELECTION, type Position } from '../../../server/protocol';
import { FakeEngine, type FakeTokenizer, fakeHost, fakeReady, scheduler } from './fakes';

const uri = 'file:///text';
const textDocument = { uri };
const wanted = { signal: new AbortController().signal };
const start: Position = { line: 0, character: 0 };

async function lensWith(
  engine: FakeEngine,
  text: string,
  contextLength = 32,
): Promise<{ lens: Lens; ready: ReadyModel }> {
  const ready = fakeReady(engine, contextLength);
  const lens = new Lens(fakeHost(ready));
  lens.open(uri, 1, text);
  await lens.loadModel('bundled', wanted.signal);
  return { lens, ready };
}

const insert = (
  character: number,
  text: string,
): { range: { start: Position; end: Position }; text: string } => ({
  range: { start: { line: 0, character }, end: { line: 0, character } },
  text,
});

describe('answers about a document', () => {
  it('carry version, window and model', async () => {
    const { lens } = await lensWith(new FakeEngine(), 'one two\nthree');
    const row = await lens.row({ textDocument, position: start }, wanted);
    assert.equal(row.version, 1);
    assert.equal(row.model, 'fake-hash');
    assert.deepEqual(row.window, {
      index: 0,
      count: 1,
      range: { start, end: { line: 1, character: 5 } },
    });
    assert.equal(row.token, 1);
    assert.equal(decodeNumbers(row.weights).length, 6);
    assert.deepEqual(row.sink?.tokens, [0, 5]);
  });

  it('have no sink for who reads a token', async () => {
    const { lens } = await lensWith(new FakeEngine(), 'one two');
    const row = await lens.row({ textDocument, token: 1, direction: 'readBy' }, wanted);
    assert.equal(row.sink, null);
    assert.equal(row.entropy, 2);
  });

  it('list tokens with their ranges, template tokens with none', async () => {
    const { lens } = await lensWith(new FakeEngine(), 'one twothree');
    const all = await lens.tokens({ textDocument }, wanted);
    assert.equal(all.total, 5);
    assert.deepEqual(
      all.tokens.map(({ text, range }) => [text, range?.start.character, range?.end.character]),
      [
        ['[CLS]', undefined, undefined],
        ['one', 0, 3],
        ['twot', 4, 8],
        ['hree', 8, 12],
        ['[SEP]', undefined, undefined],
      ],
    );
    const some = await lens.tokens({ textDocument, slice: [1, 2] }, wanted);
    assert.deepEqual(
      some.tokens.map(({ text }) => text),
      ['one'],
    );
  });

  it('name the parameter that is wrong', async () => {
    const { lens } = await lensWith(new FakeEngine(), 'one two');
    const names = async (answer: Promise<unknown>): Promise<string> => {
      const error = await answer.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof InvalidParams, String(error));
      assert.ok(error.message.includes(`"${error.field}"`), error.message);
      return error.field;
    };
    const other = { uri: 'file:///other' };
    assert.equal(await names(lens.row({ textDocument: other, token: 0 }, wanted)), 'textDocument');
    assert.equal(await names(lens.row({ textDocument, token: 4 }, wanted)), 'token');
    assert.equal(await names(lens.row({ textDocument, token: 1, layer: 2 }, wanted)), 'layer');
    assert.equal(await names(lens.row({ textDocument, token: 1, head: 3 }, wanted)), 'head');
    assert.equal(await names(lens.row({ textDocument }, wanted)), 'position');
    assert.equal(await names(lens.map({ textDocument, keys: [2, 9] }, wanted)), 'keys');
    assert.equal(await names(lens.map({ textDocument, queries: [1, 1] }, wanted)), 'queries');
    assert.equal(await names(lens.tokens({ textDocument, slice: [0, 99] }, wanted)), 'slice');
    const rollout = { textDocument, token: 1, reading: 'rollout' as const };
    assert.equal(await names(lens.overview(rollout, wanted)), 'reading');
    assert.equal(await names(lens.row({ ...rollout, head: 1 }, wanted)), 'head');
    assert.equal(await names(lens.map({ ...rollout, heads: [1] }, wanted)), 'heads');
    assert.equal(await names(lens.row({ ...rollout, aggregate: 'max' }, wanted)), 'aggregate');
    const several = { textDocument, token: 1, heads: [1, 3] };
    assert.equal(await names(lens.row(several, wanted)), 'heads');
    assert.equal(await names(lens.row({ ...several, head: 1, heads: [1] }, wanted)), 'heads');
  });

  it('refuse wrong parameters before anything is analysed', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    await assert.rejects(lens.map({ textDocument, keys: [2, 9] }, wanted));
    await assert.rejects(lens.row({ textDocument, token: 77 }, wanted));
    assert.equal(engine.jobs.length, 0);
  });

  it('tell what each head does, once for the same text, and without delaying pictures', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one (two) one');
    const overview = await lens.overview({ textDocument, statistics: false }, wanted);
    assert.deepEqual(overview.statistics, {});
    assert.equal(engine.statisticsAsked.length, 0);
    const answer = await lens.statistics({ textDocument }, wanted);
    assert.deepEqual([answer.layers, answer.heads], [2, 3]);
    assert.ok(Math.abs((decodeNumbers(answer.statistics.self ?? '')[4] ?? 0) - 0.4) < 1e-6);
    assert.equal(answer.counted.induction, 0);
    assert.equal(answer.even.induction, null);
    const again = await lens.overview({ textDocument }, wanted);
    assert.equal(again.statistics.self, answer.statistics.self);
    assert.equal(engine.statisticsAsked.length, 1);
    assert.ok(engine.statisticsAsked[0]?.structure);
  });

  it('are still known as a whole when the engine has let their window go', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one (two) one');
    const overview = await lens.overview({ textDocument }, wanted);
    const statistics = await lens.statistics({ textDocument }, wanted);
    lens.settings = { ...DEFAULT_SETTINGS, engine: { ...DEFAULT_SETTINGS.engine, memoryLimit: 0 } };
    lens.open('file:///other', 1, 'three four');
    await lens.row({ textDocument: { uri: 'file:///other' }, position: start }, wanted);
    assert.match(lens.status().message ?? '', /memory limit of 0 MB is smaller/);
    assert.equal(engine.held.size, 1);
    assert.deepEqual(await lens.overview({ textDocument }, wanted), overview);
    assert.deepEqual(await lens.statistics({ textDocument }, wanted), statistics);
    assert.equal(engine.jobs.length, 2);
    await lens.row({ textDocument, position: start }, wanted);
    assert.equal(engine.jobs.length, 3);
  });

  it('say what to ask for when they would be too large', async () => {
    const { lens } = await lensWith(new FakeEngine(), 'word '.repeat(900), 1000);
    const size = { rows: 900, columns: 900 };
    await assert.rejects(lens.map({ textDocument, size }, wanted), (error: RequestFailed) => {
      assert.equal(error.reason, 'tooLarge');
      const fitting = error.data['size'] as typeof size;
      assert.ok(fitting.rows < 900 && fitting.rows > 400);
      return true;
    });
    const map = await lens.map({ textDocument }, wanted);
    assert.ok(JSON.stringify(map).length <= 1_000_000);
    const larger = { textDocument, size: 800 };
    await assert.rejects(lens.overview(larger, wanted), { reason: 'tooLarge' });
  });

  it('ask the engine for heads, aggregate and reading as they are chosen', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one two');
    const heads = { layer: 1, heads: [2, 0], aggregate: 'max', reading: 'valueWeighted' } as const;
    await lens.row({ textDocument, token: 1, ...heads, heads: [...heads.heads] }, wanted);
    await lens.map({ textDocument, reading: 'rollout', layer: 0 }, wanted);
    const asked = engine.asked.map(({ layer, head, heads, aggregate, reading, groups }) => [
      ...[layer, head, heads, aggregate, reading, groups],
    ]);
    assert.deepEqual(asked, [
      [1, null, [0, 2], 'max', 'valueWeighted', undefined],
      [0, null, null, 'mean', 'rollout', undefined],
    ]);
  });

  it('count words where pieces are merged, in rows, columns and maps', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'one twothree four');
    const words = [0, 1, 2, 2, 3, 4];
    assert.deepEqual((await lens.tokens({ textDocument }, wanted)).words, words);
    const some = await lens.tokens({ textDocument, slice: [2, 5] }, wanted);
    assert.deepEqual(some.words, [2, 2, 3]);
    const merged = { textDocument, merge: 'words' } as const;
    const row = await lens.row({ ...merged, token: 3 }, wanted);
    assert.equal(row.units, 'words');
    assert.equal(row.token, 3);
    assert.deepEqual(row.sink?.tokens, [0, 4]);
    const weights = decodeNumbers(row.weights);
    assert.equal(weights.length, 5);
    assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-6);
    const column = await lens.row({ ...merged, token: 3, direction: 'readBy' }, wanted);
    assert.deepEqual([...decodeNumbers(column.weights)], [0.5, 0.5, 0.5, 0.5, 0.5]);
    const map = await lens.map(merged, wanted);
    assert.deepEqual([map.units, map.rows, map.columns], ['words', 5, 5]);
    const asked = engine.asked as { token?: number; end?: number; groups?: Int32Array }[];
    for (const { groups } of asked) assert.deepEqual([...(groups ?? [])], words);
    assert.deepEqual([asked[0]?.token, asked[0]?.end], [2, 4]);
    await assert.rejects(lens.map({ ...merged, keys: [0, 6] }, wanted), InvalidParams);
    const plain = await lens.row({ textDocument, token: 3 }, wanted);
    assert.deepEqual([plain.units, decodeNumbers(plain.weights).length], ['tokens', 6]);
  });

  it('refuse to weigh values where the model’s files do not say how heads are joined', async () => {
    const { lens, ready } = await lensWith(new FakeEngine(), 'one two');
    const weighed = { reading: 'valueWeighted' } as const;
    await lens.select(weighed, wanted);
    ready.manifest.taps.forEach((tap) => delete tap.output);
    await assert.rejects(lens.select(weighed, wanted), {
      reason: 'notInThisModel',
      message: /Choose another reading\.$/,
    });
    assert.equal((await lens.select({ layer: 1 }, wanted)).selection.reading, 'raw');
  });
});

describe('positions', () => {
  const hoverAt = async (text: string, position: Position): Promise<unknown> => {
    const { lens } = await lensWith(new FakeEngine(), text);
    return (await lens.hover(uri, position, true, wanted))?.range;
  };
  const span = (from: number, to: number): unknown => ({
    start: { line: 0, character: from },
    end: { line: 0, character: to },
  });

  it('find the token that holds them, else the one that ends there', async () => {
    assert.deepEqual(await hoverAt('one  two', { line: 0, character: 2 }), span(0, 3));
    assert.deepEqual(await hoverAt('one  two', { line: 0, character: 3 }), span(0, 3));
    assert.equal(await hoverAt('one   two', { line: 0, character: 4 }), undefined);
    assert.deepEqual(await hoverAt('one two', { line: 0, character: 4 }), span(4, 7));
  });

  it('are clamped to their line and to the document', async () => {
    assert.deepEqual(await hoverAt('one\ntwo', { line: 0, character: 99 }), span(0, 3));
    assert.deepEqual(await hoverAt('one', { line: 7, character: 99 }), span(0, 3));
  });

  it('find nothing in an empty document', async () => {
    for (const text of ['', ' \n\t ']) assert.equal(await hoverAt(text, start), undefined);
    const { lens } = await lensWith(new FakeEngine(), '');
    assert.equal((await lens.tokens({ textDocument }, wanted)).total, 2);
    assert.equal((await lens.map({ textDocument }, wanted)).rows, 2);
  });
});

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
    lens.change(uri, 2, [insert(0, 'word ')]);
    const position = { line: 0, character: 24_990 };
    const tokens = await lens.tokens({ textDocument, position }, wanted);
    assert.ok(tokens.tokens.some(({ range }) => range?.start.character === 24_990));
  });
});

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

describe('the selection', () => {
  const asTrained = INITIAL_SELECTION;

  it('is what hover shows, and is checked against the model', async () => {
    const { lens } = await lensWith(new FakeEngine(), 'one');
    assert.deepEqual(lens.status().selection, asTrained);
    const { selection } = await lens.select({ layer: 1, reading: 'withoutSink' }, wanted);
    assert.deepEqual(selection, { ...asTrained, layer: 1, reading: 'withoutSink' });
    assert.deepEqual(lens.status().selection, selection);
    const hover = await lens.hover(uri, start, true, wanted);
    assert.match(hover?.text ?? '', /\*layer 1, mean of 3 heads\* · \*\*without sink\*\*/);
    await assert.rejects(lens.select({ head: 3 }, wanted), InvalidParams);
    await assert.rejects(lens.select({ head: 1, reading: 'rollout' }, wanted), InvalidParams);
    assert.deepEqual(lens.status().selection, selection);
  });

  it('asks for the whole word where words are merged', async () => {
    const engine = new FakeEngine();
    const { lens } = await lensWith(engine, 'twothree');
    await lens.select({ merge: 'words' }, wanted);
    const hover = await lens.hover(uri, { line: 0, character: 6 }, true, wanted);
    assert.match(hover?.text ?? '', /^\*\*`twothree`\*\* · tokens 1 to 2 of 4 · /);
    const asked = engine.asked.map((params) => 'token' in params && [params.token, params.end]);
    assert.deepEqual(asked, [
      [1, 3],
      [1, 3],
    ]);
  });

  it('has no controls where another model than the Chapter model is in use', async () => {
    const { lens } = await lensWith(new FakeEngine(), 'one');
    assert.equal(lens.status().chapter, null);
    const select = lens.select({ chapter: { heads: 2 } }, wanted);
    await assert.rejects(select, { reason: 'notInThisModel' });
    assert.equal((await lens.select({}, wanted)).chapter, null);
  });
});

describe('a change of position', () => {
  const learned = async (
    text: string,
  ): Promise<{ lens: Lens; engine: FakeEngine; ready: ReadyModel }> => {
    const engine = new FakeEngine();
    const { lens, ready } = await lensWith(engine, text);
    ready.model.position = { kind: 'learned' };
    ready.model.encodingModes = ['off', 'scaled', 'shuffled', 'reversed', 'shifted', 'frozen'];
    return { lens, engine, ready };
  };

  it('is analysed beside the model as trained, by the positions of the graph', async () => {
    const { lens, engine } = await learned('one two six');
    await lens.row({ textDocument, token: 1 }, wanted);
    await lens.row({ textDocument, token: 1, encoding: { mode: 'reversed' } }, wanted);
    await lens.row({ textDocument, token: 1, encoding: { mode: 'scaled', scale: 0.5 } }, wanted);
    await lens.map({ textDocument, encoding: { mode: 'reversed' } }, wanted);
    const jobs = engine.jobs.map(({ params }) => [
      params.positions && [...params.positions],
      params.positionScale,
    ]);
    assert.deepEqual(jobs, [
      [undefined, undefined],
      [[0, 3, 2, 1, 4], 1],
      [[0, 1, 2, 3, 4], 0.5],
    ]);
    assert.equal(lens.status().documents[0]?.analysed, 1);
  });

  it('shows in the hover what weights were as trained', async () => {
    const { lens, engine } = await learned('one two');
    await lens.select({ encoding: { mode: 'off' } }, wanted);
    const hover = await lens.hover(uri, start, true, wanted);
    assert.match(hover?.text ?? '', /\*\*position off\*\*\n/);
    assert.match(hover?.text ?? '', /16\.7 % \(was 16\.7 %\)/);
    assert.equal(engine.jobs.length, 2);
  });

  it('that one window cannot have leaves its hover as trained, and says why', async () => {
    const { lens, engine } = await learned('one two');
    await lens.select({ encoding: { mode: 'shifted', by: 30 } }, wanted);
    const hover = await lens.hover(uri, start, true, wanted);
    assert.doesNotMatch(hover?.text ?? '', /position shifted|\(was/);
    assert.match(hover?.text ?? '', /as trained: A shift by 30 leaves the table of 32 positions/);
    assert.equal(engine.jobs.length, 1);
  });

  it('is refused where the model sees no position, and past its table', async () => {
    const { lens } = await lensWith(new FakeEngine(), 'one two');
    const off = { textDocument, token: 1, encoding: { mode: 'off' } as const };
    await assert.rejects(lens.row(off, wanted), { reason: 'notInThisModel' });
    const { lens: other } = await learned('one two');
    const shifted = { textDocument, token: 1, encoding: { mode: 'shifted', by: 29 } as const };
    await assert.rejects(other.row(shifted, wanted), { field: 'encoding' });
    await other.row({ ...shifted, encoding: { mode: 'shifted', by: 28 } }, wanted);
  });

  it('is compared head by head', async () => {
    const { lens, engine } = await learned('one two');
    const effect = await lens.positionEffect(
      { textDocument, encoding: { mode: 'frozen', at: 3 } },
      wanted,
    );
    assert.deepEqual([effect.layers, effect.heads], [2, 3]);
    assert.ok(Math.abs((decodeNumbers(effect.totalVariation)[4] ?? 0) - 0.4) < 1e-6);
    assert.equal(engine.jobs.length, 2);
  });

  it('shows in the encoding that is drawn', async () => {
    const { lens } = await learned('one two');
    const drawn = await lens.position(
      { textDocument, position: start, encoding: { mode: 'shifted', by: 4 }, scale: 2 },
      wanted,
    );
    assert.deepEqual(drawn.positionIds, [4, 5, 6, 7]);
    assert.deepEqual([drawn.token, drawn.tokenPosition], [1, 5]);
    assert.deepEqual([...decodeNumbers(drawn.matrix ?? '').subarray(0, 12)], Array(12).fill(10));
    assert.equal(drawn.similarity?.distances, 4);
    assert.deepEqual([drawn.wavelengths, drawn.slopes, drawn.formula], [null, null, null]);
    const some = await lens.position({ textDocument, positions: [2, 4] }, wanted);
    assert.equal(decodeNumbers(some.matrix ?? '').length, 24);
    await assert.rejects(lens.position({ textDocument, scale: 0 }, wanted), { field: 'scale' });
    await assert.rejects(lens.position({ textDocument, positions: [2, 9] }, wanted), InvalidParams);
  });

  it('is weighed against content by shuffles where there is no closed form', async () => {
    const { lens, engine } = await learned('one two six ten');
    const share = await lens.positionShare(
      { textDocument, layer: 1, head: 0, query: 1, key: 2 },
      wanted,
    );
    assert.equal(share.method, 'shuffledTokens');
    assert.equal(share.samples, 8);
    assert.ok(Math.abs(share.position + share.content - share.weight) < 1e-9);
    assert.match(share.limits, /^An estimate/);
    for (const { params } of engine.jobs) assert.deepEqual(params.specialTokens, [0, 5]);
    await assert.rejects(
      lens.positionShare({ textDocument, layer: 2, head: 0, query: 1, key: 2 }, wanted),
      { field: 'layer' },
    );
  });

  it('and stages belong to models that have them', async () => {
    const { lens } = await learned('one two');
    const stages = lens.stages({ textDocument, token: 1 }, wanted);
    await assert.rejects(stages, { reason: 'notInThisModel' });
  });
});
