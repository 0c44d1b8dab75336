import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Tokenizer as NativeTokenizer } from 'tokenizers';
import { loadTokenizer } from '../../../server/tokens/load';
import type { Tokenizer } from '../../../server/tokens/tokenizer';
import { corpus } from '../../corpus/texts';
import { nastyText } from './nastyText';
import {
  bundledJson,
  ourTokens,
  referenceTokenizer,
  referenceTokens,
  letterFile,
} from './reference';

describe("the bundled model's tokenizer beside the reference", function () {
  this.timeout(60_000);
  let ours: Tokenizer;
  let reference: NativeTokenizer;

  before(() => {
    const json = bundledJson();
    ours = loadTokenizer(json);
    reference = referenceTokenizer(json);
  });

  it('has at least 200 texts, each with a name of its own', () => {
    assert.ok(corpus.length >= 200);
    assert.equal(new Set(corpus.map(({ name }) => name)).size, corpus.length);
  });

  it(`gives equal ids, ranges and words on ${corpus.length} texts`, async function () {
    const different: string[] = [];
    let tokens = 0;
    for (const { name, text } of corpus) {
      const expected = await referenceTokens(reference, text);
      tokens += expected.length;
      if (!sameLines(ourTokens(ours.encode(text)), expected)) different.push(name);
    }
    assert.deepEqual(different, []);
    this.test!.title += ` (${tokens} tokens, 0 differ)`;
  });

  it('gives equal ids, ranges and words on random Unicode', async () => {
    await fc.assert(
      fc.asyncProperty(nastyText, async (text) => {
        assert.deepEqual(ourTokens(ours.encode(text)), await referenceTokens(reference, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('puts the same special tokens around a text', async () => {
    const encoding = await reference.encode('text', null, { addSpecialTokens: true });
    const ids = encoding.getIds();
    assert.deepEqual(ours.template, { before: [ids[0]], after: [ids.at(-1)] });
  });

  it('knows the same ids and texts', () => {
    assert.equal(ours.vocabularySize, reference.getVocabSize(true));
    for (let id = 0; id < ours.vocabularySize; id++) {
      assert.equal(ours.tokenText(id), reference.idToToken(id));
    }
    assert.throws(() => ours.tokenText(ours.vocabularySize), RangeError);
    assert.throws(() => ours.tokenText(-1), RangeError);
    assert.throws(() => ours.tokenText(0.5), RangeError);
  });
});

describe('every setting of BertNormalizer beside the reference', function () {
  this.timeout(60_000);
  const flags = [true, false];
  const settings = flags.flatMap((clean_text) =>
    flags.flatMap((handle_chinese_chars) =>
      [true, false, null].flatMap((strip_accents) =>
        flags.map((lowercase) => ({ clean_text, handle_chinese_chars, strip_accents, lowercase })),
      ),
    ),
  );

  for (const setting of settings) {
    it(JSON.stringify(setting), async () => {
      const json = JSON.stringify(
        letterFile({
          normalizer: { type: 'BertNormalizer', ...setting },
          pre_tokenizer: { type: 'BertPreTokenizer' },
        }),
      );
      const ours = loadTokenizer(json);
      const reference = referenceTokenizer(json);
      await fc.assert(
        fc.asyncProperty(nastyText, async (text) => {
          assert.deepEqual(ourTokens(ours.encode(text)), await referenceTokens(reference, text));
        }),
        { numRuns: 100 },
      );
    });
  }
});

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
