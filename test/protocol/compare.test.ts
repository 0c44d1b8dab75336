import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import type { EncodingChange } from '../../server/protocol';
import { start, type Client } from './client';

const [here, there] = ['file:///here.txt', 'file:///there.txt'];
const TEXT = 'The lighthouse keeper lit the lamps. Nobody answered.\n';
const EDITED = 'The old lighthouse keeper lit lamps. Nobody answered at all.\n';
const HEADS = 12;
const OFF: EncodingChange = { mode: 'off' };

/** Beyond what summing in float32 loses. */
const NEAR = 1e-5;

describe('attentionLens/compare', function () {
  this.timeout(120_000);
  let client: Client;
  before(async () => {
    client = await start();
    await client.open(here, TEXT);
    await client.open(there, EDITED);
  });
  after(() => client.stop());

  const compare = (other: string, encoding: EncodingChange | null = null) =>
    client.request('attentionLens/compare', {
      textDocument: { uri: here },
      other: { textDocument: { uri: other }, encoding },
    });
  const map = async (uri: string, layer: number, head: number) => {
    const { rows, values } = await client.request('attentionLens/map', {
      textDocument: { uri },
      layer,
      head,
    });
    return { count: rows, weights: decodeNumbers(values) };
  };

  it('pairs the tokens that both texts have', async () => {
    const { pairs, tokens, other } = await compare(there);
    const ids = async (uri: string) => {
      const answer = await client.request('attentionLens/tokens', { textDocument: { uri } });
      return answer.tokens.map(({ id }) => id);
    };
    const [own, others] = [await ids(here), await ids(there)];
    assert.deepEqual([tokens, other.tokens], [own.length, others.length]);
    for (const [token, counterpart] of pairs) assert.equal(own[token], others[counterpart]);
    // All but "the"; the other text has "old" and "at all" besides.
    assert.equal(pairs.length, own.length - 1);
    assert.equal(others.length - pairs.length, 3);
  });

  it('is what comes out when paired rows are compared by hand', async () => {
    const { pairs, layers, heads, totalVariation, unaligned } = await compare(there);
    const [distances, outside] = [decodeNumbers(totalVariation), decodeNumbers(unaligned)];
    assert.equal(distances.length, layers * heads);
    assert.equal(outside.length, 2 * layers * heads);
    for (const [layer, head] of [
      [0, 2],
      [3, 11],
      [5, 0],
    ] as const) {
      const [one, two] = [await map(here, layer, head), await map(there, layer, head)];
      let [variation, own, others] = [0, 1, 1];
      for (const [query, otherQuery] of pairs)
        for (const [key, otherKey] of pairs) {
          const weight = one.weights[query * one.count + key]!;
          const other = two.weights[otherQuery * two.count + otherKey]!;
          variation += Math.abs(weight - other) / 2 / pairs.length;
          own -= weight / pairs.length;
          others -= other / pairs.length;
        }
      const at = layer * HEADS + head;
      assert.ok(Math.abs(distances[at]! - variation) < NEAR, `${distances[at]}, ${variation}`);
      assert.ok(Math.abs(outside[at]! - own) < NEAR);
      assert.ok(Math.abs(outside[layers * heads + at]! - others) < NEAR);
      assert.ok(own > 0 && others > 0);
    }
  });

  it('finds nothing between a text and itself, and what positionEffect finds when position is off', async () => {
    const same = await compare(here);
    assert.ok(decodeNumbers(same.totalVariation).every((distance) => distance === 0));
    assert.ok(decodeNumbers(same.unaligned).every((mass) => mass < NEAR));
    const off = await compare(here, OFF);
    const effect = await client.request('attentionLens/positionEffect', {
      textDocument: { uri: here },
      encoding: OFF,
    });
    assert.equal(off.totalVariation, effect.totalVariation);
  });

  it('is of the newest version of both', async () => {
    await client.change(there, 2, [{ text: TEXT }]);
    const { other, pairs, tokens, totalVariation } = await compare(there);
    assert.equal(other.version, 2);
    assert.equal(pairs.length, tokens);
    assert.ok(decodeNumbers(totalVariation).every((distance) => distance === 0));
    await client.change(there, 3, [{ text: EDITED }]);
  });
});
