import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadTokenizer } from '../../../server/tokens/load';
import type { Tokenizer } from '../../../server/tokens/tokenizer';
import { corpus } from '../../corpus/texts';
import { assertExactCut } from './exactCut';
import { nastyText } from './nastyText';
import { comparedOf, tokenizerFiles } from './recipes';
import { ourTokens, referenceTokenizer, referenceTokens } from './reference';

/** Where each ends a line of words at the latest, told by where its last word may be cut off. */
const WORDS = 'one two (three) four, five';

describe('tokenizers of many families under stress', function () {
  this.timeout(60_000);
  let cutting = 0;

  for (const [name, json] of tokenizerFiles()) {
    it(`${name}: random Unicode as the reference, exact cuts, sound ranges`, async () => {
      const ours = loadTokenizer(json);
      const reference = referenceTokenizer(json);
      await fc.assert(
        fc.asyncProperty(nastyText, fc.nat(60), async (text, to) => {
          const expected = await referenceTokens(reference, text);
          assert.deepEqual(
            ourTokens(ours.encode(text)).map(comparedOf(name)),
            expected.map(comparedOf(name)),
          );
          assertExactCut(ours, text, 0, to);
          assertExactCut(ours, `${WORDS} ${text}`, 0, to);
          assertSound(ours, text);
        }),
        { numRuns: 60 },
      );
      for (const { text } of corpus.slice(0, 30)) {
        assertExactCut(ours, text.slice(0, 1000), 0, Math.floor(text.length / 2));
      }
      if (ours.lastCut(WORDS, 0, WORDS.length) > 0) cutting++;
    });
  }

  it('most know where a text may be cut', () => {
    assert.ok(cutting >= 20, `${cutting} do`);
  });
});

/** Ranges are inside the text, in order and split no surrogate pair. */
function assertSound(tokenizer: Tokenizer, text: string): void {
  const { starts, ends } = tokenizer.encode(text);
  const splitsPair = (at: number) =>
    /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));
  starts.forEach((start, index) => {
    const end = ends[index]!;
    assert.ok(0 <= start && start <= end && end <= text.length);
    assert.ok(!splitsPair(start) && !splitsPair(end));
  });
}
