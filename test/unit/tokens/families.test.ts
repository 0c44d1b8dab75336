import assert from 'node:assert/strict';
import { loadTokenizer } from '../../../server/tokens/load';
import { corpus } from '../../corpus/texts';
import { comparedOf, tokenizerFiles } from './recipes';
import { ourTokens, referenceTokenizer, referenceTokens } from './reference';

/** Enough of the long lines to meet each of their kinds. */
const MAX_UNITS = 1500;
const texts = corpus.map(({ name, text }) => ({
  name,
  text: text.slice(0, MAX_UNITS).replace(/[\ud800-\udbff]$/, ''),
}));

describe(`tokenizers of many families beside the reference, on ${texts.length} texts`, function () {
  this.timeout(60_000);

  for (const [name, json] of tokenizerFiles()) {
    it(name, async function () {
      const ours = loadTokenizer(json);
      const reference = referenceTokenizer(json);
      const wrongIds: string[] = [];
      const wrongRanges: string[] = [];
      for (const { name: title, text } of texts) {
        const expected = (await referenceTokens(reference, text)).map(comparedOf(name));
        const lines = ourTokens(ours.encode(text)).map(comparedOf(name));
        if (!equal(lines.map(idOf), expected.map(idOf))) wrongIds.push(title);
        else if (!equal(lines, expected)) wrongRanges.push(title);
      }
      const wrong = wrongIds.length + wrongRanges.length;
      this.test!.title += `: ids ${percent(wrongIds.length)}, ranges ${percent(wrong)}`;
      assert.deepEqual({ wrongIds, wrongRanges }, { wrongIds: [], wrongRanges: [] });
    });
  }
});

describe('words of tokenizers that keep a text in one piece', () => {
  it('start with the mark of a space', () => {
    const [, json] = [...tokenizerFiles()].find(([name]) => name === 'Llama 2')!;
    const text = 'The token reads\nthe other.';
    const { starts, words } = loadTokenizer(json).encode(text);
    const firsts = [...starts].filter((_, index) => words[index] !== words[index - 1]);
    assert.deepEqual(firsts, [0, 3, 9, 19]);
  });
});

function idOf(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

function percent(wrong: number): string {
  return `${(100 * (1 - wrong / texts.length)).toFixed(2).replace(/\.00$/, '')} %`;
}
