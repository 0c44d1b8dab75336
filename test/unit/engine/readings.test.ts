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
    words?: readonly number[],
  ): Promise<void> {
    const tokens = Math.sqrt(expected.length);
    const what = { window, ...selection, groups: words && Int32Array.from(words) };
    for (let unit = 0; unit < tokens; unit++) {
      const [token, end] = words
        ? [words.indexOf(unit), words.lastIndexOf(unit) + 1]
        : [unit, undefined];
      const { weights, sink } = await engine.row({ ...what, token, end });
      assertClose(weights, expected.slice(unit * tokens, (unit + 1) * tokens));
      assert.ok(sink);
      const column = await engine.column({ ...what, token, end });
      assertClose(
        column.weights,
        expected.filter((_, at) => at % tokens === unit),
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
      queries: [1, Math.min(4, tokens)],
      keys: [2, Math.min(5, tokens)],
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

  const cases = [
    ...reference.aggregates.map((each) => ({ window: 'text', grouped: reference.words, ...each })),
    ...reference.causal.aggregates.map((each) => ({
      window: 'causal',
      grouped: reference.causal.words,
      ...each,
    })),
  ];
  for (const { window, grouped, selection, sinks, weights, words } of cases) {
    const heads = selection as HeadSelection;
    const { reading, aggregate } = heads;
    it(`${window}, ${reading}: the ${aggregate} of ${nameOf(heads)}`, async () => {
      await assertMap(window, heads, weights);
      const { sink } = await engine.row({ window, ...heads, token: 0 });
      assert.deepEqual(sink?.tokens, sinks);
    });

    it(`${window}, ${reading}: the same by words`, () => assertMap(window, heads, words, grouped));
  }

  it('rolls attention by words', async () => {
    const rollout = { layer: null, head: null, reading: 'rollout' } as const;
    await assertMap('text', rollout, reference.wordRollout, reference.words);
    const { words, wordRollout } = reference.causal;
    for (const [layer, weights] of wordRollout.entries()) {
      await assertMap('causal', { ...rollout, layer }, weights, words);
    }
  });

  it('tells the largest share of the sink where the largest weights are asked for', async () => {
    const what = { window: 'text', layer: 2, head: null, reading: 'raw', token: 3 } as const;
    const shares = await Promise.all(
      [1, 4, 7].map(async (head) => (await engine.row({ ...what, head })).sink!.share),
    );
    const of = async (aggregate: 'mean' | 'max') =>
      (await engine.row({ ...what, heads: [1, 4, 7], aggregate })).sink!.share;
    assertClose([await of('max')], [Math.max(...shares)]);
    assertClose([await of('mean')], [shares.reduce((sum, share) => sum + share, 0) / 3]);
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
    await refused(engine.row({ ...question, head: null, heads: [1] }));
    await refused(engine.row({ ...question, head: null, aggregate: 'max' }));
    await refused(engine.overview({ window: 'text', reading: 'rollout', size: 4 }));
    await assert.rejects(engine.row({ ...question, layer: 6, head: null }), {
      reason: 'badRequest',
      message: /no layer 6/,
    });
  });

  it('refuses heads that are none, and groups that are not in order', async () => {
    const question = { window: 'text', layer: 0, head: null, reading: 'raw', token: 0 } as const;
    for (const heads of [[], [1, 1], [12], [-1], [0.5]]) {
      await assert.rejects(engine.row({ ...question, heads }), {
        reason: 'badRequest',
        message: /different ones of the 12/,
      });
    }
    await assert.rejects(engine.row({ ...question, head: 1, heads: [1] }), {
      reason: 'badRequest',
    });
    for (const groups of [
      [0, 1],
      [1, ...ids.keys()].slice(0, ids.length),
      [...ids.keys()].fill(-1),
    ]) {
      await assert.rejects(engine.column({ ...question, groups: Int32Array.from(groups) }), {
        reason: 'badRequest',
        message: /in the order of the window’s 12 tokens/,
      });
    }
    await assert.rejects(engine.row({ ...question, token: 4, end: 4 }), { reason: 'badRequest' });
    await assert.rejects(engine.row({ ...question, token: 4, end: 13 }), { reason: 'badRequest' });
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

function nameOf({ layer, head, heads }: HeadSelection): string {
  const where = layer === null ? 'all layers' : `layer ${layer}`;
  if (heads) return `heads ${heads.join(', ')} of ${where}`;
  return head === null ? `all heads of ${where}` : `head ${head} of ${where}`;
}

function causalWindow(): GiveParams {
  const { heads, tokens, headSize, scale, layers } = reference.causal;
  return {
    window: 'causal',
    tokens,
    specialTokens: [],
    heads,
    keyValueHeads: heads,
    headSize,
    score: { kind: 'dot', scale, bias: { causal: true } },
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
