import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ChannelError } from '../../../channel/channel';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { PlainKernel } from '../../../server/engine/kernel/plain';
import { explainWeight } from '../../../server/engine/explain';
import { AnalysedWindow } from '../../../server/engine/window';
import {
  bentScore,
  layers,
  penalty,
  randomFloats,
  sees,
  similarityTerms,
  weightsOf,
  type Layer,
} from './layers';
import type { Kernel, Precision } from '../../../server/engine/kernel/kernel';
import type { ExplainAnswer } from '../../../server/engine/protocol';

const TOLERANCE = 1e-6;
const kernels: { kernel: Kernel; precision: Precision }[] = [
  { kernel: new PlainKernel(), precision: 'float32' },
  { kernel: simdKernel(), precision: 'float32' },
  { kernel: simdKernel(), precision: 'float16' },
];

/** Numbers that float16 holds, so that both precisions keep the same layer. */
function coarse(layer: Layer): Layer {
  const round = (values: Float32Array) => values.map((value) => Math.round(value * 64) / 64);
  return { ...layer, query: round(layer.query), key: round(layer.key) };
}

function open(layer: Layer, { kernel, precision }: (typeof kernels)[number]): AnalysedWindow {
  const { shape, query, key } = layer;
  const { keyValueHeads, tokens, headSize } = shape;
  return new AnalysedWindow(kernel, {
    tokens,
    specialTokens: [],
    layers: [kernel.store(shape, query, key, precision)],
    values: [valuesOf(keyValueHeads * tokens * headSize)],
  });
}

const valuesOf = (count: number): Float32Array => randomFloats(count, 11);

const pairs = layers.chain((layer) =>
  fc.record({
    layer: fc.constant(coarse(layer)),
    head: fc.nat(layer.shape.heads - 1),
    query: fc.nat(layer.shape.tokens - 1),
    key: fc.nat(layer.shape.tokens - 1),
  }),
);

const near = (found: number, expected: number, tolerance = TOLERANCE): void =>
  assert.ok(
    Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${found} is not ${expected}`,
  );

const unknownNorms = (): never => {
  throw new ChannelError('notInThisModel', 'no W_O');
};

describe('explaining a weight', () => {
  const explained = (
    use: (
      answer: ExplainAnswer,
      each: { layer: Layer; head: number; query: number; key: number },
    ) => void,
  ): void =>
    kernels.forEach((kernel) =>
      fc.assert(
        fc.property(pairs, ({ layer, ...pair }) => {
          const window = open(layer, kernel);
          use(explainWeight(window, { layer: 0, ...pair }, unknownNorms), { layer, ...pair });
          window.release();
        }),
        { numRuns: 60 },
      ),
    );

  it('adds up to the weight that the definition gives, in every kernel, precision and rule', () =>
    explained((answer, { layer, head, query, key }) => {
      const terms = similarityTerms(layer, head, query, key).map(({ term }) => term.value);
      terms.forEach((term, dimension) => near(answer.products[dimension]!, term));
      near(
        answer.dot,
        answer.products.reduce((sum, product) => sum + product, 0),
        1e-12,
      );
      near(answer.bias, -penalty(layer, head, query, key));
      assert.equal(answer.masked, !sees(layer, query, key));
      assert.equal(answer.cap, layer.shape.cap ?? null);
      const score = bentScore(layer, answer.dot) + answer.bias;
      assert.equal(answer.scores[key], answer.masked ? -Infinity : score);
      near(answer.weight, answer.masked ? 0 : Math.exp(score - answer.logSumExp), 1e-12);
      near(answer.weight, weightsOf(layer)[head]![query]![key]!);
    }));

  it('has a row whose exponentials sum to 1', () =>
    explained(({ scores, logSumExp, sink }) =>
      near(
        [...scores, sink ?? -Infinity].reduce((sum, score) => sum + Math.exp(score - logSumExp), 0),
        1,
        1e-12,
      ),
    ));

  it('is the cell that rows and maps show', () =>
    kernels.forEach((each) =>
      fc.assert(
        fc.property(pairs, ({ layer, head, query, key }) => {
          const window = open(layer, each);
          const { weight } = explainWeight(window, { layer: 0, head, query, key }, unknownNorms);
          const row = each.kernel.sumRows(
            [{ layer: window.layer(0), head }],
            [query, query + 1],
            [],
          );
          near(weight, row[key]!, 2e-6);
          window.release();
        }),
        { numRuns: 60 },
      ),
    ));

  it('tells the length of the value, and of what comes of it where W_O is known', () => {
    const layer = fc.sample(layers, { numRuns: 1, seed: 5 })[0]!;
    const window = open(layer, kernels[0]!);
    const { headSize, tokens } = layer.shape;
    const pair = { layer: 0, head: 0, query: tokens - 1, key: 0 };
    const value = valuesOf(headSize);
    const length = Math.hypot(...value);
    const without = explainWeight(window, pair, unknownNorms);
    near(without.valueNorm, length);
    assert.deepEqual([without.outputNorm, without.contributionNorm], [null, null]);
    const known = explainWeight(window, pair, () => new Float32Array(tokens).fill(Math.log(3)));
    near(known.outputNorm!, 3);
    near(known.contributionNorm!, 3 * known.weight);
  });

  it('refuses what is not there', () => {
    const window = open(fc.sample(layers, { numRuns: 1, seed: 5 })[0]!, kernels[0]!);
    const asked = { layer: 0, head: 0, query: 0, key: 0 };
    for (const wrong of [{ layer: 1 }, { head: 99 }, { head: -1 }, { query: 99 }, { key: 0.5 }])
      assert.throws(() => explainWeight(window, { ...asked, ...wrong }, unknownNorms), {
        reason: 'badRequest',
      });
    window.release();
    assert.throws(() => explainWeight(window, asked, unknownNorms), { reason: 'unknownWindow' });
  });
});
