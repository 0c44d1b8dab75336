import fc from 'fast-check';

const range = (low: number, high: number): fc.Arbitrary<string> =>
  fc.integer({ min: low, max: high }).map((code) => String.fromCodePoint(code));

const anyCharacter = fc.oneof(
  { weight: 6, arbitrary: range(0x20, 0x7e) },
  { weight: 2, arbitrary: range(0x80, 0x24f) },
  { weight: 3, arbitrary: range(0x300, 0x36f) },
  { weight: 3, arbitrary: range(0, 0x10ffff) },
  { weight: 2, arbitrary: range(0x370, 0x1fff) },
  { weight: 1, arbitrary: range(0x2000, 0x206f) },
  { weight: 1, arbitrary: range(0x3000, 0x4fff) },
  { weight: 1, arbitrary: range(0xac00, 0xd7ff) },
  { weight: 1, arbitrary: range(0xd800, 0xdfff) },
  { weight: 1, arbitrary: range(0x1d150, 0x1d180) },
  { weight: 1, arbitrary: range(0x0, 0x1f) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ' ',
      '\n',
      '\r\n',
      '\t',
      '\u00a0',
      '\u0085',
      '\u3000',
      '\u200d',
      '\ufeff',
      '\ufffd',
      '\0',
      '\u302e',
      '\u1b44',
      '\u0344',
      '\u0345',
      '\u0f73',
      '가',
      '\u1100\u1161\u11a8',
      'İ',
      'Σ',
      'ß',
      '👩‍💻',
      '🇩🇪',
      '中',
      '[CLS]',
      '[MASK]',
      '[SEP',
      '##s',
      'the',
      'reading',
      'naïve',
      'ﬁ',
    ),
  },
);

/** Short texts full of what goes wrong. */
export const nastyText: fc.Arbitrary<string> = fc
  .array(anyCharacter, { maxLength: 40 })
  .map((characters) => characters.join(''));
