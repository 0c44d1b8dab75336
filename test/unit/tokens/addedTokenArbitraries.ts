import fc from 'fast-check';

/** Few letters, so that spellings meet, overlap and contain each other. */
const spelling = fc
  .array(fc.constantFrom('a', 'b', 'É', '中', ' ', '[', '🙂'), { minLength: 1, maxLength: 4 })
  .map((letters) => letters.join(''));

const token = fc.record({
  content: spelling,
  single_word: fc.boolean(),
  lstrip: fc.boolean(),
  rstrip: fc.boolean(),
  normalized: fc.boolean(),
  special: fc.boolean(),
});

export const addedTokens = fc
  .uniqueArray(token, { maxLength: 5, selector: ({ content }) => content })
  .map((tokens) => tokens.map((added, index) => ({ id: 100_000 + index, ...added })));

export const textOfFewLetters = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'é',
      'É',
      '中',
      ' ',
      '  ',
      '\t',
      '\n',
      '\u0085',
      '\u0001',
      '[',
      '🙂',
      '.',
      '_',
      'e\u0301',
    ),
    { maxLength: 30 },
  )
  .map((letters) => letters.join(''));
