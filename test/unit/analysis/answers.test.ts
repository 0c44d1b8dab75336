import assert from 'node:assert/strict';
import type { RequestFailed } from '../../../server/analysis/errors';
import { InvalidParams } from '../../../server/analysis/errors';
import { decodeNumbers } from '../../../server/analysis/numbers';
import { DEFAULT_SETTINGS } from '../../../server/analysis/settings';
import type { Position } from '../../../server/protocol';
import { FakeEngine } from './fakes';
import { lensWith, start, textDocument, uri, wanted } from './oneDocument';

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
