import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import { WORKED_EXAMPLES } from '../../server/chapter/workedExamples';
import { assertClose, valuesOf } from './chapterAnswers';
import { start, type Client } from './client';

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
    (await rowOf('4.1.5', 0)).forEach((weight, key) =>
      assertClose(weight, right[key] ?? NaN, 1e-6),
    );
    assertClose(valuesOf(await stages('4.1.5', 0), 'context')[0], 14.4519, 5e-5);
    const five = await replaced('4.1.5', 'd_k: 1', 'd_k: 5');
    const other = [0.067486, 0.105545, 0.165067, 0.258157, 0.403744];
    (await rowOf(five, 0)).forEach((weight, key) => assertClose(weight, other[key] ?? NaN, 1e-6));
    assertClose(valuesOf(await stages(five, 0), 'context')[0], 13.8251, 5e-5);
  });

  it('scale §4.2.4 in the chapter’s variant', async () => {
    const encoding = valuesOf(await stages('4.2.4', 1), 'encoding');
    const [sin, cos] = [Math.sin(1), Math.cos(1)];
    [Math.sin(10 * sin), Math.sin(10 * cos), Math.cos(10 * sin), Math.cos(10 * cos)].forEach(
      (value, at) => assertClose(encoding[at], value),
    );
  });

  it('scale an encoding that is given as a list', async () => {
    const scaled = await replaced('4.3.3', 'wiring: formula', 'scale: 10');
    const [encoding, sum] = await Promise.all(
      ['encoding', 'input_new'].map(async (name) => valuesOf(await stages(scaled, 2), name)[0]),
    );
    assertClose(encoding, 3);
    assertClose(sum, 6);
    const asked = { textDocument: { uri: scaled } };
    const { matrix, scheme } = await client.request('attentionLens/position', asked);
    assertClose(decodeNumbers(matrix ?? '')[2], 3);
    assert.deepEqual(scheme, { kind: 'learned', given: true, scale: 10, scaleVariant: 'usual' });
  });

  it('attend right in §4.3.3, in all three wirings', async () => {
    const right = [5.0456, 5.3927, 5.47, 5.4912, 5.4974];
    const words = await replaced('4.3.3', 'wiring: formula', 'wiring: words');
    const diagram = await replaced('4.3.3', 'wiring: formula', 'wiring: diagram');
    for (const [token, expected] of right.entries()) {
      const joined = async (section: string): Promise<Float32Array> =>
        valuesOf(await stages(section, token), 'concatenation');
      const formula = await joined('4.3.3');
      assertClose(formula[0], expected, 5e-5);
      assertClose(formula[1], 1.1 * (token + 1));
      const [context, encoding] = await joined(words);
      assertClose(context, expected, 5e-5);
      assertClose(encoding, 0.1 * (token + 1));
      const [blind, same] = await joined(diagram);
      assert.ok((blind ?? 0) < expected && (blind ?? 0) > 1);
      assertClose(same, 0.1 * (token + 1));
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
    assertClose(decodeNumbers(map.values)[4], 0.636409, 1e-6);
    const row = await client.request('attentionLens/row', { ...asked, token: 0 });
    assert.equal(row.sink, null);
    const status = await client.request('attentionLens/status', {});
    assert.deepEqual(
      status.documents.find(({ uri }) => uri === '4.1.5'),
      { uri: '4.1.5', version: 1, windows: 1, analysed: 1, summaries: 0 },
    );
    const overview = await client.request('attentionLens/overview', asked);
    assert.deepEqual([overview.layers, overview.heads, overview.size], [1, 1, 5]);
    const wrong = client.request('attentionLens/row', { ...asked, token: 0, head: 3 });
    await assert.rejects(wrong, { code: -32602, data: { field: 'head' } });
  });

  it('have of a selection what fits them, where that is asked for', async () => {
    const asked = { textDocument: { uri: '4.1.5' }, token: 0 };
    const chosen = { layer: 0, head: 2, encoding: { mode: 'off' as const } };
    const fitted = await client.request('attentionLens/row', { ...asked, ...chosen, fit: true });
    assertClose(decodeNumbers(fitted.weights)[4], 0.636409, 1e-6);
    const strict = client.request('attentionLens/row', { ...asked, ...chosen });
    await assert.rejects(strict, { code: -32602, data: { field: 'head' } });
    const { numbers } = await client.request('attentionLens/tokens', asked);
    assert.equal(numbers, true);
  });

  it('decide themselves which heads and changes may be chosen for them', async () => {
    const text = '---\nencoding: rope\nwidth: 4\nheads: 2\n---\n1, 2, 3\n';
    const textDocument = { uri: 'turned' };
    await client.open(textDocument.uri, text);
    await client.request('attentionLens/setSelection', { chapter: { heads: 1 } });
    const row = { textDocument, token: 0, layer: 0, head: 1 };
    const encoding = { mode: 'yarn', factor: 2 } as const;
    assert.equal(
      decodeNumbers((await client.request('attentionLens/row', { ...row, encoding })).weights)
        .length,
      3,
    );
    const select = { layer: 0, head: 1, encoding };
    const strange = client.request('attentionLens/setSelection', select);
    await assert.rejects(strange, { code: -32602, data: { field: 'head' } });
    const { selection } = await client.request('attentionLens/setSelection', {
      ...select,
      textDocument,
    });
    assert.deepEqual([selection.head, selection.encoding], [1, encoding]);
    await client.request('attentionLens/setSelection', { chapter: { heads: 8 }, layer: null });
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
    assertClose(decodeNumbers(off.totalVariation)[0], sum / 2 / 5);
    const share = await client.request('attentionLens/positionShare', {
      ...asked,
      layer: 0,
      head: 0,
      query: 0,
      key: 4,
    });
    assert.deepEqual([share.method, share.terms?.length], ['nineTerms', 9]);
    assertClose(share.position + share.content, 1.1 * 5.5);
    assertClose(share.position, 0.1 * 0.5);
    const drawn = await client.request('attentionLens/position', asked);
    assert.deepEqual(
      [...decodeNumbers(drawn.matrix ?? '')].map((value) => value.toFixed(1)),
      ['0.1', '0.2', '0.3', '0.4', '0.5'],
    );
  });
});
