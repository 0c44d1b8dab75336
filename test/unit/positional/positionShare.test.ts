import assert from 'node:assert';
import fc from 'fast-check';
import { groupTerms, nineTerms, projectParts } from '../../../server/positional/nineTerms';
import { PositionError } from '../../../server/positional/positionError';
import {
  additiveShare,
  alibiShare,
  averageVector,
  baselineShare,
  ropeScoreAtDistance,
  ropeShare,
  shareLimits,
} from '../../../server/positional/positionShare';
import { ropeFrequencies } from '../../../server/positional/ropeFrequencies';
import { rotate } from '../../../server/positional/ropeRotation';
import reference from '../../reference/positional/nine-terms.json';
import { closeTo } from './closeTo';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('the nine terms', () => {
  const { width, headSize, epsilon } = reference;
  const embedding = {
    content: reference.word,
    position: reference.position,
    constant: reference.segment,
  };
  const norm = { gain: reference.gain, bias: reference.normBias, epsilon };
  const query = { weight: reference.queryWeight, bias: reference.queryBias };
  const key = { weight: reference.keyWeight, bias: reference.keyBias };

  it("add up to PyTorch's q·k", () => {
    const queries = projectParts(embedding, width, norm, query);
    const keys = projectParts(embedding, width, norm, key);
    const totals = reference.products.map((_, cell) =>
      sum(nineTerms(queries, keys, Math.floor(cell / 4), cell % 4, headSize)),
    );
    closeTo(totals, reference.products, 1e-9);
  });

  it('add up for whatever the parts are, with and without LayerNorm', () => {
    const part = (length: number) =>
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
        minLength: length,
        maxLength: length,
      });
    fc.assert(
      fc.property(
        part(12),
        part(12),
        part(4),
        fc.boolean(),
        (content, position, constant, normalised) => {
          const layerNorm = normalised
            ? { gain: [1, 2, 0.5, -1], bias: [0, 1, 2, 3], epsilon: 1e-5 }
            : null;
          const projection = { weight: [1, 2, 3, 4, -1, 0, 1, 0.5], bias: [0.5, -0.25] };
          const split = projectParts({ content, position, constant }, 4, layerNorm, projection);
          const whole = projectParts(
            {
              content: content.map((value, cell) => value + position[cell]! + constant[cell % 4]!),
              position: new Array<number>(12).fill(0),
              constant: [0, 0, 0, 0],
            },
            4,
            layerNorm,
            projection,
          );
          for (const [i, j] of [
            [0, 1],
            [2, 2],
            [1, 0],
          ] as const) {
            const direct = sum(nineTerms(whole, whole, i, j, 2));
            assert.ok(
              Math.abs(sum(nineTerms(split, split, i, j, 2)) - direct) <=
                1e-8 * (1 + Math.abs(direct)),
            );
          }
        },
      ),
    );
  });

  it('put all of a term into one group', () => {
    const groups = groupTerms([1, 2, 4, 8, 16, 32, 64, 128, 256]);
    assert.deepEqual(groups, {
      position: 16 + 32 + 128,
      content: 1 + 4 + 64,
      mixed: 2 + 8,
      constant: 256,
    });
  });

  it('give position no share where there is none', () => {
    const still = { ...embedding, position: new Array<number>(4 * width).fill(0) };
    const queries = projectParts(still, width, norm, query);
    const keys = projectParts(still, width, norm, key);
    closeTo(
      additiveShare([1, 2, 3, 4], queries, keys, 1, headSize, 0.5).position,
      [0, 0, 0, 0],
      1e-12,
    );
  });

  it('refuse parts that do not fit', () => {
    assert.throws(
      () => projectParts({ ...embedding, constant: [1] }, width, norm, query),
      PositionError,
    );
  });
});

describe('position or content', () => {
  it('is the bias for ALiBi', () => {
    const share = alibiShare([1, 2, 3], 0.5, 1);
    assert.deepEqual([...share.position], [-0.5, 0, -0.5]);
    assert.deepEqual([...share.content], [1.5, 2, 3.5]);
  });

  it('equals the direct product of averaged vectors for RoPE', () => {
    const rope = ropeFrequencies(6, 10000, { kind: 'yarn', factor: 8, trainedLength: 32 });
    const query = averageVector([1, 2, 3, 4, 5, 6, 0, -2, 1, 0.5, 1, -1], 6);
    const key = averageVector([0.3, -1, 2, 1, -0.5, 0.1], 6);
    for (const pairing of ['halfSplit', 'interleaved'] as const) {
      for (const [i, j] of [
        [0, 0],
        [3, 9],
        [40, 2],
      ] as const) {
        const turnedKey = rotate(key, 6, [j], rope, pairing);
        const direct =
          sum(rotate(query, 6, [i], rope, pairing).map((value, c) => value * turnedKey[c]!)) * 0.4;
        const closed = ropeScoreAtDistance(query, key, j - i, rope, pairing, 0.4);
        assert.ok(Math.abs(closed - direct) < 1e-12);
      }
    }
  });

  it('splits scores without losing anything', () => {
    const rope = ropeFrequencies(4, 10000, { kind: 'default' });
    const scores = [0.5, -1, 2];
    const share = ropeShare(scores, 1, [1, 2, 3, 4], [4, 3, 2, 1], rope, 'halfSplit', 0.5);
    closeTo(
      share.position.map((part, key) => part + share.content[key]!),
      scores,
      1e-12,
    );
  });

  it('is the mean over shuffles where there is no closed form', () => {
    const share = baselineShare(0.5, [0.1, 0.2, 0.3]);
    assert.ok(Math.abs(share.position - 0.2) < 1e-12);
    assert.ok(Math.abs(share.content - 0.3) < 1e-12);
    assert.ok(Math.abs(share.standardError - 0.1 / Math.sqrt(3)) < 1e-12);
    assert.equal(baselineShare(0.5, [0.1]).standardError, Infinity);
  });

  it('says what each method takes for granted', () => {
    const methods = [
      'alibiBias',
      'relativeBias',
      'ropeAveragedContent',
      'nineTerms',
      'shuffledTokens',
    ] as const;
    assert.equal(new Set(methods.map(shareLimits)).size, methods.length);
  });
});
