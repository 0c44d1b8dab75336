import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import type { ChapterSettings } from '../../server/chapter/controls';
import { assertClose, DEFAULTS, tensorsOf, TEXT, TOKENS, valuesOf, WIDTH } from './chapterAnswers';
import { start, type Client } from './client';

const uri = 'file:///story.txt';
const textDocument = { uri };

describe('the Chapter model', function () {
  this.timeout(240_000);
  let client: Client;
  before(async () => {
    client = await start({ initialize: { initializationOptions: { model: 'chapter' } } });
    await client.open(uri, TEXT);
  });
  after(() => client.stop());

  const setChapter = (chapter: Partial<ChapterSettings>) =>
    client.request('attentionLens/setSelection', { chapter });
  const stages = (token: number, key?: number) =>
    client.request('attentionLens/stages', { textDocument, token, key });

  it('can be the model of the settings, and tells its controls', async () => {
    const status = await client.status(({ state }) => state === 'ready');
    assert.equal(status.model?.id, 'chapter');
    assert.deepEqual([status.model.layers, status.model.heads], [1, 8]);
    assert.deepEqual(status.chapter, DEFAULTS);
    const { model } = await client.request('attentionLens/tokens', { textDocument });
    assert.equal(model.position.kind, 'sinusoidal');
  });

  it('has stages that follow from each other', async () => {
    const [token, key] = [2, 5];
    const found = await stages(token, key);
    assert.deepEqual(
      found.stages.map(({ stage }) => stage),
      [
        'preprocess',
        'positionalEncoding',
        'inputNew',
        'similarity',
        'weights',
        'weightedSum',
        'concatenation',
        'mlp',
        'output',
      ],
    );
    for (const { shape, sliceShape, values, axes, sliceAxes } of tensorsOf(found).values()) {
      assert.equal(shape.length, axes.length);
      assert.equal(sliceShape.length, sliceAxes.length);
      const count = sliceShape.reduce((product, size) => product * size, 1);
      assert.equal(decodeNumbers(values).length, count);
    }
    const [input, encoding, sum] = ['input', 'encoding', 'input_new'].map((name) =>
      valuesOf(found, name),
    );
    sum?.forEach((value, at) => assertClose(value, (input?.[at] ?? NaN) + (encoding?.[at] ?? NaN)));
    assertClose(encoding?.[0], Math.sin(token));
    assertClose(encoding?.[3], Math.cos(token / 10_000 ** (2 / WIDTH)));
    assert.deepEqual(valuesOf(found, 'layer.0.query'), sum);
    const similarity = valuesOf(found, 'similarity');
    valuesOf(found, 'scaled_similarity').forEach((score, at) =>
      assertClose(score, (similarity[at] ?? NaN) / Math.sqrt(WIDTH / 8)),
    );
    const weights = valuesOf(found, 'layer.0.weights');
    for (let head = 0; head < 8; head++) {
      const row = weights.subarray(head * TOKENS, (head + 1) * TOKENS);
      assertClose(
        row.reduce((total, weight) => total + weight, 0),
        1,
      );
      const own = await client.request('attentionLens/row', { textDocument, token, head });
      decodeNumbers(own.weights).forEach((weight, at) => assertClose(weight, row[at] ?? NaN));
    }
    const context = valuesOf(found, 'context');
    assert.deepEqual(
      [...valuesOf(found, 'concatenation')],
      [...context, ...(sum ?? new Float32Array())],
    );
    const all = await Promise.all(Array.from({ length: TOKENS }, (_, each) => stages(token, each)));
    const [head, column] = [3, 7];
    const contributions = all.map(
      ({ pair }) => decodeNumbers(pair?.heads[head]?.contribution ?? '')[column] ?? NaN,
    );
    assertClose(
      context[(head * WIDTH) / 8 + column],
      contributions.reduce((total, part) => total + part, 0),
    );
    assertClose(found.pair?.heads[head]?.weight, weights[head * TOKENS + key] ?? NaN);
  });

  it('shows its encoding with the formula of the token at hand', async () => {
    const token = 7;
    const drawn = await client.request('attentionLens/position', {
      textDocument,
      token,
      dimension: 4,
      scale: 2,
    });
    assert.deepEqual([drawn.dimensions, drawn.tokenPosition], [WIDTH, token]);
    const { formula } = drawn;
    assertClose(formula?.value, Math.sin(token / 10_000 ** (4 / WIDTH)));
    assertClose(formula?.scaled, 2 * (formula?.value ?? NaN));
    assert.match(
      formula?.text ?? '',
      /^PE\[7, 4\] = sin\(7 \/ 10000\^\(4\/384\)\) = .*; 2 · .* = /,
    );
    assertClose(decodeNumbers(drawn.matrix ?? '')[token * WIDTH + 4], formula?.scaled ?? NaN);
    assertClose(decodeNumbers(drawn.wavelengths ?? '')[0], 2 * Math.PI);
    const spread = decodeNumbers(drawn.similarity?.spread ?? '');
    assert.ok(spread.every((value) => value < 1e-3));
    await setChapter({ encoding: 'rope' });
    const rope = await client.request('attentionLens/position', { textDocument, token });
    assert.deepEqual([rope.scheme.kind, rope.dimensions, rope.formula], ['rope', 48, null]);
    assertClose(decodeNumbers(rope.matrix ?? '')[token * 48 + 24], Math.sin(token));
    await setChapter({ encoding: 'alibi' });
    const alibi = await client.request('attentionLens/position', { textDocument });
    assert.deepEqual([...decodeNumbers(alibi.slopes ?? '')].slice(0, 2), [0.5, 0.25]);
    await setChapter(DEFAULTS);
  });

  it('splits its scores into position and content in closed form', async () => {
    const pair = { layer: 0, head: 1, query: 5, key: 2 };
    const share = () => client.request('attentionLens/positionShare', { textDocument, ...pair });
    const score = async (): Promise<number> =>
      (await stages(pair.query, pair.key)).pair?.heads[pair.head]?.scaled ?? NaN;
    for (const [change, method] of [
      [{ encoding: 'sinusoidal' }, 'nineTerms'],
      [{ encoding: 'learned' }, 'nineTerms'],
      [{ encoding: 'rope' }, 'ropeAveragedContent'],
      [{ encoding: 'alibi' }, 'alibiBias'],
      [{ encoding: 'none' }, 'noPosition'],
      [{ encoding: 'sinusoidal', wiring: 'diagram' }, 'noPosition'],
    ] as [Partial<ChapterSettings>, string][]) {
      await setChapter({ ...DEFAULTS, ...change });
      const found = await share();
      assert.equal(found.method, method);
      assertClose(found.position + found.content, await score());
    }
    await setChapter({ ...DEFAULTS, encoding: 'alibi' });
    assertClose((await share()).position, -0.25 * 3);
    await setChapter({ ...DEFAULTS, similarity: 'additive' });
    assert.equal((await share()).method, 'shuffledTokens');
    await setChapter({ ...DEFAULTS, causal: true });
    const hidden = client.request('attentionLens/positionShare', {
      textDocument,
      ...pair,
      key: 6,
    });
    await assert.rejects(hidden, { code: -32602, data: { field: 'key' } });
    await setChapter(DEFAULTS);
  });
});
