import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadTokenizer } from '../../../server/tokens/load';
import { textOfFewLetters } from './addedTokenArbitraries';
import { assertExactCut } from './exactCut';
import { stagesFile } from './stageArbitraries';

const texts = fc.array(textOfFewLetters, { minLength: 10, maxLength: 30 });

describe('where a text may be cut, whatever the stages', function () {
  this.timeout(60_000);

  it('gives the tokens, ranges and words of the whole', () => {
    let cuts = 0;
    fc.assert(
      fc.property(stagesFile, texts, (file, texts) => {
        const tokenizer = loadTokenizer(JSON.stringify(file));
        for (const text of texts) {
          for (const to of [text.length >> 1, text.length]) {
            assertExactCut(tokenizer, text, 0, to);
            if (tokenizer.lastCut(text, 0, to) > 0) cuts++;
          }
        }
      }),
      { numRuns: 300 },
    );
    // How many there are is chance; without any the property would say nothing.
    assert.ok(cuts > 0, 'no cut was found');
  });
});
