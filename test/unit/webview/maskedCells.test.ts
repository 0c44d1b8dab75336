import assert from 'node:assert/strict';
import fc from 'fast-check';
import { INITIAL_SELECTION, type Selection } from '../../../server/protocol';
import { MaskedCells, maskRuleOf, type MaskRule } from '../../../webview/map/maskedCells';
import { unitsOf, type Units } from '../../../webview/session/units';

const WINDOWED = { causal: false, layers: 4, windows: [2, null, 3, 5] };
const shown = (part: Partial<Selection>): Selection => ({ ...INITIAL_SELECTION, ...part });

/** Words of so many pieces each. */
function units(lengths: readonly number[], merge: 'tokens' | 'words'): Units {
  const of = lengths.flatMap((length, word) => new Array<number>(length).fill(word));
  return unitsOf(
    {
      texts: of.map(String),
      ranges: of.map(() => null),
      special: [],
      words: { of, texts: lengths.map(String), ranges: lengths.map(() => null), special: [] },
    } as unknown as Parameters<typeof unitsOf>[0],
    merge,
  );
}

const hides = ({ causal, window }: MaskRule, query: number, key: number): boolean =>
  (causal && key > query) || (window !== null && Math.abs(query - key) > window);

describe('masked cells', () => {
  it('follow the layer’s window, and of several layers the furthest', () => {
    assert.equal(maskRuleOf(WINDOWED, shown({ layer: 0 })).window, 2);
    assert.equal(maskRuleOf(WINDOWED, shown({ layer: 1 })).window, null);
    assert.equal(maskRuleOf(WINDOWED, shown({ layer: null })).window, null);
    const all = { ...WINDOWED, windows: [2, 2, 3, 5] };
    assert.equal(maskRuleOf(all, shown({ layer: null })).window, 5);
    assert.equal(maskRuleOf({ ...all, windows: undefined }, shown({ layer: 0 })).window, null);
  });

  it('reach a window further with each layer that is rolled', () => {
    const all = { ...WINDOWED, windows: [2, 2, 3, 5] };
    assert.equal(maskRuleOf(all, shown({ layer: 1, reading: 'rollout' })).window, 4);
    assert.equal(maskRuleOf(all, shown({ layer: null, reading: 'rollout' })).window, 12);
    assert.equal(maskRuleOf(WINDOWED, shown({ layer: 2, reading: 'rollout' })).window, null);
  });

  it('are those of which no pair of pieces is seen', () => {
    const rules = fc.record({
      causal: fc.boolean(),
      window: fc.option(fc.integer({ min: 0, max: 12 })),
    });
    const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rules, lengths, fc.constantFrom('tokens', 'words'), (rule, pieces, merge) => {
        const all = units(pieces, merge);
        const cells = new MaskedCells(all, rule);
        const tokens = [...new Array<number>(all.tokens).keys()];
        for (const query of all.texts.keys())
          for (const key of all.texts.keys()) {
            const pairs = tokens
              .filter((token) => all.of(token) === query)
              .flatMap((one) =>
                tokens.filter((token) => all.of(token) === key).map((two) => [one, two] as const),
              );
            const expected = pairs.every(([one, two]) => hides(rule, one, two));
            assert.equal(cells.has({ query, key }), expected, `${query} ${key}`);
          }
      }),
    );
  });
});
