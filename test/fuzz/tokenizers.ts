/** Small tokenizer.json files of every model, with most of the stages. */
import type { Json } from './mutateJson';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

function numbered(tokens: readonly string[]): { [token: string]: number } {
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

const wordPiece: Json = {
  added_tokens: [
    { id: 0, content: '[UNK]', special: true, normalized: false },
    { id: 1, content: '[CLS]', special: true, normalized: false },
    { id: 2, content: '[SEP]', special: true, lstrip: true, rstrip: true },
  ],
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'NFKD' },
      { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
    ],
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [1], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [2], tokens: ['[SEP]'] },
    },
  },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: numbered(['[UNK]', '[CLS]', '[SEP]', ...LETTERS, ...LETTERS.map((l) => `##${l}`)]),
  },
};

const byteLevel: Json = {
  added_tokens: [{ id: 30, content: '<|end|>', special: true, normalized: false }],
  normalizer: { type: 'NFC' },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      {
        type: 'Split',
        pattern: { Regex: "'s|'t| ?\\p{L}+| ?\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+" },
        behavior: 'Isolated',
        invert: false,
      },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  },
  post_processor: { type: 'ByteLevel', trim_offsets: false },
  model: {
    type: 'BPE',
    unk_token: 'a',
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: numbered([...LETTERS, 'th', 'the', 'Ġthe', 'Ġ']),
    merges: [
      ['t', 'h'],
      ['th', 'e'],
      ['Ġ', 'the'],
    ],
  },
};

const unigram: Json = {
  added_tokens: [],
  normalizer: { type: 'Nmt' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: null,
  model: {
    type: 'Unigram',
    unk_id: 0,
    vocab: [['<unk>', 0], ['▁', -2], ['▁the', -3], ...LETTERS.map((l): Json => [l, -5])],
    byte_fallback: false,
  },
};

const wordLevel: Json = {
  added_tokens: [],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'WhitespaceSplit' },
      { type: 'Punctuation', behavior: 'Isolated' },
      { type: 'Digits', individual_digits: true },
    ],
  },
  model: { type: 'WordLevel', unk_token: 'a', vocab: numbered(LETTERS) },
};

export const TOKENIZERS: readonly Json[] = [wordPiece, byteLevel, unigram, wordLevel];
