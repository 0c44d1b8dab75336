import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Tokenizer as NativeTokenizer } from 'tokenizers';
import { Regex } from '../../../server/tokens/regex/regex';
import { TokenizerError } from '../../../server/tokens/tokenizer';
import { smallFile } from './reference';

/** What the reference splits a text into that it cuts at the matches of a pattern. */
function referenceMatches(pattern: string): (text: string) => string[] {
  const split = {
    type: 'Split',
    pattern: { Regex: pattern },
    behavior: 'Removed',
    invert: true,
  };
  const json = JSON.stringify(smallFile({ pre_tokenizer: split }));
  const splitter = NativeTokenizer.fromString(json).getPreTokenizer()!;
  return (text) => splitter.preTokenizeString(text).map(([piece]) => piece);
}

function ourMatches(regex: Regex, text: string): string[] {
  return regex
    .matches(text, 0, text.length)
    .filter(({ start, end }) => start < end)
    .map(({ start, end }) => text.slice(start, end));
}

/** Of each construct one at least; those of tokenizers in use are in the recipes. */
const patterns = [
  'a++b', 'a*+b?', 'a?+a', '(?>a+)b|a', '(?:aa|b)*+a', 'a*?b', 'a??b', 'a+?b', 'a{2}', 'a{2,}',
  'a{1,2}b', 'a{,2}b', 'a{2}+', 'a{2}?', 'a{,', '(?:a|b){2,3}c', '(?:ab|a)(?:bc|c)', '(a)(?=b)',
  '(?<name>a)b', '(?<=a)b', '(?<!a)b', '(?<=a|b)c', '(?<=ab|ba)c', '(?=a)', 'a(?!b)', '^a', 'b$',
  '\\A.', '.\\z', '.\\Z', '\\bab\\b', '\\Bb', '.', '(?m:.)', '(?m).', '\\R', '\\N', '\\O',
  'x|(?i)a|b', '(?i:a(?-i:b))', '(?i:[k-s])', '(?i:é)', '(?x: a b # c\n)', 'a(?#no)b', '\\w+',
  '\\W', '\\d+', '\\D', '\\s+', '\\S', '\\h+', '\\H', '\\x41', '\\x{e9}', '\\u00e9', '\\t', '\\.',
  '[a-c&&[^b]]', '[^\\p{L}&&[^.]]', '[a[bc]]', '[a-]+', '[]a]', '[^]a]', '[ab-]c', '[a-c-s]',
  '[\\w&&[^a]]',
  '[^\\W]',
  '\\p{^L}', '\\P{L}', '\\p{Lu}\\p{Ll}', '\\p{Letter}', '\\p{Han}+', '\\p{Greek}', '\\p{LC}',
  '\\p{M}', '\\p{Cn}', '\\p{C}', '\\p{Z}', '\\p{S}', '\\p{Nl}', '\\p{Any}', '[一-龥ぁ-ヿ]+', '', 'b*',
]; // prettier-ignore

const text = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c', 'ab', 'aa', ' ', '\n') },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          'A', 'B', 'K', '\u212a', 's', 'ſ', 'S', 'é', 'É', 'e\u0301', '  ', '\r\n', '\r', '\t',
          '\u0085', '\u2028', '\u180e', '1', '²', '½', '٣', 'Ⅷ', 'ǅ', 'Σ', 'ς', '中', 'ー', 'か', '😀',
          '.', '_', '-', '$', "'", '\u200d', '\u{10ffff}', '\ue000', '\u0378',
        ),
      },
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join('')); // prettier-ignore

describe('regular expressions beside those of the reference', function () {
  this.timeout(60_000);

  for (const pattern of patterns) {
    it(JSON.stringify(pattern), () => {
      const reference = referenceMatches(pattern);
      const ours = new Regex(pattern);
      fc.assert(
        fc.property(text, (text) => {
          assert.deepEqual(ourMatches(ours, text), reference(text));
        }),
        { numRuns: 80 },
      );
    });
  }
});

describe('regular expressions that cannot be used', () => {
  const refused = (pattern: string) => {
    try {
      new Regex(pattern);
    } catch (error) {
      assert.ok(error instanceof TokenizerError);
      return error.message;
    }
    assert.fail(`${pattern} was accepted`);
  };

  it('names what is not supported', () => {
    const parts: Record<string, string> = {
      '(a)\\1': '\\1',
      '\\p{Klingon}': '\\p{Klingon}',
      '\\Xa': '\\X',
      '\\Ka': '\\K',
      '\\Ga': '\\G',
      '[[:upper:]]': '[:upper:]',
      '(?<=a+)b': '(?<=…)',
      '(?:a?)*': '(…)*',
      '(?i:ss)': '(?i:ss)',
      'a{5000}': 'a{5000}',
      '(?~a)': '(?~a)',
    };
    for (const [pattern, part] of Object.entries(parts)) {
      assert.ok(refused(pattern).includes(`"${part}"`), refused(pattern));
    }
  });

  it('does not take what is broken', () => {
    for (const pattern of [
      '(',
      ')',
      '[',
      'a**?(',
      '*',
      '[b-a]',
      '\\',
      '(?',
      '\\x{fffffff}',
      '[a-\\d]',
    ]) {
      assert.match(refused(pattern), /is not valid or not supported/);
    }
  });

  it('does not take what grows without bound', () => {
    assert.match(refused('(?:(?:(?:a{1000}b){1000}c){1000}'), /not valid or not supported/);
    assert.match(refused('(?:(?:(?:ab){900}c){900}d){900}'), /not valid or not supported/);
    assert.match(refused('('.repeat(100_000)), /not valid or not supported/);
    assert.match(refused('(?:'.repeat(1000)), /not valid or not supported/);
  });

  const runaways = [
    '(a+)+b',
    '(?:a|aa)*b',
    '(?:a*)a*a*a*a*b',
    '(a+a+)+b',
    '(?=(?:a+)+b)a',
    '(?>(?:a|a)*)c',
  ];
  for (const pattern of runaways) {
    it(`stops ${pattern} on 300,000 letters`, function () {
      this.timeout(5000);
      const regex = new Regex(pattern);
      assert.throws(() => regex.matches('a'.repeat(300_000), 0, 300_000), /takes too long/);
    });
  }

  it('lets the patterns of real tokenizers through on long texts of one kind', function () {
    this.timeout(20_000);
    const regex = new Regex(
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    );
    for (const unit of ['a', 'A', ' ', '\n', ' \n', '1', '.', '中', '😀', '\u0301', "'s", '\t a']) {
      const long = unit.repeat(300_000);
      assert.ok(regex.matches(long, 0, long.length).length > 0);
    }
  });
});
