import assert from 'node:assert';
import fc from 'fast-check';
import { changePositions, shuffleTokens } from '../../../server/positional/positionChanges';
import { PositionError } from '../../../server/positional/positionError';
import { trainedRope, type RopeRule } from '../../../server/positional/ropeChange';
import reference from '../../reference/positional/encodings.json';
import { closeTo } from './closeTo';

const rope: RopeRule = {
  dimensions: 32,
  base: 10_000,
  scaling: { kind: 'default' },
  trainedLength: 4096,
};
const window = { tokens: 7, specialTokens: [0, 6], contextLength: 10, heads: 2, rope };

function ids(change: Parameters<typeof changePositions>[0]): number[] {
  return [...changePositions(change, window).positionIds];
}

function refuses(reason: string, change: Parameters<typeof changePositions>[0]): void {
  assert.throws(
    () => changePositions(change, window),
    (error: unknown) => error instanceof PositionError && error.reason === reason,
  );
}

describe('changes of position', () => {
  it('leave ids alone where only the scale changes', () => {
    for (const [change, scale] of [
      [{ mode: 'none' }, 1],
      [{ mode: 'off' }, 0],
      [{ mode: 'scaled', scale: 2.5 }, 2.5],
    ] as const) {
      const inputs = changePositions(change, window);
      assert.deepEqual([...inputs.positionIds], [0, 1, 2, 3, 4, 5, 6]);
      assert.equal(inputs.positionScale, scale);
    }
  });

  it('reverse the text between its special tokens', () => {
    assert.deepEqual(ids({ mode: 'reversed' }), [0, 5, 4, 3, 2, 1, 6]);
  });

  it('shift everyone, as far as the table goes', () => {
    assert.deepEqual(ids({ mode: 'shifted', by: 3 }), [3, 4, 5, 6, 7, 8, 9]);
    for (const by of [4, -1, 0.5, NaN]) refuses('position', { mode: 'shifted', by });
  });

  it('freeze everyone at one position', () => {
    assert.deepEqual(ids({ mode: 'frozen', at: 9 }), new Array(7).fill(9));
    for (const at of [10, -1, 0.5, NaN]) refuses('position', { mode: 'frozen', at });
  });

  it('shuffle with a seed, special tokens in place, nothing lost', () => {
    const sizes = fc.integer({ min: 2, max: 60 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (tokens, seed) => {
        const special = {
          ...window,
          tokens,
          specialTokens: [0, tokens - 1],
          contextLength: 60,
        };
        const first = changePositions({ mode: 'shuffled', seed }, special).positionIds;
        const again = changePositions({ mode: 'shuffled', seed }, special).positionIds;
        assert.deepEqual(first, again);
        assert.equal(first[0], 0);
        assert.equal(first[tokens - 1], tokens - 1);
        assert.deepEqual(
          [...first].sort((a, b) => a - b),
          Array.from({ length: tokens }, (_, i) => i),
        );
      }),
    );
    assert.notDeepEqual(ids({ mode: 'shuffled', seed: 1 }), ids({ mode: 'shuffled', seed: 2 }));
  });

  it('refuse bad scales and more tokens than there are positions', () => {
    for (const scale of [0, -1, NaN, Infinity]) refuses('scale', { mode: 'scaled', scale });
    assert.throws(
      () => changePositions({ mode: 'none' }, { ...window, contextLength: 6 }),
      PositionError,
    );
  });

  it('change RoPE as transformers does, from what the model was trained with', () => {
    const found = (kind: string, base: number, factor: number): number[] => {
      const entry = reference.rope.find(
        (each) => each.kind === kind && each.base === base && each.parameters.factor === factor,
      );
      assert.ok(entry);
      return [...entry.frequencies, entry.attentionFactor];
    };
    const changed = (change: Parameters<typeof changePositions>[0], rule = rope): number[] => {
      const inputs = changePositions(change, { ...window, rope: rule });
      assert.deepEqual([...inputs.positionIds], [0, 1, 2, 3, 4, 5, 6]);
      assert.equal(inputs.positionScale, 1);
      return [...(inputs.rope?.frequencies ?? []), inputs.rope?.attentionFactor ?? NaN];
    };
    const near = (actual: number[], expected: number[]) =>
      closeTo(
        actual.map((value, index) => value / expected[index]!),
        new Array<number>(17).fill(1),
        1e-6,
      );
    near(changed({ mode: 'linear', factor: 4 }), found('linear', 10000, 4));
    near(changed({ mode: 'yarn', factor: 16 }), found('yarn', 10000, 16));
    near(
      changed({ mode: 'yarn', factor: 16, originalLength: 4096 }, { ...rope, trainedLength: 1 }),
      found('yarn', 10000, 16),
    );
    // Its scaling stays the model's own.
    const scaling = { kind: 'linear', factor: 4 } as const;
    near(changed({ mode: 'base', base: 500000 }, { ...rope, scaling }), found('linear', 500000, 4));
    closeTo(
      changed({ mode: 'ntk', factor: reference.ntk.factor }).slice(0, -1),
      reference.ntk.frequencies,
      1e-11,
    );
  });

  it('leave RoPE as it is by a factor of 1 and by its own base', () => {
    const { frequencies } = trainedRope(rope);
    for (const change of [
      { mode: 'base', base: 10_000 },
      { mode: 'linear', factor: 1 },
      { mode: 'ntk', factor: 1 },
      { mode: 'yarn', factor: 1 },
    ] as const) {
      const inputs = changePositions(change, window);
      closeTo(inputs.rope?.frequencies ?? [], frequencies, 1e-15);
      assert.equal(inputs.rope?.attentionFactor, 1);
    }
  });

  it('turn no pair faster than the model did by any interpolation', () => {
    const trained = trainedRope(rope).frequencies;
    fc.assert(
      fc.property(
        fc.constantFrom('linear', 'ntk', 'yarn'),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (mode, factor) => {
          const { frequencies = [] } = changePositions({ mode, factor }, window).rope ?? {};
          frequencies.forEach((frequency, pair) => {
            assert.ok(frequency <= trained[pair]! * (1 + 1e-12));
            assert.ok(frequency >= (trained[pair]! / factor) * (1 - 1e-9));
          });
        },
      ),
    );
  });

  it('take one slope a head', () => {
    const slopes = [0, 0.25];
    assert.deepEqual(
      [...(changePositions({ mode: 'slopes', slopes }, window).slopes ?? [])],
      slopes,
    );
    for (const wrong of [[], [1], [1, 2, 3], [1, NaN], [-1, 1], [Infinity, 1]])
      refuses('slopes', { mode: 'slopes', slopes: wrong });
  });

  it('refuse what a rotary encoding cannot be', () => {
    for (const base of [0, -1, 1, NaN, Infinity, 1e-9, 1e40])
      refuses('base', { mode: 'base', base });
    for (const mode of ['linear', 'ntk', 'yarn'] as const)
      for (const factor of [0, 0.99, -4, NaN, Infinity, 1e9]) refuses('factor', { mode, factor });
    for (const originalLength of [0, 1.5, -1, NaN, 1e12])
      refuses('length', { mode: 'yarn', factor: 2, originalLength });
    assert.throws(
      () => changePositions({ mode: 'linear', factor: 2 }, { ...window, rope: null }),
      (error: unknown) => error instanceof PositionError && error.reason === 'scheme',
    );
  });

  it('shuffle tokens for the baseline', () => {
    const moved = shuffleTokens(Int32Array.of(101, 5, 6, 7, 8, 9, 102), [0, 6], 3);
    assert.equal(moved[0], 101);
    assert.equal(moved[6], 102);
    assert.deepEqual(
      [...moved].sort((a, b) => a - b),
      [5, 6, 7, 8, 9, 101, 102],
    );
  });
});
