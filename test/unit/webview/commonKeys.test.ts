import assert from 'node:assert/strict';
import { align } from '../../../server/analysis/alignment';
import { INITIAL_SELECTION, type Range } from '../../../server/protocol';
import { commonKeys } from '../../../webview/compare/commonKeys';
import type { SideNumbers } from '../../../webview/compare/side';
import { unitsOf } from '../../../webview/session/units';

/** Tokens with their columns on line 0; none for those of the template. */
type Written = readonly (readonly [text: string, start?: number, end?: number])[];

function side(model: string, uri: string, written: Written): SideNumbers {
  const ranges = written.map(([, start, end]): Range | null =>
    start === undefined || end === undefined
      ? null
      : { start: { line: 0, character: start }, end: { line: 0, character: end } },
  );
  const texts = written.map(([text]) => text);
  const tokens = {
    ...{ texts, ranges, special: [], uri, version: 1 },
    keys: texts.map((_, at) => at),
    model: { hash: model },
    words: { of: texts.map((_, at) => at), texts, ranges, special: [] },
  } as unknown as SideNumbers['tokens'];
  const units = unitsOf(tokens, 'tokens');
  const weights = new Float32Array(texts.length ** 2);
  return { tokens, selection: INITIAL_SELECTION, units, keys: tokens.keys, weights };
}

const pairs = (one: SideNumbers, other: SideNumbers): [number, number][] => {
  const { tokens, others } = align(...commonKeys(one, other));
  return Array.from(tokens, (token, at) => [token, others[at]!]);
};

describe('by what two sides are aligned', () => {
  const bert: Written = [['[CLS]'], ['keep', 0, 4], ['##er', 4, 6], ['the', 7, 10], ['[SEP]']];
  const spaced: Written = [
    ['keeper', 0, 6],
    ['\u0120The', 6, 10],
    ['\u0120the', 10, 14],
  ];

  it('is what the model reads, where one reads both', () => {
    const [one, other] = [side('m', 'a', bert), side('m', 'b', bert)];
    assert.deepEqual(commonKeys(one, other), [one.keys, other.keys]);
  });

  it('is the place in the text, where two models read one', () => {
    assert.deepEqual(pairs(side('m', 'a', bert), side('n', 'a', spaced)), [[3, 1]]);
  });

  it('is what is written, where two models read two texts', () => {
    const moved: Written = [
      ['\u0120keep', 9, 14],
      ['\u0120the', 14, 18],
    ];
    assert.deepEqual(pairs(side('m', 'a', bert), side('n', 'b', moved)), [
      [1, 0],
      [3, 1],
    ]);
  });
});
