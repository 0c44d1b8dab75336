/** The readings beyond the raw one, against NumPy on Hugging Face's weights and on a causal model. */
import assert from 'node:assert/strict';
import reference from '../../reference/readings.json';
import { loadBundled, loadParams, newEngine } from './openEngine.node';
import type { Engine } from '../../../server/engine/engine';
import type { GiveParams, HeadSelection } from '../../../server/engine/protocol';

const TOLERANCE = 1e-5;
const ids = Int32Array.from(reference.ids);

describe('readings', function () {
  this.timeout(120_000);
  let engine: Engine;

  before(async () => {
    engine = newEngine();
    await engine.load(loadParams(await loadBundled()));
    await engine.analyse({ window: 'text', ids, specialTokens: [0, ids.length - 1] });
    await engine.give(causalWindow());
  });
  after(() => engine.dispose());

  /** Rows, columns and the region whole must all be the map. */
  async function assertMap(
    window: string,
    selection: HeadSelection,
    expected: readonly number[],
  ): Promise<void> {
    const tokens = Math.sqrt(expected.length);
    const what = { window, ...selection };
    for (let token = 0; token < tokens; token++) {
      const { weights, sink } = await engine.row({ ...what, token });
      assertClose(weights, expected.slice(token * tokens, (token + 1) * tokens));
      assert.ok(sink);
      const column = await engine.column({ ...what, token });
      assertClose(
        column.weights,
        expected.filter((_, at) => at % tokens === token),
      );
    }
    const whole: [number, number] = [0, tokens];
    for (const pool of ['max', 'mean'] as const) {
      const { values } = await engine.region({
        ...what,
        queries: whole,
        keys: whole,
        rows: tokens,
        columns: tokens,
        pool,
      });
      assertClose(values, expected);
    }
    const part = await engine.region({
      ...what,
      queries: [1, 4],
      keys: [2, 5],
      rows: 1,
      columns: 1,
      pool: 'max',
    });
    const cells = expected.filter((_, at) => {
      const [query, key] = [Math.floor(at / tokens), at % tokens];
      return query >= 1 && query < 4 && key >= 2 && key < 5;
    });
    assertClose(part.values, [Math.max(...cells)]);
  }

  for (const { layer, head, weights } of reference.valueWeighted.heads) {
    it(`weighs values of layer ${layer}, head ${head} as Kobayashi et al. do`, () =>
      assertMap('text', { layer, head, reading: 'valueWeighted' }, weights));
  }

  it('averages value-weighted heads, each brought to 1 before', () =>
    assertMap(
      'text',
      { layer: null, head: null, reading: 'valueWeighted' },
      reference.valueWeighted.mean,
    ));

  for (const { layer, weights } of reference.rollout) {
    it(`rolls attention up to layer ${layer} as Abnar and Zuidema do`, () =>
      assertMap('text', { layer, head: null, reading: 'rollout' }, weights));
  }

  it('rolls to the top without a layer', () =>
    assertMap(
      'text',
      { layer: null, head: null, reading: 'rollout' },
      reference.rollout.at(-1)!.weights,
    ));

  it('corrects rollout of a causal model by uniform attention, rolled alike', async () => {
    for (const [layer, weights] of reference.causal.rollout.entries()) {
      await assertMap('causal', { layer, head: null, reading: 'rollout' }, weights);
    }
  });

  it('weighs a causal model’s values', async () => {
    for (const [layer, heads] of reference.causal.valueWeighted.entries()) {
      for (const [head, weights] of heads.entries()) {
        await assertMap('causal', { layer, head, reading: 'valueWeighted' }, weights);
        await assertMap(
          'causal',
          { layer, head, reading: 'raw' },
          reference.causal.weights[layer]![head]!,
        );
      }
    }
  });

  it('pools value-weighted maps of all heads into the overview', async () => {
    const tokens = ids.length;
    const { scales } = await engine.overview({
      window: 'text',
      reading: 'valueWeighted',
      size: tokens,
    });
    for (const { layer, head, weights } of reference.valueWeighted.heads) {
      assertClose([scales[layer * 12 + head]!], [Math.max(...weights)]);
    }
  });

  it('refuses rollout of a head and of the overview', async () => {
    const refused = (answer: Promise<unknown>) =>
      assert.rejects(answer, { reason: 'badRequest', message: /Rollout mixes the heads/ });
    const question = { window: 'text', layer: 0, reading: 'rollout', token: 0 } as const;
    await refused(engine.row({ ...question, head: 1 }));
    await refused(engine.column({ ...question, head: 1 }));
    await refused(engine.overview({ window: 'text', reading: 'rollout', size: 4 }));
    await assert.rejects(engine.row({ ...question, layer: 6, head: null }), {
      reason: 'badRequest',
      message: /no layer 6/,
    });
  });

  it('stops a rollout that is cancelled', async () => {
    const controller = new AbortController();
    const rolled = engine.row(
      { window: 'text', layer: null, head: null, reading: 'rollout', token: 0 },
      { signal: controller.signal },
    );
    controller.abort();
    await assert.rejects(rolled, { reason: 'cancelled' });
  });
});

function causalWindow(): GiveParams {
  const { heads, tokens, headSize, scale, layers } = reference.causal;
  return {
    window: 'causal',
    tokens,
    specialTokens: [],
    heads,
    keyValueHeads: heads,
    headSize,
    score: { kind: 'dot', scale, bias: { kind: 'causal' } },
    layers: layers.map(({ query, key, value }) => ({
      query: Float32Array.from(query),
      key: Float32Array.from(key),
      value: Float32Array.from(value),
    })),
  };
}

function assertClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((weight, at) => {
    const off = Math.abs(actual[at]! - weight);
    assert.ok(off <= TOLERANCE, `weight ${at} is ${actual[at]} instead of ${weight}`);
  });
}
