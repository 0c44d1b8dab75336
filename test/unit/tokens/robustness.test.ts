import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadTokenizer } from '../../../server/tokens/load';
import type { Tokenizer } from '../../../server/tokens/tokenizer';
import { corpus } from '../../corpus/texts';
import { nastyText } from './nastyText';
import { bundledJson } from './reference';

const MILLION = 1_000_000;

describe('any text gets tokens with sound places', function () {
  this.timeout(60_000);
  let tokenizer: Tokenizer;

  before(() => {
    tokenizer = loadTokenizer(bundledJson());
  });

  it('on the corpus', () => {
    for (const { text } of corpus) assertSound(tokenizer, text);
  });

  it('in random Unicode, lone surrogates included', () => {
    fc.assert(
      fc.property(nastyText, (text) => assertSound(tokenizer, text)),
      { numRuns: 2000 },
    );
  });

  const lines: Record<string, string> = {
    'one word': 'a'.repeat(MILLION),
    'many words': 'ab '.repeat(MILLION / 3),
    spaces: ' '.repeat(MILLION),
    'accented letters': 'é'.repeat(MILLION),
    ideographs: '中'.repeat(MILLION),
    'one mark': '\u0301'.repeat(MILLION),
    'marks that move': '\u0301\u302e'.repeat(MILLION / 2),
    'lone surrogates': '\ud800'.repeat(MILLION),
    'astral letters': '𝒳'.repeat(MILLION / 2),
    controls: '\u0001'.repeat(MILLION),
    punctuation: '#'.repeat(MILLION),
    'special tokens': '[MASK]'.repeat(MILLION / 5),
  };
  for (const [name, text] of Object.entries(lines)) {
    it(`on a line of a million units: ${name}`, () => {
      assertSound(tokenizer, text);
      assert.ok(tokenizer.lastCut(text, 0, text.length) <= text.length);
    });
  }

  it('leaves no token without a range, and none in an empty text', () => {
    assert.equal(tokenizer.encode('').ids.length, 0);
    assert.equal(tokenizer.encode(' \u200b\ufeff\0\ufffd\n').ids.length, 0);
  });

  it('says the same the second time, when words come from memory', () => {
    for (const { text } of corpus.slice(0, 50)) {
      assert.deepEqual(tokenizer.encode(text), tokenizer.encode(text));
      assert.deepEqual(tokenizer.encode(text), loadedAnew().encode(text));
    }
  });

  let fresh: Tokenizer | undefined;
  function loadedAnew(): Tokenizer {
    fresh ??= loadTokenizer(bundledJson());
    return fresh;
  }
});

/** 0 ≤ start < end ≤ length, starts and words ascending, no range ends inside a surrogate pair. */
function assertSound(tokenizer: Tokenizer, text: string): void {
  const { ids, starts, ends, words } = tokenizer.encode(text);
  for (let at = 0; at < ids.length; at++) {
    const place = `token ${at} of ${JSON.stringify(text.slice(0, 60))}`;
    assert.ok(ids[at]! >= 0 && ids[at]! < tokenizer.vocabularySize, place);
    assert.ok(0 <= starts[at]! && starts[at]! < ends[at]! && ends[at]! <= text.length, place);
    assert.ok(!splitsPair(text, starts[at]!) && !splitsPair(text, ends[at]!), place);
    if (at === 0) continue;
    assert.ok(starts[at]! >= starts[at - 1]!, place);
    assert.ok(words[at] === words[at - 1] || words[at] === words[at - 1]! + 1, place);
  }
}

function splitsPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
