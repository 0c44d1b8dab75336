import assert from 'node:assert';
import fc from 'fast-check';
import { PositionError } from '../../../server/positional/positionError';
import { readRope } from '../../../server/positional/ropeConfig';
import { ropeFrequencies, type RopeScaling } from '../../../server/positional/ropeFrequencies';
import { rotate, unrotate, type RopePairing } from '../../../server/positional/ropeRotation';
import reference from '../../reference/positional/encodings.json';
import { closeTo } from './closeTo';

const PAIRINGS: RopePairing[] = ['halfSplit', 'interleaved'];
const WIDTH = 32;

type Case = (typeof reference.rope)[number];

/** A `config.json` with the reference's parameters, in the newer form or the older. */
function configOf({ base, parameters, longest }: Case, form: 'new' | 'old'): object {
  const sizes = {
    hidden_size: 4 * WIDTH,
    num_attention_heads: 4,
    max_position_embeddings: longest,
  };
  if (form === 'new') return { ...sizes, rope_parameters: { rope_theta: base, ...parameters } };
  const { rope_type: type, ...others } = parameters;
  return { ...sizes, rope_theta: base, rope_scaling: { type, ...others } };
}

describe('rotary frequencies', () => {
  for (const entry of reference.rope) {
    const { kind, base, parameters, length } = entry;
    it(`equal transformers' for ${kind} ${JSON.stringify(parameters).slice(0, 90)}, base ${base}, length ${length}`, () => {
      for (const form of ['new', 'old'] as const) {
        const rope = readRope(configOf(entry, form), length ?? 1);
        const found = ropeFrequencies(rope.rotatedWidth, rope.base, rope.scaling);
        // The reference is float32: compare relative to each frequency.
        const ratios = found.frequencies.map((value, pair) => value / entry.frequencies[pair]!);
        closeTo(ratios, new Array<number>(WIDTH / 2).fill(1), 1e-6);
        assert.ok(Math.abs(found.attentionFactor - entry.attentionFactor) < 1e-6);
      }
    });
  }

  it("follow bloc97's formula for NTK", () => {
    const { width, base, factor, frequencies } = reference.ntk;
    closeTo(ropeFrequencies(width, base, { kind: 'ntk', factor }).frequencies, frequencies, 1e-11);
  });

  it('refuse bases, widths and factors that make no sense', () => {
    const fails = (reason: string, width: number, base: number, scaling: RopeScaling) =>
      assert.throws(
        () => ropeFrequencies(width, base, scaling),
        (error: unknown) => error instanceof PositionError && error.reason === reason,
      );
    fails('base', 8, 0, { kind: 'default' });
    fails('base', 8, -10, { kind: 'default' });
    fails('width', 7, 10000, { kind: 'default' });
    fails('width', 2, 10000, { kind: 'ntk', factor: 2 });
    for (const factor of [0, -1, 0.5, NaN]) {
      fails('factor', 8, 10000, { kind: 'linear', factor });
      fails('factor', 8, 10000, { kind: 'yarn', factor, trainedLength: 100 });
    }
  });
});

describe('rotary encoding in a config.json', () => {
  const sizes = { hidden_size: 64, num_attention_heads: 4, max_position_embeddings: 100 };

  it('turns the whole head at base 10000 unless it says otherwise', () => {
    assert.deepEqual(readRope(sizes, 1), {
      rotatedWidth: 16,
      base: 10000,
      scaling: { kind: 'default' },
    });
    const partial = readRope(
      { ...sizes, head_dim: 32, partial_rotary_factor: 0.25, rope_theta: 5e5 },
      1,
    );
    assert.deepEqual(partial, { rotatedWidth: 8, base: 5e5, scaling: { kind: 'default' } });
  });

  it('is refused where it is damaged or unknown, naming the place', () => {
    const fails = (config: unknown, message: RegExp) =>
      assert.throws(
        () => readRope(config, 1),
        (error: unknown) => {
          assert.ok(error instanceof PositionError && error.reason === 'scheme');
          assert.match(error.message, message);
          return true;
        },
      );
    fails(null, /"config"/);
    fails({ ...sizes, rope_theta: 0 }, /"rope_theta"/);
    fails({ ...sizes, rope_scaling: { type: 'linear' } }, /"factor"/);
    fails({ ...sizes, rope_scaling: { type: 'linear', factor: 'two' } }, /"rope_scaling.factor"/);
    fails({ ...sizes, rope_scaling: { type: 'spiral' } }, /"spiral" is not known/);
  });
});

describe('rotary rotation', () => {
  const { positions, width, vectors, halfSplit, interleaved } = reference.rotation;
  const rope = ropeFrequencies(width, 10000, { kind: 'default' });

  it("equals Llama's for half-split pairs", () => {
    closeTo(rotate(vectors, width, positions, rope, 'halfSplit'), halfSplit, 5e-5);
  });

  it("equals GPT-J's for interleaved pairs", () => {
    closeTo(rotate(vectors, width, positions, rope, 'interleaved'), interleaved, 5e-5);
  });

  it('is undone by its inverse, attention factor included', () => {
    const scaled = { ...rope, attentionFactor: 1.3 };
    for (const pairing of PAIRINGS) {
      const turned = rotate(vectors, width, positions, scaled, pairing);
      closeTo(unrotate(turned, width, positions, scaled, pairing), vectors, 1e-12);
    }
  });

  it('leaves columns beyond the rotated width alone', () => {
    const partial = ropeFrequencies(4, 10000, { kind: 'default' });
    const turned = rotate([1, 2, 3, 4, 5, 6], 6, [9], partial, 'halfSplit');
    assert.deepEqual([...turned.subarray(4)], [5, 6]);
    assert.throws(() => rotate([1, 2, 3], 3, [1], partial, 'halfSplit'), PositionError);
  });

  it('makes scores depend on distance alone', () => {
    const vector = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
      minLength: 8,
      maxLength: 8,
    });
    const position = fc.nat(1000);
    fc.assert(
      fc.property(
        vector,
        vector,
        position,
        position,
        position,
        fc.constantFrom(...PAIRINGS),
        (q, k, i, j, shift, pairing) => {
          const turning = ropeFrequencies(8, 10000, { kind: 'yarn', factor: 4, trainedLength: 64 });
          const score = (a: number, b: number) => {
            const query = rotate(q, 8, [a], turning, pairing);
            const key = rotate(k, 8, [b], turning, pairing);
            return query.reduce((sum, value, column) => sum + value * key[column]!, 0);
          };
          assert.ok(Math.abs(score(i, j) - score(i + shift, j + shift)) < 1e-9);
        },
      ),
    );
  });
});
