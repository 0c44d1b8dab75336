import assert from 'node:assert/strict';
import { InvalidParams } from '../../../server/analysis/errors';
import type { Lens } from '../../../server/analysis/lens';
import type { ReadyModel } from '../../../server/analysis/modelSlot';
import { decodeNumbers } from '../../../server/analysis/numbers';
import { INITIAL_SELECTION } from '../../../server/protocol';
import { FakeEngine } from './fakes';
import { lensWith, start, textDocument, uri, wanted } from './oneDocument';

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
