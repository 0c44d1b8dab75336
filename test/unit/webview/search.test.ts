import assert from 'node:assert/strict';
import { findTokens } from '../../../webview/map/search';

describe('token search', () => {
  it('finds a token by its text, whatever the case', () => {
    assert.deepEqual(findTokens(['[CLS]', 'the', 'Keeper', 'the', '[SEP]'], 'THE'), [1, 3]);
    assert.deepEqual(findTokens(['[CLS]', 'the', 'Keeper'], 'keep'), [2]);
    assert.deepEqual(findTokens(['[CLS]', 'the'], 'lamp'), []);
  });

  it('finds a word across its pieces, and words beside each other', () => {
    const texts = ['an', 'un', '##believ', '##able', 'lamp'];
    assert.deepEqual(findTokens(texts, 'unbelievable'), [1]);
    assert.deepEqual(findTokens(texts, 'believable lamp'), [2]);
    assert.deepEqual(findTokens(texts, 'anun'), []);
  });

  it('knows how byte-level vocabularies write spaces', () => {
    const texts = ['The', '\u0120light', 'house', '\u0120keeper'];
    assert.deepEqual(findTokens(texts, 'lighthouse  keeper'), [1]);
    assert.deepEqual(findTokens(texts, ' keeper'), [3]);
  });

  it('finds nothing for nothing', () => {
    assert.deepEqual(findTokens(['a', 'b'], ''), []);
    assert.deepEqual(findTokens(['a', 'b'], '  '), []);
  });
});
