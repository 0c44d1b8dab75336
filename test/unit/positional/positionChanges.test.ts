import assert from 'node:assert';
import fc from 'fast-check';
import { changePositions, shuffleTokens } from '../../../server/positional/positionChanges';
import { PositionError } from '../../../server/positional/positionError';

const window = { tokens: 7, specialTokens: [0, 6], contextLength: 10 };

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
        const special = { tokens, specialTokens: [0, tokens - 1], contextLength: 60 };
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
