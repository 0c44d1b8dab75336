import assert from 'node:assert/strict';
import fc from 'fast-check';
import { align, identity, type AlignmentKeys } from '../../../server/analysis/alignment';

/** Few different tokens, so that most of them come again. */
const text = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });

/** The length of a longest common subsequence, by the textbook's table. */
function longest(tokens: AlignmentKeys, others: AlignmentKeys): number {
  let row = new Array<number>(others.length + 1).fill(0);
  for (const token of tokens) {
    const next = [0];
    others.forEach((other, at) =>
      next.push(token === other ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!)),
    );
    row = next;
  }
  return row.at(-1)!;
}

const ascends = (places: Int32Array): boolean =>
  places.every((place, at) => at === 0 || place > places[at - 1]!);

describe('aligning the tokens of two texts', () => {
  it('pairs equal tokens only, and pairs never cross', () => {
    fc.assert(
      fc.property(text, text, (tokens, others) => {
        const pairs = align(tokens, others);
        assert.equal(pairs.tokens.length, pairs.others.length);
        assert.ok(ascends(pairs.tokens) && ascends(pairs.others));
        pairs.tokens.forEach((token, at) => assert.equal(tokens[token], others[pairs.others[at]!]));
      }),
    );
  });

  it('finds as many pairs as there can be', () => {
    fc.assert(
      fc.property(text, text, (tokens, others) => {
        assert.equal(align(tokens, others).tokens.length, longest(tokens, others));
      }),
    );
  });

  it('pairs each token of equal texts with itself', () => {
    fc.assert(
      fc.property(text, (tokens) => {
        assert.deepEqual(align(tokens, [...tokens]), identity(tokens.length));
      }),
    );
  });

  it('pairs the same tokens whichever text comes first', () => {
    fc.assert(
      fc.property(text, text, (tokens, others) => {
        const [there, back] = [align(tokens, others), align(others, tokens)];
        assert.deepEqual(there.tokens, back.others);
        assert.deepEqual(there.others, back.tokens);
      }),
    );
  });

  it('keeps all that one edit leaves', () => {
    const edit = fc.record({ at: fc.nat(40), removed: fc.nat(5), inserted: text });
    fc.assert(
      fc.property(text, edit, (tokens, { at, removed, inserted }) => {
        const changed = [...tokens];
        const left = tokens.length - changed.splice(at, removed, ...inserted).length;
        assert.ok(align(tokens, changed).tokens.length >= left);
      }),
    );
  });

  it('takes what is written for keys as well', () => {
    const pairs = align(['[CLS]', 'the', 'keeper'], ['the', 'old', 'keeper']);
    assert.deepEqual([...pairs.tokens], [1, 2]);
    assert.deepEqual([...pairs.others], [0, 2]);
  });
});
