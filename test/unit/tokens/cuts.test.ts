import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadTokenizer } from '../../../server/tokens/load';
import type { Tokenizer } from '../../../server/tokens/tokenizer';
import { corpus } from '../../corpus/texts';
import { addedTokens, textOfFewLetters } from './addedTokenArbitraries';
import { assertExactCut } from './exactCut';
import { nastyText } from './nastyText';
import { bundledJson, letterFile, smallFile } from './reference';

const bert = {
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
};

describe('where a text may be cut', function () {
  this.timeout(120_000);
  let bundled: Tokenizer;

  before(() => {
    bundled = loadTokenizer(bundledJson());
  });

  it('gives the tokens, ranges and words of the whole, in random Unicode', () => {
    fc.assert(
      fc.property(nastyText, fc.nat(60), fc.nat(60), (text, from, width) => {
        assertExactCut(bundled, text, from, from + width);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives the tokens of the whole on every text of the corpus', () => {
    for (const { text } of corpus) {
      assertExactCut(bundled, text, 0, Math.floor(text.length / 2));
      assertExactCut(bundled, text, 0, text.length - 1);
    }
  });

  it('is exact whatever tokens are added, with whitespace in them or around them', () => {
    fc.assert(
      fc.property(
        addedTokens,
        fc.array(textOfFewLetters, { minLength: 1, maxLength: 20 }),
        fc.nat(10),
        (added, texts, from) => {
          const json = JSON.stringify(smallFile({ ...bert, added_tokens: added }));
          const tokenizer = loadTokenizer(json);
          for (const text of texts) {
            for (let to = from; to <= text.length; to++) assertExactCut(tokenizer, text, from, to);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is exact for every stage that knows one', () => {
    const normalizers = ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents'];
    const preTokenizers = ['BertPreTokenizer', 'Whitespace', 'WhitespaceSplit'];
    for (const normalizer of normalizers) {
      for (const type of preTokenizers) {
        const file = letterFile({ normalizer: { type: normalizer }, pre_tokenizer: { type } });
        const tokenizer = loadTokenizer(JSON.stringify(file));
        fc.assert(
          fc.property(nastyText, fc.nat(60), (text, to) => {
            assertExactCut(tokenizer, text, 0, to);
          }),
          { numRuns: 200 },
        );
      }
    }
  });

  it('is the last place behind whitespace that stays whitespace', () => {
    assert.equal(bundled.lastCut('one two three', 0, 13), 8);
    assert.equal(bundled.lastCut('one two three', 0, 8), 8);
    assert.equal(bundled.lastCut('one two three', 0, 7), 4);
    assert.equal(bundled.lastCut('one two three', 4, 7), -1);
    assert.equal(bundled.lastCut('one two', 0, 99), 4);
    // NEL is whitespace to Unicode, but BERT drops it as a control character.
    assert.equal(bundled.lastCut('one\u0085two', 0, 7), -1);
    assert.equal(bundled.lastCut('one\u3000two\u2028', 0, 8), 8);
    assert.equal(bundled.lastCut('', 0, 0), -1);
  });

  it('is nowhere where no stage knows one', () => {
    const tokenizer = loadTokenizer(
      JSON.stringify(smallFile({ pre_tokenizer: { type: 'Digits' } })),
    );
    assert.equal(tokenizer.lastCut('one two', 0, 7), -1);
  });

  it('keeps clear of added tokens that hold or take whitespace', () => {
    const added = [
      { id: 90_000, content: 'a b', special: true },
      { id: 90_001, content: '<l>', special: true, lstrip: true },
      { id: 90_002, content: '<r>', special: true, rstrip: true },
    ];
    const tokenizer = loadTokenizer(JSON.stringify(smallFile({ ...bert, added_tokens: added })));
    assert.equal(tokenizer.lastCut('x a b', 0, 5), 2);
    assert.equal(tokenizer.lastCut('x y  <l>', 0, 8), 2);
    assert.equal(tokenizer.lastCut('x <r>  y', 0, 6), 2);
    assert.equal(tokenizer.lastCut('x <r>  y', 0, 8), 7);
  });
});
