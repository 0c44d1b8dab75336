import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { embeddingScale } from '../../../server/chapter/encoding';
import { runChapter } from '../../../server/chapter/pipeline';
import { DEFAULT_SETTINGS } from '../../../server/chapter/settings';
import { chapterWeights } from '../../../server/chapter/weights';
import { loadTokenizer } from '../../../server/tokens/load';
import { bundledTensor, bundledTokenizerFile } from './bundledTables.node';

const WIDTH = 384;
/** A paragraph or two; the law is about how sharp the picture is, not how long. */
const MOST_TOKENS = 100;

describe('the Chapter model on the samples', function () {
  this.timeout(60_000);

  const words = bundledTensor('embeddings.word_embeddings.weight');
  const tokenizer = loadTokenizer(bundledTokenizerFile());
  const { before, after } = tokenizer.template;

  /** Mean entropy of the rows as a share of what uniform attention has. */
  function sharpness(text: string): number {
    const all = tokenizer.encode(text).ids;
    const ids = [...before, ...all.subarray(0, MOST_TOKENS), ...after];
    const vectors = Float64Array.from(
      { length: ids.length * WIDTH },
      (_, cell) =>
        words[ids[Math.floor(cell / WIDTH)]! * WIDTH + (cell % WIDTH)]! * embeddingScale(WIDTH),
    );
    const positions = ids.map((_, index) => index);
    const source = { vectors, width: WIDTH, positions, positionScale: 1, learned: null };
    const { weights } = runChapter(source, DEFAULT_SETTINGS, chapterWeights(WIDTH));
    const bits = weights.reduce(
      (sum, weight) => (weight > 0 ? sum - weight * Math.log2(weight) : sum),
      0,
    );
    return bits / (weights.length / ids.length) / Math.log2(ids.length);
  }

  for (const name of [
    'README.txt',
    'lighthouse.txt',
    'two-banks.txt',
    'schedule.py',
    'inventory.ts',
    'tea-house.txt',
    'tides.md',
  ]) {
    it(`draws neither a uniform nor a one-hot picture of ${name}`, () => {
      const share = sharpness(readFileSync(`samples/${name}`, 'utf8'));
      assert.ok(share > 0.2 && share < 0.8, `mean entropy is ${share} of log2 n`);
    });
  }
});
