import {
  bertTokens,
  bpe,
  byteLetters,
  mask,
  metaspace,
  precompiled,
  replace,
  sequence,
  spaceRuns,
  special,
  split,
  splits,
  template,
  unigram,
  vocabulary,
  type Recipe,
} from './recipeParts';
import { bundledFile, smallFile } from './reference';

const CLIP =
  "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/** Settings of other tokenizers in wide use, over small vocabularies. */
export const otherRecipes: Record<string, () => Recipe> = {
  'BERT uncased (bundled)': bundledFile,
  'BERT cased': () => ({
    added_tokens: bertTokens(),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: false,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      ...vocabulary('wordPiece'),
    },
  }),
  'DistilBERT, multilingual': () => ({
    added_tokens: bertTokens(),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: false,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: template([['[CLS]', 2]], [['[SEP]', 3]]),
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      ...vocabulary('wordPiece'),
    },
  }),
  CLIP: () => ({
    added_tokens: [special('<|startoftext|>'), special('<|endoftext|>')],
    normalizer: sequence(
      { type: 'NFC' },
      { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
      { type: 'Lowercase' },
    ),
    pre_tokenizer: splits(split(CLIP, 'Removed', true), byteLetters()),
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['<|endoftext|>', 1],
      cls: ['<|startoftext|>', 0],
      trim_offsets: false,
      add_prefix_space: false,
    },
    model: bpe('endOfWord', {
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      unk_token: '<|endoftext|>',
    }),
  }),
  'GPT-1 (## and [UNK])': () => ({
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: false,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: bpe('continuingPrefix', {
      continuing_subword_prefix: '##',
      unk_token: '[UNK]',
      fuse_unk: true,
    }),
  }),
  'Llama 2': () => ({
    added_tokens: [special('<unk>'), special('<s>'), special('</s>')],
    normalizer: sequence({ type: 'Prepend', prepend: '▁' }, replace(' ', '▁')),
    post_processor: template([['<s>', 1]], []),
    model: bpe('byteFallback', { unk_token: '<unk>', fuse_unk: true, byte_fallback: true }),
  }),
  'Mistral (first, unsplit)': () => ({
    added_tokens: [special('<unk>'), special('<s>'), special('</s>'), special('[INST]')],
    pre_tokenizer: metaspace({ prepend_scheme: 'first', split: false }),
    post_processor: template([['<s>', 1]], []),
    model: bpe('byteFallback', { unk_token: '<unk>', fuse_unk: true, byte_fallback: true }),
  }),
  Gemma: () => ({
    added_tokens: [
      special('<unk>'),
      special('<bos>'),
      ...spaceRuns.map((run) => ({
        ...run,
        content: '\n'.repeat(run.content.length),
        normalized: false,
      })),
    ],
    normalizer: replace(' ', '▁'),
    pre_tokenizer: {
      type: 'Split',
      pattern: { String: ' ' },
      behavior: 'MergedWithPrevious',
      invert: false,
    },
    post_processor: template([['<bos>', 1]], []),
    model: bpe('byteFallback', { unk_token: '<unk>', fuse_unk: true, byte_fallback: true }),
  }),
  'unknown characters, each alone': () => ({
    pre_tokenizer: metaspace({ add_prefix_space: false, prepend_scheme: 'never' }),
    model: bpe('byteFallback', { unk_token: '<unk>', fuse_unk: false }),
  }),
  'unknown characters, fused': () => ({
    pre_tokenizer: metaspace({ add_prefix_space: true }),
    model: bpe('byteFallback', { unk_token: '<unk>', fuse_unk: true }),
  }),
  T5: () => ({
    added_tokens: [special('</s>'), special('<unk>'), special('<extra_id_0>')],
    normalizer: precompiled(),
    pre_tokenizer: splits({ type: 'WhitespaceSplit' }, metaspace({ add_prefix_space: true })),
    post_processor: template([], [['</s>', 2]]),
    model: unigram(),
  }),
  'XLM-RoBERTa': () => ({
    added_tokens: [special('<s>'), special('</s>'), special('<mask>', mask)],
    normalizer: precompiled(),
    pre_tokenizer: splits({ type: 'WhitespaceSplit' }, metaspace()),
    post_processor: template([['<s>', 1]], [['</s>', 2]]),
    model: unigram(),
  }),
  'NLLB, mBART (Metaspace alone)': () => ({
    added_tokens: [special('</s>')],
    normalizer: precompiled(),
    pre_tokenizer: metaspace(),
    model: unigram(),
  }),
  ALBERT: () => ({
    added_tokens: [special('[CLS]'), special('[SEP]'), special('[MASK]', mask)],
    normalizer: sequence(
      replace('``', '"'),
      replace("''", '"'),
      { type: 'NFKD' },
      { type: 'StripAccents' },
      { type: 'Lowercase' },
      precompiled(),
    ),
    pre_tokenizer: splits({ type: 'WhitespaceSplit' }, metaspace()),
    post_processor: template([['[CLS]', 5000]], [['[SEP]', 5001]]),
    model: unigram(),
  }),
  'DeBERTa v3': () => ({
    added_tokens: [special('[CLS]'), special('[SEP]'), special('[MASK]', { normalized: true })],
    normalizer: sequence({ type: 'Strip', strip_left: true, strip_right: true }, precompiled(), {
      type: 'Replace',
      pattern: { Regex: ' {2,}' },
      content: ' ',
    }),
    pre_tokenizer: metaspace(),
    post_processor: template([['[CLS]', 5000]], [['[SEP]', 5001]]),
    model: unigram(),
  }),
  'Pegasus, CamemBERT (UnicodeScripts)': () => ({
    normalizer: sequence(
      { type: 'Nmt' },
      { type: 'NFKC' },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
    ),
    pre_tokenizer: splits({ type: 'UnicodeScripts' }, { type: 'WhitespaceSplit' }, metaspace()),
    model: unigram(),
  }),
  'Unigram with bytes': () => ({
    normalizer: sequence({ type: 'Prepend', prepend: '▁' }, replace(' ', '▁')),
    model: unigram({
      byte_fallback: true,
      vocab: [
        ...(vocabulary('unigram')['vocab'] as unknown[]),
        ...Array.from({ length: 256 }, (_, byte) => [
          `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
          -20,
        ]),
      ],
    }),
  }),
  'words of a list (WordLevel)': () => ({
    pre_tokenizer: { type: 'CharDelimiterSplit', delimiter: ' ' },
    model: {
      type: 'WordLevel',
      unk_token: '[UNK]',
      vocab: { '[UNK]': 0, the: 1, of: 2, token: 3, 'the\n': 4 },
    },
  }),
  'letters (Split at nothing)': () => ({
    pre_tokenizer: { type: 'Split', pattern: { String: '' }, behavior: 'Isolated', invert: false },
    model: smallFile().model,
  }),
  'k-mers (FixedLength)': () => ({
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: splits({ type: 'WhitespaceSplit' }, { type: 'FixedLength', length: 3 }),
    model: smallFile().model,
  }),
};
