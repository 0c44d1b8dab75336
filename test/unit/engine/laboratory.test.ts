/** Position experiments on the bundled model, through the built engine. */
import assert from 'node:assert/strict';
import { nineTerms, projectParts, type EmbeddingParts } from '../../../server/positional/nineTerms';
import { changePositions, type PositionChange } from '../../../server/positional/positionChanges';
import reference from '../../reference/positional/ablation.json';
import { bundledTensor } from '../chapter/bundledTables.node';
import { loadBundled, loadParams, newEngine } from './openEngine.node';
import type { Engine } from '../../../server/engine/engine';
import type { GiveParams } from '../../../server/engine/protocol';
import type { startWorkerThread } from '../../../server/engine/startWorker.node';
import type { ModelManifest } from '../../../server/models/manifest';

const ids = Int32Array.from(reference.ids);
const tokens = ids.length;
const specialTokens = [0, tokens - 1];
/** Float32 softmaxes of the same numbers on either side. */
const TOLERANCE = 1e-5;

describe('the laboratory on the bundled model', function () {
  this.timeout(120_000);
  const workers: ReturnType<typeof startWorkerThread>[] = [];
  let engine: Engine;
  let manifest: ModelManifest;

  before(async () => {
    const bundled = await loadBundled();
    manifest = bundled.manifest;
    engine = newEngine((worker) => workers.push(worker));
    await engine.load(loadParams(bundled));
  });
  after(() => engine.dispose());

  async function analyse(window: string, change: PositionChange): Promise<void> {
    const { contextLength, heads } = manifest;
    const room = { tokens, specialTokens, contextLength, heads, rope: null };
    const { positionIds: positions, positionScale } = changePositions(change, room);
    await engine.analyse({ window, ids, specialTokens, positions, positionScale });
  }

  async function map(window: string, layer: number, head: number): Promise<Float32Array> {
    const whole: [number, number] = [0, tokens];
    const { values } = await engine.region({
      window,
      layer,
      head,
      reading: 'raw',
      queries: whole,
      keys: whole,
      rows: tokens,
      columns: tokens,
      pool: 'max',
    });
    return values;
  }

  for (const { change, heads } of reference.cases) {
    it(`attends as Hugging Face does with its table changed: ${JSON.stringify(change)}`, async () => {
      await analyse('changed', change as PositionChange);
      for (const { layer, head, weights } of heads) {
        assertClose(await map('changed', layer, head), weights);
      }
    });
  }

  it('measures how far two windows are apart, head by head', async () => {
    await analyse('here', { mode: 'none' });
    await analyse('off', { mode: 'off' });
    const { totalVariation } = await engine.compare({ window: 'here', other: 'off' });
    assert.equal(totalVariation.length, manifest.layers * manifest.heads);
    for (const [layer, head] of [
      [0, 0],
      [2, 7],
      [5, 11],
    ] as const) {
      const [left, right] = [await map('here', layer, head), await map('off', layer, head)];
      const sum = left.reduce((total, weight, at) => total + Math.abs(weight - right[at]!), 0);
      const found = totalVariation[layer * manifest.heads + head]!;
      assert.ok(Math.abs(found - sum / 2 / tokens) <= TOLERANCE);
    }
    const same = await engine.compare({ window: 'here', other: 'here' });
    assert.ok(same.totalVariation.every((distance) => distance === 0));
  });

  it('finds the head that reads the previous token, and that it lives on position', async () => {
    await analyse('here', { mode: 'none' });
    await analyse('off', { mode: 'off' });
    const [previousTokenHead, contentHead] = [2, 1];
    const { previousToken } = (await engine.statistics({ window: 'here' })).statistics;
    assert.ok(previousToken![previousTokenHead]! > 0.9, String(previousToken));
    const { totalVariation } = await engine.compare({ window: 'here', other: 'off' });
    assert.ok(totalVariation[previousTokenHead]! > 0.8);
    assert.ok(totalVariation[contentHead]! < 0.3);
  });

  it('moves every head a little when tokens trade positions', async () => {
    await analyse('here', { mode: 'none' });
    await analyse('shuffled', { mode: 'shuffled', seed: 3 });
    const { totalVariation } = await engine.compare({ window: 'here', other: 'shuffled' });
    assert.ok(totalVariation.every((distance) => distance > 0 && distance < 1));
  });

  it('has the position table of the weights', async () => {
    const { positions, width, table } = await engine.positionTable();
    assert.deepEqual([positions, width], [512, 384]);
    assert.deepEqual(table, bundledTensor('embeddings.position_embeddings.weight'));
  });

  for (const positionScale of [1, 0.5, 0]) {
    it(`splits the first layer’s scores into nine terms, positions times ${positionScale}`, async () => {
      await engine.analyse({ window: 'w', ids, specialTokens, positionScale });
      const tap = manifest.taps[0]!;
      const [query, key] = [3, 7];
      const { slices } = await engine.stages({
        window: 'w',
        slices: [
          { output: tap.query, at: { axis: 2, index: query } },
          { output: tap.key, at: { axis: 2, index: key } },
        ],
      });
      const { headSize, heads, width } = manifest;
      assert.deepEqual(slices[0]!.shape, [heads, headSize]);
      for (const head of [0, 5, 11]) {
        const layer = await engine.firstLayer({
          ids: Int32Array.of(ids[query]!, ids[key]!),
          positions: Int32Array.of(query, key),
          positionScale,
          head,
        });
        const parts: EmbeddingParts = layer;
        const project = (side: 'query' | 'key') =>
          projectParts(parts, width, layer.norm, layer[side]);
        const terms = nineTerms(project('query'), project('key'), 0, 1, headSize);
        const [q, k] = slices.map(({ values }) => values.subarray(head * headSize));
        let dot = 0;
        for (let at = 0; at < headSize; at++) dot += q![at]! * k![at]!;
        const sum = terms.reduce((total, term) => total + term, 0);
        // As scores enter the softmax, ÷ √32.
        assert.ok(Math.abs(sum - dot) / Math.sqrt(headSize) <= TOLERANCE, `${sum} of ${dot}`);
        if (positionScale === 0) assert.ok(terms.every((term, at) => !usesPosition(at) || !term));
      }
    });
  }

  it('has changed and given windows again after its thread is killed', async () => {
    await analyse('off', { mode: 'off' });
    await engine.give(givenWindow('given'));
    const before = [await map('off', 1, 2), await row('given')];
    workers.at(-1)!.terminate();
    const after = [await map('off', 1, 2), await row('given')];
    // A map that was computed ahead of the question may differ in its last bits.
    before.forEach((weights, at) => assertClose(after[at]!, weights));
    assert.equal(workers.length, 2);
  });

  it('refuses what is not there, in one sentence', async () => {
    await analyse('w', { mode: 'none' });
    await engine.give(givenWindow('given'));
    const refused = (answer: Promise<unknown>, message: RegExp) =>
      assert.rejects(answer, { reason: 'badRequest', message });
    const stages = (window: string, output: string, axis: number, index: number) =>
      engine.stages({ window, slices: [{ output, at: { axis, index } }] });
    await refused(stages('w', 'nothing', 1, 0), /no output "nothing"/);
    await refused(stages('w', manifest.taps[0]!.query, 2, tokens), /axis 2 has no 12/);
    await refused(stages('w', manifest.taps[0]!.query, 0, 0), /axis 0 has no 0/);
    await refused(stages('given', manifest.taps[0]!.query, 2, 0), /computed/);
    await refused(engine.compare({ window: 'w', other: 'given' }), /as many tokens/);
    const far = { window: 'far', ids, specialTokens, positions: new Int32Array(tokens).fill(512) };
    await refused(engine.analyse(far), /from 0 to 511/);
    await refused(engine.analyse({ ...far, positions: new Int32Array(2) }), /Each token/);
    await refused(
      engine.analyse({ window: 'far', ids, specialTokens, positionScale: NaN }),
      /a number/,
    );
    const question = { ids, positions: Int32Array.from(ids.keys()), positionScale: 1, head: 0 };
    await refused(engine.firstLayer({ ...question, head: 12 }), /12 heads/);
    await refused(
      engine.firstLayer({ ...question, ids: new Int32Array(tokens).fill(-1) }),
      /no -1/,
    );
  });

  async function row(window: string): Promise<Float32Array> {
    const { weights } = await engine.row({
      window,
      layer: 0,
      head: null,
      reading: 'raw',
      token: 1,
    });
    return weights;
  }
});

/** Three tokens, two heads of two numbers, with ALiBi's penalties. */
function givenWindow(window: string): GiveParams {
  const numbers = Float32Array.from({ length: 12 }, (_, at) => Math.sin(at));
  return {
    window,
    tokens: 3,
    specialTokens: [],
    heads: 2,
    keyValueHeads: 2,
    headSize: 2,
    score: { kind: 'dot', scale: 1, bias: { causal: true, alibi: { slopes: [1, 0.5] } } },
    layers: [{ query: numbers, key: numbers, value: numbers }],
  };
}

/** Whether one of the nine terms, [query part, key part], has position on either side. */
function usesPosition(term: number): boolean {
  return Math.floor(term / 3) === 1 || term % 3 === 1;
}

function assertClose(actual: Float32Array, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((weight, at) => {
    const off = Math.abs(weight - expected[at]!);
    assert.ok(off <= TOLERANCE, `weight ${at} is off by ${off}`);
  });
}
