import assert from 'node:assert/strict';
import { loadTokenizer } from '../../../server/tokens/load';
import { corpus } from '../../corpus/texts';
import { tokenizerFiles } from './recipes';
import { ourTokens, referenceTokenizer, referenceTokens } from './reference';

/** Enough of the long lines to meet each of their kinds. */
const MAX_UNITS = 4000;
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
      for (const { name, text } of texts) {
        const expected = await referenceTokens(reference, text);
        const lines = ourTokens(ours.encode(text));
        if (!equal(lines.map(idOf), expected.map(idOf))) wrongIds.push(name);
        else if (!equal(lines, expected)) wrongRanges.push(name);
      }
      const wrong = wrongIds.length + wrongRanges.length;
      this.test!.title += `: ids ${percent(wrongIds.length)}, ranges ${percent(wrong)}`;
      assert.deepEqual({ wrongIds, wrongRanges }, { wrongIds: [], wrongRanges: [] });
    });
  }
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
