import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadTokenizer } from '../../../server/tokens/load';
import { textOfFewLetters } from './addedTokenArbitraries';
import { nastyText } from './nastyText';
import { ourTokens, referenceTokenizer, referenceTokens, type TokenizerFile } from './reference';
import { stagesFile } from './stageArbitraries';

const texts = fc.array(fc.oneof(nastyText, textOfFewLetters), { minLength: 5, maxLength: 15 });

describe('stages of any kind together beside the reference', function () {
  this.timeout(60_000);

  it('give equal ids, ranges and words', async () => {
    await fc.assert(
      fc.asyncProperty(stagesFile, texts, async (file, texts) => {
        const json = JSON.stringify(safeForReference(file));
        const ours = loadTokenizer(json);
        const reference = referenceTokenizer(json);
        for (const text of texts) {
          assert.deepEqual(ourTokens(ours.encode(text)), await referenceTokens(reference, text));
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** The reference ends the process where some patterns or added tokens meet other stages. */
function safeForReference(file: TokenizerFile): TokenizerFile {
  const { normalizers } = file.normalizer as { normalizers: { type: string }[] };
  const kept = normalizers.filter(({ type }) => type !== 'Replace');
  return { ...file, added_tokens: [], normalizer: { type: 'Sequence', normalizers: kept } };
}
