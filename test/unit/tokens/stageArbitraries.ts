import fc from 'fast-check';
import { addedTokens } from './addedTokenArbitraries';
import { smallFile } from './reference';

const regex = fc.constantFrom(
  "'s| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  '\\s?\\p{L}+', '\\p{L}\\s?', '[ab]+', ' +', '\\s', '[^a]+', 'a(?! )', 'a(?=b)', '(?<=a)b', 'b*',
  '(?!\\S) ', 'a b', ' ?a|\\s', '[^\\s]+|\\s', '(?: a)+| ', '(?:a ?)+| ', '\\p{L}++| ', '^a', 'b$',
  '\\b', '.', '(?m:.){2}', 'a|b|\\s+',
); // prettier-ignore

const behavior = fc.constantFrom(
  'Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous',
); // prettier-ignore

const preTokenizer = fc.oneof(
  { weight: 4, arbitrary: fc.record({
    type: fc.constant('Split'),
    pattern: fc.record({ Regex: regex }),
    behavior,
    invert: fc.boolean(),
  }) },
  fc.record({ type: fc.constant('Punctuation'), behavior }),
  fc.record({ type: fc.constant('Digits'), individual_digits: fc.boolean() }),
  fc.record({
    type: fc.constant('ByteLevel'),
    add_prefix_space: fc.boolean(),
    trim_offsets: fc.boolean(),
    use_regex: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('Metaspace'),
    replacement: fc.constantFrom('▁', '_'),
    prepend_scheme: fc.constantFrom('always', 'first', 'never'),
    split: fc.boolean(),
  }),
  fc.constantFrom<object>(
    { type: 'WhitespaceSplit' },
    { type: 'Whitespace' },
    { type: 'UnicodeScripts' },
    { type: 'FixedLength', length: 2 },
    { type: 'CharDelimiterSplit', delimiter: 'b' },
    { type: 'CharDelimiterSplit', delimiter: ' ' },
  ),
); // prettier-ignore

const normalizer = fc.oneof(
  fc.record({
    type: fc.constant('Replace'),
    pattern: fc.record({ Regex: regex }),
    content: fc.constantFrom('', ' ', 'x', ' x', 'x ', '▁'),
  }),
  fc.record({ type: fc.constant('Strip'), strip_left: fc.boolean(), strip_right: fc.boolean() }),
  fc.constantFrom<object>(
    { type: 'NFC' },
    { type: 'NFKC' },
    { type: 'Lowercase' },
    { type: 'Nmt' },
    { type: 'Prepend', prepend: '▁' },
    { type: 'ByteLevel' },
  ),
);

const post = fc.constantFrom(
  null,
  null,
  { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
  { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
);

/** A tokenizer.json with stages and added tokens of any kind, over a small vocabulary. */
export const stagesFile = fc
  .record({
    normalizers: fc.array(normalizer, { maxLength: 2 }),
    pretokenizers: fc.array(preTokenizer, { minLength: 1, maxLength: 3 }),
    post,
    added: fc.oneof(fc.constant([]), addedTokens),
  })
  .map(({ normalizers, pretokenizers, post, added }) =>
    // The reference numbers added tokens itself, as ours does.
    smallFile({
      normalizer: { type: 'Sequence', normalizers },
      pre_tokenizer: { type: 'Sequence', pretokenizers },
      post_processor: post,
      added_tokens: [...added],
    }),
  );
