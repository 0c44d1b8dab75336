import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WindowTokens } from '../../../server/analysis/windowTokens';
import { heaviestWords, tokensOfWord, wordIndices, wordsOf } from '../../../server/analysis/words';

/** Tokens as [where in the text, which stretch of the tokenizer]; null is the template's. */
type Piece = [start: number, end: number, stretch: number] | null;

function windowOf(pieces: Piece[]): WindowTokens {
  const column = (of: (piece: NonNullable<Piece>) => number): Int32Array =>
    Int32Array.from(pieces, (piece) => (piece ? of(piece) : -1));
  return {
    index: 0,
    ids: Int32Array.from(pieces.keys()),
    starts: column(([start]) => start),
    ends: column(([, end]) => end),
    words: column(([, , stretch]) => stretch),
    specialTokens: pieces.flatMap((piece, token) => (piece ? [] : [token])),
  };
}

const indices = (text: string, pieces: Piece[]): number[] => [
  ...wordIndices(windowOf(pieces), text),
];

describe('words', () => {
  it('are the pieces of one stretch; the template’s tokens stand by themselves', () => {
    const pieces: Piece[] = [null, null, [0, 2, 0], [2, 5, 0], [6, 9, 1], null, null];
    assert.deepEqual(indices('abcde fgh', pieces), [0, 1, 2, 2, 3, 4, 5]);
  });

  it('end where something other than letters and digits begins', () => {
    // Some tokenizers split at spaces alone, and leave the comma with its word.
    const text = 'ab12, c';
    const pieces: Piece[] = [
      [0, 2, 0],
      [2, 4, 0],
      [4, 5, 0],
      [6, 7, 1],
    ];
    assert.deepEqual(indices(text, pieces), [0, 0, 1, 2]);
    assert.deepEqual(
      indices('();', [
        [0, 1, 0],
        [1, 2, 0],
        [2, 3, 0],
      ]),
      [0, 1, 2],
    );
  });

  it('hold letters of every script with their marks', () => {
    const text = 'кѣ̀न्दी';
    assert.deepEqual(
      indices(text, [
        [0, 2, 0],
        [2, 3, 0],
        [3, 5, 0],
        [5, 7, 0],
      ]),
      [0, 0, 0, 0],
    );
  });

  it('hold all tokens of one character', () => {
    // Bytes of an emoji all have its range.
    const text = '🦀🦀';
    const pieces: Piece[] = [
      [0, 2, 0],
      [0, 2, 0],
      [0, 2, 0],
      [2, 4, 0],
      [2, 4, 0],
    ];
    assert.deepEqual(indices(text, pieces), [0, 0, 0, 1, 1]);
  });

  it('are counted without gaps, each in one run, whatever the tokens are', () => {
    const piece = fc.oneof(
      fc.constant(null),
      fc.tuple(fc.nat(9), fc.nat(9), fc.nat(3)) as fc.Arbitrary<NonNullable<Piece>>,
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1 }), fc.string(), (pieces, text) => {
        const window = windowOf(pieces);
        const found = wordIndices(window, text);
        assert.equal(found[0], 0);
        found.forEach((index, token) => {
          if (token > 0) assert.ok([0, 1].includes(index - found[token - 1]!));
        });
        const words = wordsOf(window, found);
        assert.deepEqual(
          words.flatMap(({ tokens }) => tokens),
          [...found.keys()],
        );
        for (const { tokens } of words)
          for (const token of tokens)
            assert.deepEqual(tokensOfWord(found, token), [tokens[0], tokens.at(-1)! + 1]);
      }),
    );
  });

  it('cover their pieces', () => {
    const window = windowOf([null, [0, 2, 0], [2, 5, 0], null]);
    assert.deepEqual(wordsOf(window, wordIndices(window, 'abcde')), [
      { tokens: [0], start: -1, end: -1 },
      { tokens: [1, 2], start: 0, end: 5 },
      { tokens: [3], start: -1, end: -1 },
    ]);
  });

  it('come heaviest first, without those of which a token is left out', () => {
    const window = windowOf([null, [0, 1, 0], [1, 2, 0], [3, 4, 1], [5, 6, 2]]);
    const words = wordsOf(window, wordIndices(window, 'ab c d'));
    const weights = Float32Array.of(0.5, 0.25, 0.125, 0.375);
    const of = (left: number[], count: number): number[] =>
      heaviestWords(words, weights, { count, left: new Set(left) }).map(({ index }) => index);
    assert.deepEqual(of([0], 9), [3, 1, 2]);
    assert.deepEqual(of([0, 2], 9), [3, 2]);
    assert.deepEqual(of([], 2), [0, 3]);
  });
});
