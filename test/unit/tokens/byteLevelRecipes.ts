import {
  bpe,
  byteLetters,
  byteLevel,
  endOfText,
  mask,
  processors,
  sequence,
  spaceRuns,
  special,
  split,
  splits,
  template,
  trim,
  withTextMerges,
  type Recipe,
} from './recipeParts';

const LLAMA3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const QWEN2 = LLAMA3.replace('\\p{N}{1,3}', '\\p{N}');
const GPT4O =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const CL100K =
  '(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s';
const DEEPSEEK =
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const BLOOM = ' ?[^(\\s|[.,!?…。，、।۔،])]+';

/** Settings of byte-level tokenizers in wide use, over one small vocabulary. */
export const byteLevelRecipes: Record<string, () => Recipe> = {
  'GPT-2': () => ({
    added_tokens: [endOfText],
    pre_tokenizer: byteLevel(),
    post_processor: trim(true, false),
    model: withTextMerges(bpe('byteLevel')),
  }),
  RoBERTa: () => ({
    added_tokens: [
      special('<s>', { normalized: true }),
      special('</s>', { normalized: true }),
      special('<mask>', mask),
    ],
    pre_tokenizer: byteLevel(),
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['</s>', 5001],
      cls: ['<s>', 5000],
      trim_offsets: true,
      add_prefix_space: false,
    },
    model: withTextMerges(bpe('byteLevel')),
  }),
  'BART, Longformer': () => ({
    added_tokens: [special('<s>'), special('</s>'), special('<mask>', mask)],
    pre_tokenizer: byteLevel(true),
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['</s>', 5001],
      cls: ['<s>', 5000],
      trim_offsets: true,
      add_prefix_space: true,
    },
    model: bpe('byteLevel'),
  }),
  BLOOM: () => ({
    added_tokens: [special('<s>')],
    pre_tokenizer: splits(split(BLOOM), byteLetters()),
    post_processor: trim(true, false),
    model: bpe('byteLevel'),
  }),
  'GPT-4o': () => ({
    added_tokens: [endOfText],
    pre_tokenizer: splits(split(GPT4O), byteLetters()),
    post_processor: trim(true, false),
    model: bpe('byteLevel', { ignore_merges: true }),
  }),
  'GPT-4 (possessive pattern)': () => ({
    pre_tokenizer: splits(
      split(CL100K.replace('(?i:[sdmt]|ll|ve|re)', "'(?i:[sdmt]|ll|ve|re)")),
      byteLetters(),
    ),
    model: bpe('byteLevel'),
  }),
  'Llama 3': () => ({
    added_tokens: [special('<|begin_of_text|>'), special('<|eot_id|>')],
    pre_tokenizer: splits(split(LLAMA3), byteLetters()),
    post_processor: processors(trim(true, true), template([['<|begin_of_text|>', 5000]], [])),
    model: bpe('byteLevel', { ignore_merges: true }),
  }),
  'Qwen 2, Qwen 3': () => ({
    added_tokens: [endOfText, special('<|im_start|>'), special('<tool_call>', { special: false })],
    normalizer: { type: 'NFC' },
    pre_tokenizer: splits(split(QWEN2), byteLetters()),
    post_processor: trim(false, false),
    model: bpe('byteLevel'),
  }),
  'GPT-NeoX': () => ({
    added_tokens: [endOfText, ...spaceRuns],
    normalizer: { type: 'NFC' },
    pre_tokenizer: byteLevel(),
    post_processor: trim(false, true),
    model: bpe('byteLevel'),
  }),
  ModernBERT: () => ({
    added_tokens: [special('[CLS]'), special('[SEP]'), special('[MASK]', mask), ...spaceRuns],
    normalizer: { type: 'NFC' },
    pre_tokenizer: byteLevel(),
    post_processor: template([['[CLS]', 5000]], [['[SEP]', 5001]]),
    model: bpe('byteLevel'),
  }),
  StarCoder: () => ({
    added_tokens: [endOfText, special('<fim_prefix>')],
    pre_tokenizer: splits({ type: 'Digits', individual_digits: true }, byteLevel()),
    model: bpe('byteLevel'),
  }),
  DeepSeek: () => ({
    added_tokens: [special('<｜begin▁of▁sentence｜>')],
    normalizer: sequence(),
    pre_tokenizer: splits(
      split('\\p{N}{1,3}'),
      split('[一-龥぀-ゟ゠-ヿ]+'),
      split(DEEPSEEK),
      byteLetters(),
    ),
    post_processor: template([['<｜begin▁of▁sentence｜>', 5000]], []),
    model: bpe('byteLevel'),
  }),
  'DeepSeek Coder': () => ({
    pre_tokenizer: splits(
      split('[\r\n]'),
      split('\\s?\\p{L}+'),
      split('\\s?\\p{P}+'),
      split('[一-龥ࠀ-一가-퟿]+'),
      { type: 'Digits', individual_digits: true },
      byteLetters(),
    ),
    model: bpe('byteLevel'),
  }),
  Whisper: () => ({
    added_tokens: [
      endOfText,
      special('<|startoftranscript|>'),
      special('<|0.02|>', { special: false }),
    ],
    pre_tokenizer: byteLevel(),
    post_processor: template([['<|startoftranscript|>', 5001]], [['<|endoftext|>', 5000]]),
    model: bpe('byteLevel'),
  }),
  Falcon: () => ({
    pre_tokenizer: splits(
      { type: 'Punctuation', behavior: 'Contiguous' },
      byteLevel(),
      { type: 'Digits', individual_digits: false },
      split('[0-9][0-9][0-9]'),
    ),
    model: bpe('byteLevel'),
  }),
  'bytes from the normalizer': () => ({
    normalizer: { type: 'ByteLevel' },
    model: bpe('byteLevel'),
  }),
};
