import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadTokenizer } from '../../../server/tokens/load';
import { addedTokens, textOfFewLetters } from './addedTokenArbitraries';
import { ourTokens, referenceTokenizer, referenceTokens, smallFile } from './reference';

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

describe('added tokens beside the reference', function () {
  this.timeout(120_000);

  for (const [name, stages] of Object.entries({ 'with BERT stages': bert, 'without stages': {} })) {
    it(`${name}: any tokens with any flags in any text`, async () => {
      const property = fc.asyncProperty(
        // The reference aborts the process on some tokens that begin with whitespace.
        addedTokens.filter((tokens) => tokens.every(({ content }) => !content.startsWith(' '))),
        fc.array(textOfFewLetters, { minLength: 1, maxLength: 20 }),
        async (added, texts) => {
          const file = smallFile(stages);
          const firstId = Object.keys(file.model['vocab'] as object).length;
          const tokens = reindexed(added, file.model['vocab'] as Record<string, number>, firstId);
          const json = JSON.stringify({ ...file, added_tokens: tokens });
          const ours = loadTokenizer(json);
          const reference = referenceTokenizer(json);
          for (const text of texts) {
            assert.deepEqual(ourTokens(ours.encode(text)), await referenceTokens(reference, text));
          }
        },
      );
      await fc.assert(property, { numRuns: 150 });
    });
  }

  it('takes the longest of those that start first, special ones in the text included', () => {
    const added = ['<a', '<a>', 'a>b'].map((content, index) => ({
      id: 90_000 + index,
      content,
      special: index === 1,
    }));
    const ours = loadTokenizer(JSON.stringify(smallFile({ ...bert, added_tokens: added })));
    const { ids, starts, ends } = ours.encode('x<a>b');
    // Numbered from the end of the vocabulary on, whatever the file says.
    assert.equal(ids[1], firstFreeId() + 1);
    assert.deepEqual([...starts], [0, 1, 4]);
    assert.deepEqual([...ends], [1, 4, 5]);
  });

  it('finds thousands of tokens in linear time', () => {
    const added = Array.from({ length: 6000 }, (_, index) => ({
      id: 90_000 + index,
      content: `<unused${index}>`,
      special: true,
    }));
    const ours = loadTokenizer(JSON.stringify(smallFile({ ...bert, added_tokens: added })));
    const text = '<unused5999><unused599 '.repeat(20_000);
    const last = firstFreeId() + 5999;
    assert.equal(ours.encode(text).ids.filter((id) => id === last).length, 20_000);
  });
});

function firstFreeId(): number {
  return loadTokenizer(JSON.stringify(smallFile(bert))).vocabularySize;
}

/** The reference numbers new tokens itself, from the end of the vocabulary on. */
function reindexed<T extends { content: string; id: number }>(
  tokens: readonly T[],
  vocabulary: Record<string, number>,
  firstId: number,
): T[] {
  let next = firstId;
  return tokens.map((added) => ({ ...added, id: vocabulary[added.content] ?? next++ }));
}
