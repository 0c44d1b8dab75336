import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import { ENCODINGS, SIMILARITIES, type ChapterSettings } from '../../server/chapter/controls';
import { WORKED_EXAMPLES } from '../../server/chapter/workedExamples';
import { INITIAL_SELECTION, type StagesResult, type StageTensor } from '../../server/protocol';
import { start, type Client } from './client';

const uri = 'file:///story.txt';
const textDocument = { uri };
const TEXT = 'The keeper lit the lamps. The lamps burned all night.';
const TOKENS = 14;
const WIDTH = 384;
const DEFAULTS: ChapterSettings = {
  similarity: 'scaledDot',
  heads: 8,
  encoding: 'sinusoidal',
  wiring: 'formula',
  scale: 1,
  scaleVariant: 'usual',
  causal: false,
};

const close = (found: number | undefined, expected: number, tolerance = 1e-5): void =>
  assert.ok(
    Math.abs((found ?? NaN) - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${found} is not ${expected}`,
  );

function tensorsOf({ stages }: StagesResult): Map<string, StageTensor> {
  return new Map(stages.flatMap(({ tensors }) => tensors).map((tensor) => [tensor.name, tensor]));
}

function valuesOf(stages: StagesResult, name: string): Float32Array {
  return decodeNumbers(tensorsOf(stages).get(name)?.values ?? '');
}

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
    sum?.forEach((value, at) => close(value, (input?.[at] ?? NaN) + (encoding?.[at] ?? NaN)));
    close(encoding?.[0], Math.sin(token));
    close(encoding?.[3], Math.cos(token / 10_000 ** (2 / WIDTH)));
    assert.deepEqual(valuesOf(found, 'layer.0.query'), sum);
    const similarity = valuesOf(found, 'similarity');
    valuesOf(found, 'scaled_similarity').forEach((score, at) =>
      close(score, (similarity[at] ?? NaN) / Math.sqrt(WIDTH / 8)),
    );
    const weights = valuesOf(found, 'layer.0.weights');
    for (let head = 0; head < 8; head++) {
      const row = weights.subarray(head * TOKENS, (head + 1) * TOKENS);
      close(
        row.reduce((total, weight) => total + weight, 0),
        1,
      );
      const own = await client.request('attentionLens/row', { textDocument, token, head });
      decodeNumbers(own.weights).forEach((weight, at) => close(weight, row[at] ?? NaN));
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
    close(
      context[(head * WIDTH) / 8 + column],
      contributions.reduce((total, part) => total + part, 0),
    );
    close(found.pair?.heads[head]?.weight, weights[head * TOKENS + key] ?? NaN);
  });

  it('follows every control within one pass, and its hash with it', async () => {
    const hashes = new Set<string>();
    for (const similarity of SIMILARITIES)
      for (const encoding of ENCODINGS) {
        const { chapter } = await setChapter({ similarity, encoding, heads: 4 });
        assert.deepEqual(chapter, { ...DEFAULTS, similarity, encoding, heads: 4 });
        const row = await client.request('attentionLens/row', { textDocument, token: 3, head: 3 });
        hashes.add(row.model);
        close(
          decodeNumbers(row.weights).reduce((total, weight) => total + weight, 0),
          1,
        );
        const { position } = (await client.request('attentionLens/tokens', { textDocument })).model;
        assert.equal(position.kind, encoding);
        const found = await stages(3);
        const own = decodeNumbers(row.weights);
        const weights = valuesOf(found, 'layer.0.weights').subarray(3 * TOKENS, 4 * TOKENS);
        weights.forEach((weight, at) => close(own[at], weight));
      }
    assert.equal(hashes.size, SIMILARITIES.length * ENCODINGS.length);
    await setChapter(DEFAULTS);
  });

  it('keeps the selection when controls come alone, as far as it fits', async () => {
    const select = { head: 6, reading: 'withoutSink' as const, encoding: { mode: 'off' as const } };
    await client.request('attentionLens/setSelection', select);
    const same = await setChapter({ scale: 2 });
    assert.deepEqual(same.selection, { ...INITIAL_SELECTION, ...select });
    const fewer = await setChapter({ heads: 2 });
    assert.deepEqual(fewer.selection, { ...INITIAL_SELECTION, ...select, head: null });
    const none = await setChapter({ encoding: 'none' });
    assert.equal(none.selection.encoding, null);
    await client.request('attentionLens/setSelection', { chapter: DEFAULTS, layer: null });
  });

  it('answers with the newest of many changes made at once', async () => {
    const scales = [1.1, 1.2, 1.3, 1.4, 1.5];
    const answers = await Promise.all(scales.map((scale) => setChapter({ scale })));
    for (const { chapter } of answers.slice(-1)) assert.equal(chapter?.scale, 1.5);
    assert.equal((await client.request('attentionLens/status', {})).chapter?.scale, 1.5);
    const { scheme } = await client.request('attentionLens/position', { textDocument });
    assert.ok(scheme.kind === 'sinusoidal');
    assert.equal(scheme.scale, 1.5);
    await setChapter(DEFAULTS);
  });

  it('is named by the hover with its controls', async () => {
    await setChapter({ encoding: 'alibi', causal: true });
    const text = (await client.hover(uri, 0, 6))?.contents.value ?? '';
    assert.match(
      text,
      /\nChapter model: scaled dot, ALiBi, causal$|\nChapter model: .*ALiBi, causal/,
    );
    await setChapter(DEFAULTS);
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
    close(formula?.value, Math.sin(token / 10_000 ** (4 / WIDTH)));
    close(formula?.scaled, 2 * (formula?.value ?? NaN));
    assert.match(
      formula?.text ?? '',
      /^PE\[7, 4\] = sin\(7 \/ 10000\^\(4\/384\)\) = .*; 2 · .* = /,
    );
    close(decodeNumbers(drawn.matrix ?? '')[token * WIDTH + 4], formula?.scaled ?? NaN);
    close(decodeNumbers(drawn.wavelengths ?? '')[0], 2 * Math.PI);
    const spread = decodeNumbers(drawn.similarity?.spread ?? '');
    assert.ok(spread.every((value) => value < 1e-3));
    await setChapter({ encoding: 'rope' });
    const rope = await client.request('attentionLens/position', { textDocument, token });
    assert.deepEqual([rope.scheme.kind, rope.dimensions, rope.formula], ['rope', 48, null]);
    close(decodeNumbers(rope.matrix ?? '')[token * 48 + 24], Math.sin(token));
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
      close(found.position + found.content, await score());
    }
    await setChapter({ ...DEFAULTS, encoding: 'alibi' });
    close((await share()).position, -0.25 * 3);
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

  it('refuses controls that there are not, naming them', async () => {
    for (const [chapter, message] of [
      [{ heads: 3 }, /"heads" cannot be 3/],
      [{ scale: 0 }, /scale must be a number above 0/],
      [{ scale: NaN }, /scale must be a number above 0/],
      [{ encoding: 'spiral' }, /"encoding" cannot be "spiral"/],
      ['rope', /settings as an object/],
    ] as [unknown, RegExp][]) {
      const set = client.connection.sendRequest('attentionLens/setSelection', { chapter });
      await assert.rejects(set, (error: { code: number; message: string; data: object }) => {
        assert.equal(error.code, -32602);
        assert.deepEqual(error.data, { field: 'chapter' });
        assert.match(error.message, message);
        return true;
      });
    }
    const status = await client.request('attentionLens/status', {});
    assert.deepEqual(status.chapter, DEFAULTS);
  });

  it('comes and goes with the setting', async () => {
    const set = (settings: unknown): Promise<void> =>
      client.connection.sendNotification('workspace/didChangeConfiguration', { settings });
    await set({ attentionLens: { model: 'bundled' } });
    await client.status(({ model }) => model?.id === 'bundled');
    client.notifications.length = 0;
    await set({ attentionLens: { model: 'chapter' } });
    await client.status(({ model }) => model?.id === 'chapter');
  });

  it('gives way to the bundled model, which has no controls and no stages', async () => {
    await client.request('attentionLens/selectModel', { model: 'bundled' });
    assert.equal((await client.request('attentionLens/status', {})).chapter, null);
    await assert.rejects(setChapter({ heads: 2 }), { data: { reason: 'notInThisModel' } });
    await assert.rejects(stages(1), { data: { reason: 'notInThisModel' } });
    const { model } = await client.request('attentionLens/selectModel', { model: 'chapter' });
    assert.equal(model.id, 'chapter');
  });
});

describe('a model that is chosen while another is loading', function () {
  this.timeout(120_000);

  it('is the one that answers', async () => {
    for (const pause of [0, 1, 2]) {
      const client = await start();
      await client.open(uri, TEXT);
      for (let turn = 0; turn < pause; turn++) await client.request('attentionLens/status', {});
      const chosen = client.request('attentionLens/selectModel', { model: 'chapter' });
      const early = client.hover(uri, 0, 6);
      const { model } = await chosen;
      assert.match((await early)?.contents.value ?? '', /^\*\*`keeper`\*\*/);
      const found = await client.request('attentionLens/stages', { textDocument, token: 2 });
      assert.equal(found.model, model.hash);
      const hover = await client.hover(uri, 0, 6);
      assert.match(hover?.contents.value ?? '', /Chapter model: scaled dot, sinusoidal/);
      assert.equal(await client.stop(), 0);
    }
  });
});

describe('documents of numbers', function () {
  this.timeout(120_000);
  let client: Client;
  before(async () => {
    client = await start({ initialize: { initializationOptions: { model: 'chapter' } } });
    for (const { section, text } of WORKED_EXAMPLES) await client.open(section, text);
  });
  after(() => client.stop());

  const stages = (section: string, token: number) =>
    client.request('attentionLens/stages', { textDocument: { uri: section }, token });
  const rowOf = async (document: string, token: number): Promise<Float32Array> => {
    const asked = { textDocument: { uri: document }, token };
    return decodeNumbers((await client.request('attentionLens/row', asked)).weights);
  };
  const replaced = async (section: string, from: string, to: string): Promise<string> => {
    const text = WORKED_EXAMPLES.find((example) => example.section === section)?.text ?? '';
    const document = `${section} ${to}`;
    await client.open(document, text.replace(from, to));
    return document;
  };

  it('have their numbers as tokens, each where it stands', async () => {
    const asked = { textDocument: { uri: '4.1.5' } };
    const { tokens, model } = await client.request('attentionLens/tokens', asked);
    assert.deepEqual([model.layers, model.heads, model.width], [1, 1, 1]);
    assert.deepEqual(
      tokens.map(({ text, range }) => [text, range?.start.line, range?.start.character]),
      ['1', '2', '3', '4', '5'].map((text, at) => [text, 8, 3 * at]),
    );
  });

  it('weigh §4.1.5 right, with √1 and with √5', async () => {
    const right = [0.011656, 0.031685, 0.086129, 0.234122, 0.636409];
    (await rowOf('4.1.5', 0)).forEach((weight, key) => close(weight, right[key] ?? NaN, 1e-6));
    close(valuesOf(await stages('4.1.5', 0), 'context')[0], 14.4519, 5e-5);
    const five = await replaced('4.1.5', 'd_k: 1', 'd_k: 5');
    const other = [0.067486, 0.105545, 0.165067, 0.258157, 0.403744];
    (await rowOf(five, 0)).forEach((weight, key) => close(weight, other[key] ?? NaN, 1e-6));
    close(valuesOf(await stages(five, 0), 'context')[0], 13.8251, 5e-5);
  });

  it('scale §4.2.4 in the chapter’s variant', async () => {
    const encoding = valuesOf(await stages('4.2.4', 1), 'encoding');
    const [sin, cos] = [Math.sin(1), Math.cos(1)];
    [Math.sin(10 * sin), Math.sin(10 * cos), Math.cos(10 * sin), Math.cos(10 * cos)].forEach(
      (value, at) => close(encoding[at], value),
    );
  });

  it('attend right in §4.3.3, in all three wirings', async () => {
    const right = [5.0456, 5.3927, 5.47, 5.4912, 5.4974];
    const words = await replaced('4.3.3', 'wiring: formula', 'wiring: words');
    const diagram = await replaced('4.3.3', 'wiring: formula', 'wiring: diagram');
    for (const [token, expected] of right.entries()) {
      const joined = async (section: string): Promise<Float32Array> =>
        valuesOf(await stages(section, token), 'concatenation');
      const formula = await joined('4.3.3');
      close(formula[0], expected, 5e-5);
      close(formula[1], 1.1 * (token + 1));
      const [context, encoding] = await joined(words);
      close(context, expected, 5e-5);
      close(encoding, 0.1 * (token + 1));
      const [blind, same] = await joined(diagram);
      assert.ok((blind ?? 0) < expected && (blind ?? 0) > 1);
      close(same, 0.1 * (token + 1));
    }
  });

  it('are hovered, mapped and pictured like any text', async () => {
    const hover = await client.hover('4.1.5', 8, 0);
    assert.match(hover?.contents.value ?? '', /^\*\*`1`\*\* · token 0 of 5 · \*layer 0, head 0\*/);
    assert.match(hover?.contents.value ?? '', /\| `5` \| `████████` 63\.6 % \|/);
    assert.doesNotMatch(hover?.contents.value ?? '', /sink/);
    const asked = { textDocument: { uri: '4.1.5' } };
    const map = await client.request('attentionLens/map', { ...asked, layer: 0, head: 0 });
    assert.deepEqual([map.rows, map.columns], [5, 5]);
    close(decodeNumbers(map.values)[4], 0.636409, 1e-6);
    const row = await client.request('attentionLens/row', { ...asked, token: 0 });
    assert.equal(row.sink, null);
    const status = await client.request('attentionLens/status', {});
    assert.deepEqual(
      status.documents.find(({ uri }) => uri === '4.1.5'),
      { uri: '4.1.5', version: 1, windows: 1, analysed: 1 },
    );
    const overview = await client.request('attentionLens/overview', asked);
    assert.deepEqual([overview.layers, overview.heads, overview.size], [1, 1, 5]);
    const wrong = client.request('attentionLens/row', { ...asked, token: 0, head: 3 });
    await assert.rejects(wrong, { code: -32602, data: { field: 'head' } });
  });

  it('take part in the laboratory', async () => {
    const asked = { textDocument: { uri: '4.3.3' } };
    const off = await client.request('attentionLens/positionEffect', {
      ...asked,
      encoding: { mode: 'off' },
    });
    const [trained, changed] = await Promise.all(
      [null, { mode: 'off' as const }].map((encoding) =>
        client.request('attentionLens/map', { ...asked, encoding }),
      ),
    );
    const values = decodeNumbers(trained?.values ?? '');
    const sum = decodeNumbers(changed?.values ?? '').reduce(
      (total, weight, cell) => total + Math.abs(weight - (values[cell] ?? NaN)),
      0,
    );
    close(decodeNumbers(off.totalVariation)[0], sum / 2 / 5);
    const share = await client.request('attentionLens/positionShare', {
      ...asked,
      layer: 0,
      head: 0,
      query: 0,
      key: 4,
    });
    assert.deepEqual([share.method, share.terms?.length], ['nineTerms', 9]);
    close(share.position + share.content, 1.1 * 5.5);
    close(share.position, 0.1 * 0.5);
    const drawn = await client.request('attentionLens/position', asked);
    assert.deepEqual(
      [...decodeNumbers(drawn.matrix ?? '')].map((value) => value.toFixed(1)),
      ['0.1', '0.2', '0.3', '0.4', '0.5'],
    );
  });

  it('are read again with every edit, and broken ones are refused with a sentence', async () => {
    const broken: [string, RegExp][] = [
      ['1, 2, three', /Line 1: "three" is not a number/],
      ['7', /A single number has nothing else to attend to/],
      ['1, NaN', /Line 1: NaN cannot be computed with/],
      ['---\nqueries: 1, 2\n---\n1, 2, 3', /"queries" has 2 numbers, but the document has 3/],
      ['---\nencoding: sinusoidal\n---\n1, 2', /even width of at least 2, but 1 was given/],
      ['1e300, 1e300', /too large to be computed with/],
      ['---\nqueries: 1, 2\n1, 2', /begin with "---" but never end/],
    ];
    const document = { uri: 'numbers' };
    await client.open(document.uri, '1, 2, 3');
    assert.equal((await rowOf(document.uri, 0)).length, 3);
    let version = 1;
    for (const [text, message] of broken) {
      await client.change(document.uri, ++version, [{ text }]);
      const row = client.request('attentionLens/row', { textDocument: document, token: 0 });
      await assert.rejects(row, (error: { code: number; message: string; data: object }) => {
        assert.equal(error.code, -32803, error.message);
        assert.deepEqual(error.data, { reason: 'badDocument' });
        assert.match(error.message, message);
        return true;
      });
      const hover = await client.hover(document.uri, 0, 0);
      const said = (hover?.contents as { value: string }).value.replace(/\\(.)/g, '$1');
      assert.match(said, message);
    }
    await client.change(document.uri, ++version, [{ text: '4, 5, 6, 7' }]);
    assert.equal((await rowOf(document.uri, 0)).length, 4);
    await client.change(document.uri, version + 1, [{ text: 'Words again.' }]);
    assert.equal((await rowOf(document.uri, 0)).length, 5);
  });
});

describe('the errata', function () {
  this.timeout(60_000);

  it('come in the reader’s language with numbers in them', async () => {
    for (const [locale, title, output] of [
      ['en', /softmax/, /14\.4519/],
      ['zh-cn', /[\u4e00-\u9fff]/, /14\.4519/],
    ] as const) {
      const client = await start({ initialize: { locale } });
      const { errata } = await client.request('attentionLens/errata', {});
      assert.deepEqual(
        errata.map(({ number }) => number),
        Array.from({ length: 13 }, (_, index) => index + 1),
      );
      assert.match(errata[0]?.title ?? '', title);
      assert.match(errata[4]?.right ?? '', output);
      for (const { printed, right, reason } of errata)
        for (const text of [printed, right, reason]) assert.doesNotMatch(text, /\{\d\}|NaN/);
      assert.equal(await client.stop(), 0);
    }
  });
});
