import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import { CHAPTER_ROPE_PAIRING } from '../../server/chapter/encoding';
import { ENCODINGS, SIMILARITIES } from '../../server/chapter/controls';
import { ropeFrequencies } from '../../server/positional/ropeFrequencies';
import { rotate } from '../../server/positional/ropeRotation';
import { SINUSOIDAL_BASE } from '../../server/positional/sinusoidal';
import type { EncodingChange, ExplainParams, ExplainResult } from '../../server/protocol';
import { start, type Client } from './client';

const uri = 'file:///story.txt';
const textDocument = { uri };
const TEXT = 'The lighthouse keeper lit the lamps. Nobody answered, unbelievably.\n';
const TOKENS = 18;
const WIDTH = 384;

const near = (found: number, expected: number, tolerance = 1e-6): void =>
  assert.ok(
    Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${found} is not ${expected}`,
  );

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

describe('explain', function () {
  this.timeout(240_000);
  let client: Client;
  before(async () => {
    client = await start();
    await client.open(uri, TEXT);
  });
  after(() => client.stop());

  const explain = (params: Omit<ExplainParams, 'textDocument'>, of = textDocument) =>
    client.request('attentionLens/explain', { textDocument: of, ...params });

  /** What every explanation must be, whatever the model: it adds up, and its weight is the map's cell. */
  async function check(
    pair: Pick<ExplainParams, 'layer' | 'head' | 'query' | 'key' | 'encoding'>,
    of = textDocument,
  ): Promise<ExplainResult> {
    const answer = await explain(pair, of);
    const [query, key, products] = [answer.query, answer.key, answer.products].map(decodeNumbers);
    const v = answer.additive && decodeNumbers(answer.additive);
    query!.forEach((q, dimension) => {
      const k = key![dimension]!;
      const product = v ? v[dimension]! * Math.tanh(q + k) : q * k;
      near(products![dimension]!, product);
    });
    near(sum(products!), answer.dot, 1e-5);
    if (answer.masked) assert.deepEqual([answer.score, answer.weight], [null, 0]);
    else {
      assert.equal(answer.score, answer.dot * answer.scale + answer.bias);
      near(answer.weight, Math.exp(answer.score - answer.logSumExp), 1e-12);
    }
    const { layer, head, query: row, key: column, encoding } = pair;
    const cell = await client.request('attentionLens/map', {
      textDocument: of,
      layer,
      head,
      encoding,
      queries: [row, row + 1],
    });
    const weights = decodeNumbers(cell.values);
    assert.ok(Math.abs(answer.weight - weights[column]!) < 1e-6, `${answer.weight} in the map`);
    const heads = decodeNumbers(answer.heads);
    const { model } = await client.request('attentionLens/tokens', { textDocument: of });
    assert.equal(heads.length, model.layers * model.heads);
    assert.ok(Math.abs((heads[layer * model.heads + head] ?? NaN) - answer.weight) < 1e-6);
    for (const [at, strong] of answer.strongest.entries()) {
      assert.ok(Math.abs(strong.weight - weights[strong.key]!) < 1e-6);
      near(strong.weight, Math.exp(strong.score - answer.logSumExp), 1e-12);
      assert.ok(at === 0 || strong.weight <= answer.strongest[at - 1]!.weight);
    }
    if (answer.contributionNorm !== null)
      near(answer.contributionNorm, answer.weight * (answer.outputNorm ?? NaN), 1e-12);
    return answer;
  }

  it('adds up to the map’s cell in every layer, as trained and with position changed', async () => {
    const changes: (EncodingChange | null)[] = [
      null,
      { mode: 'off' },
      { mode: 'scaled', scale: 0.5 },
      { mode: 'reversed' },
    ];
    for (const encoding of changes) {
      for (const [layer, head, query, key] of [
        [0, 2, 3, 2],
        [3, 11, 9, 0],
        [5, 7, 17, 12],
      ] as const) {
        const answer = await check({ layer, head, query, key, encoding });
        near(answer.scale, 1 / Math.sqrt(32));
        assert.deepEqual([answer.bias, answer.masked, answer.visible], [0, false, TOKENS]);
        const turned = encoding?.mode === 'reversed';
        const place = (at: number): number => (turned && at > 0 && at < 17 ? 17 - at : at);
        assert.deepEqual(answer.positions, [place(query), place(key)]);
        assert.ok((answer.outputNorm ?? 0) > 0 && answer.valueNorm > 0);
      }
    }
  });

  it('tells as many of the row as are asked for, and all of them sum to 1', async () => {
    const pair = { layer: 2, head: 4, query: 5, key: 3 };
    assert.equal((await explain(pair)).strongest.length, 8);
    const { strongest } = await explain({ ...pair, strongest: 100 });
    assert.equal(strongest.length, TOKENS);
    near(sum(strongest.map(({ weight }) => weight)), 1);
  });

  it('has the estimate of positionShare where that has a closed form, as trained', async () => {
    const pair = { layer: 0, head: 4, query: 5, key: 3 };
    const { position, score } = await explain(pair);
    const share = await client.request('attentionLens/positionShare', { textDocument, ...pair });
    const { method, of, limits } = share;
    assert.deepEqual(position?.estimate, {
      method,
      of,
      limits,
      position: share.position,
      content: share.content,
    });
    near((position?.estimate?.position ?? NaN) + share.content, score ?? NaN, 1e-4);
    assert.equal((await explain({ ...pair, layer: 1 })).position, undefined);
    assert.equal((await explain({ ...pair, encoding: { mode: 'off' } })).position, undefined);
  });

  it('names the parameter that is wrong', async () => {
    const asked = { textDocument, layer: 0, head: 0, query: 1, key: 1 };
    for (const [field, value] of [
      ['layer', 6],
      ['head', 12],
      ['query', TOKENS],
      ['key', -1],
      ['key', 'two'],
      ['layer', null],
      ['strongest', -1],
      ['encoding', { mode: 'sideways' }],
    ] as const) {
      const wrong = { ...asked, [field]: value } as unknown as ExplainParams;
      await assert.rejects(client.request('attentionLens/explain', wrong), {
        code: -32602,
        data: { field },
      });
    }
  });

  describe('of the Chapter model', () => {
    before(() => client.request('attentionLens/selectModel', { model: 'chapter' }));
    after(() => client.request('attentionLens/selectModel', { model: 'bundled' }));

    const pair = { layer: 0, head: 3, query: 6, key: 2 };

    it('adds up under every similarity and encoding, masked and not', async () => {
      for (const similarity of SIMILARITIES) {
        for (const encoding of ENCODINGS) {
          const chapter = { similarity, encoding, causal: encoding !== 'learned' };
          await client.request('attentionLens/setSelection', { chapter });
          const answer = await check(pair);
          assert.equal(answer.additive !== null, similarity === 'additive');
          near(answer.scale, similarity === 'scaledDot' ? 1 / Math.sqrt(WIDTH / 8) : 1);
          if (encoding === 'alibi') near(answer.bias, -(2 ** -4) * 4);
          if (encoding !== 'learned') {
            assert.equal(answer.visible, 7);
            assert.equal((await check({ ...pair, key: 9 })).masked, true);
          }
          if (encoding !== 'none') await check({ ...pair, encoding: { mode: 'reversed' } });
          // Chapter values join as they are.
          near(answer.outputNorm ?? NaN, answer.valueNorm);
        }
      }
    });

    it('shows the vectors before RoPE turned them', async () => {
      const chapter = { similarity: 'scaledDot', encoding: 'rope', causal: false } as const;
      await client.request('attentionLens/setSelection', { chapter });
      const rope = ropeFrequencies(WIDTH / 8, SINUSOIDAL_BASE, { kind: 'default' });
      for (const encoding of [null, { mode: 'scaled', scale: 2 }, { mode: 'off' }] as const) {
        const answer = await check({ ...pair, encoding });
        const scale = encoding?.mode === 'scaled' ? 2 : encoding ? 0 : 1;
        for (const [before, after, at] of [
          [answer.position?.query, answer.query, answer.positions[0]],
          [answer.position?.key, answer.key, answer.positions[1]],
        ] as const) {
          const turned = rotate(
            decodeNumbers(before ?? ''),
            WIDTH / 8,
            [at * scale],
            rope,
            CHAPTER_ROPE_PAIRING,
          );
          decodeNumbers(after).forEach((value, dimension) => near(value, turned[dimension]!, 1e-5));
        }
        assert.equal(answer.position?.estimate !== undefined, encoding === null);
      }
    });

    it('explains documents of numbers', async () => {
      const numbers = 'file:///numbers.csv';
      await client.open(numbers, '0.2, 0.5, 0.1, 0.9\n');
      const chapter = { similarity: 'scaledDot', encoding: 'sinusoidal' } as const;
      await client.request('attentionLens/setSelection', { chapter });
      const answer = await check({ layer: 0, head: 0, query: 1, key: 3 }, { uri: numbers });
      assert.equal(answer.visible, 4);
    });
  });
});
