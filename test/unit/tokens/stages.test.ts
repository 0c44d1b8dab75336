import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadTokenizer } from '../../../server/tokens/load';
import { corpus } from '../../corpus/texts';
import { nastyText } from './nastyText';
import { letterFile, ourTokens, referenceTokenizer, referenceTokens, smallFile } from './reference';
import type { TokenizerFile } from './reference';

const MAX_UNITS = 20_000;
const shortTexts = corpus.filter(({ text }) => text.length <= MAX_UNITS);

const letterVocabulary = { type: 'WordLevel', unk_token: '?', vocab: { '?': 0, the: 1, a: 2 } };
const bertWords = { type: 'BertPreTokenizer' };
const sequence = (...normalizers: unknown[]) => ({ type: 'Sequence', normalizers });
const splits = (...pretokenizers: unknown[]) => ({ type: 'Sequence', pretokenizers });

const files: Record<string, Partial<TokenizerFile>> = {
  'no stage but the model': {},
  NFC: { normalizer: { type: 'NFC' }, pre_tokenizer: bertWords },
  NFD: { normalizer: { type: 'NFD' }, pre_tokenizer: bertWords },
  NFKC: { normalizer: { type: 'NFKC' }, pre_tokenizer: bertWords },
  NFKD: { normalizer: { type: 'NFKD' }, pre_tokenizer: bertWords },
  Lowercase: { normalizer: { type: 'Lowercase' }, pre_tokenizer: bertWords },
  'NFD, StripAccents, Lowercase': {
    normalizer: sequence({ type: 'NFD' }, { type: 'StripAccents' }, { type: 'Lowercase' }),
    pre_tokenizer: bertWords,
  },
  'NFKC, BertNormalizer': {
    normalizer: sequence(
      { type: 'NFKC' },
      {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
    ),
    pre_tokenizer: bertWords,
  },
  Whitespace: { pre_tokenizer: { type: 'Whitespace' } },
  WhitespaceSplit: { pre_tokenizer: { type: 'WhitespaceSplit' } },
  'WhitespaceSplit, Digits': {
    pre_tokenizer: splits({ type: 'WhitespaceSplit' }, { type: 'Digits', individual_digits: true }),
  },
  Digits: { pre_tokenizer: { type: 'Digits', individual_digits: false } },
  WordLevel: { model: letterVocabulary, pre_tokenizer: { type: 'Whitespace' } },
  ...Object.fromEntries(
    ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'].map(
      (behavior) => [
        `Punctuation, ${behavior}`,
        { pre_tokenizer: splits({ type: 'Whitespace' }, { type: 'Punctuation', behavior }) },
      ],
    ),
  ),
};

describe('each stage beside the reference', function () {
  this.timeout(60_000);

  for (const [name, changes] of Object.entries(files)) {
    it(`${name}: corpus and random Unicode`, async () => {
      const json = JSON.stringify(letterFile(changes));
      const ours = loadTokenizer(json);
      const reference = referenceTokenizer(json);
      const compare = async (text: string): Promise<void> => {
        assert.deepEqual(ourTokens(ours.encode(text)), await referenceTokens(reference, text));
      };
      for (const { text } of shortTexts) await compare(text);
      await fc.assert(fc.asyncProperty(nastyText, compare), { numRuns: 300 });
    });
  }
});

describe('WordPiece beside the reference', function () {
  this.timeout(60_000);
  const letter = fc.constantFrom('a', 'b', 'c', 'é', '中', '🙂', '#');
  const word = fc.array(letter, { minLength: 1, maxLength: 8 }).map((letters) => letters.join(''));
  const prefix = fc.constantFrom('##', '@', '');

  it('takes words apart alike, whatever the vocabulary', async () => {
    const setting = fc.record({
      prefix,
      beginnings: fc.array(word, { maxLength: 12 }),
      continuations: fc.array(word, { maxLength: 12 }),
      limit: fc.integer({ min: 1, max: 8 }),
      words: fc.array(word, { minLength: 1, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(setting, async (chosen) => {
        const tokens = [
          '?',
          ...chosen.beginnings,
          ...chosen.continuations.map((part) => chosen.prefix + part),
        ];
        const json = JSON.stringify(
          smallFile({
            pre_tokenizer: { type: 'WhitespaceSplit' },
            model: {
              type: 'WordPiece',
              unk_token: '?',
              continuing_subword_prefix: chosen.prefix,
              max_input_chars_per_word: chosen.limit,
              vocab: Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id])),
            },
          }),
        );
        const text = chosen.words.join(' ');
        const expected = await referenceTokens(referenceTokenizer(json), text);
        assert.deepEqual(ourTokens(loadTokenizer(json).encode(text)), expected);
      }),
      { numRuns: 500 },
    );
  });
});
