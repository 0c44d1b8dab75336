/** What of a text the statistics of heads look at. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textStructure } from '../../../server/analysis/textStructure';
import type { WindowTokens } from '../../../server/analysis/windowTokens';

/** A window over the text's tokens, each written between bars; a template token on either side. */
function windowOf(marked: string): { window: WindowTokens; text: string } {
  const text = marked.replaceAll('|', '');
  const starts = [-1];
  const ends = [-1];
  let offset = 0;
  marked.split('|').forEach((part, at) => {
    if (at % 2 === 1) {
      starts.push(offset);
      ends.push(offset + part.length);
    }
    offset += part.length;
  });
  const count = starts.push(-1);
  ends.push(-1);
  const window = {
    index: 0,
    ids: new Int32Array(count),
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
    words: new Int32Array(count),
    specialTokens: [0, count - 1],
  };
  return { window, text };
}

function structureOf(marked: string) {
  const { window, text } = windowOf(marked);
  const { identifiers, occurrences, brackets, lineBreaks } = textStructure(window, text);
  const pairs = Array.from({ length: brackets.length / 2 }, (_, pair) => [
    brackets[2 * pair],
    brackets[2 * pair + 1],
  ]);
  return {
    identifiers: [...identifiers],
    occurrences: [...occurrences],
    pairs,
    lineBreaks: [...lineBreaks],
  };
}

describe('what the text says of its tokens', () => {
  it('identifiers are whole, over pieces and signs, case included', () => {
    const { identifiers, occurrences } = structureOf(
      '|my||_||name| |=| |My||_||name| |+| |my||_||name|',
    );
    assert.deepEqual(identifiers, [-1, 0, 0, 0, -1, 1, 1, 1, -1, 0, 0, 0, -1]);
    assert.equal(new Set(occurrences.filter((each) => each >= 0)).size, 3);
  });

  it('numbers are none, nor is what begins with a digit', () => {
    assert.deepEqual(structureOf('|12| |3||abc| |x9|').identifiers, [-1, -1, -1, -1, 0, -1]);
  });

  it('a token of several is a piece of the first', () => {
    assert.deepEqual(structureOf('|(self.| |self|').identifiers, [-1, 0, 0, -1]);
  });

  it('a window that begins inside of an identifier knows all of it', () => {
    const { window, text } = windowOf('un|able| |able|');
    assert.deepEqual([...textStructure(window, text).identifiers], [-1, 0, 1, -1]);
  });

  it('brackets are paired by nesting', () => {
    const { pairs } = structureOf('|f||(||[||a||]| |{||b||}||)|');
    assert.deepEqual(pairs, [
      [3, 5],
      [6, 8],
      [2, 9],
    ]);
  });

  it('what closes nothing, and what nothing closes, has no partner', () => {
    assert.deepEqual(structureOf('|]| |(||{||)| |[|').pairs, [[2, 4]]);
  });

  it('tokens of several brackets have several partners', () => {
    assert.deepEqual(structureOf('|f((| |x| |))|').pairs, [
      [1, 3],
      [1, 3],
    ]);
    assert.deepEqual(structureOf('|()|').pairs, [[1, 1]]);
  });

  it('line breaks are stood for by who holds them, else by the token before', () => {
    assert.deepEqual(structureOf('\n|a| |b|\r\n\r\n|c||\n\n||d|\n').lineBreaks, [2, 4, 5]);
    assert.deepEqual(structureOf('|a| |b|').lineBreaks, []);
  });

  it('is inside the window whatever the text', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('|', '(', ')', '[', '}', '{', ' ', '\n', 'a', '_', '1', '灯', '😀'),
          {
            maxLength: 60,
          },
        ),
        (parts) => {
          const { window, text } = windowOf(parts.join(''));
          const found = textStructure(window, text);
          const count = window.starts.length;
          assert.equal(found.identifiers.length, count);
          for (const list of [found.brackets, found.lineBreaks])
            for (const token of list)
              assert.ok(token > 0 && token < count && !window.specialTokens.includes(token));
          for (const token of window.specialTokens) assert.equal(found.identifiers[token], -1);
          const ascending = [...found.lineBreaks].sort((a, b) => a - b);
          assert.deepEqual([...found.lineBreaks], ascending);
        },
      ),
    ));
});
