import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  fromVocabularyAndMerges,
  fromVocabularyText,
  sentencePieceRefusal,
} from '../../../server/tokens/fromVocabulary';
import { loadTokenizer } from '../../../server/tokens/load';
import { TokenizerError, type Tokenizer } from '../../../server/tokens/tokenizer';
import { corpus } from '../../corpus/texts';
import { bundledFile, ourTokens } from './reference';
import { tokenizerFiles } from './recipes';

const texts = corpus.slice(0, 150).map(({ text }) => text.slice(0, 500));

function assertSame(a: Tokenizer, b: Tokenizer): void {
  for (const text of texts) assert.deepEqual(ourTokens(a.encode(text)), ourTokens(b.encode(text)));
  assert.deepEqual(a.template, b.template);
}

function family(name: string): string {
  return [...tokenizerFiles()].find(([other]) => other === name)![1];
}

/** vocab.json and merges.txt as folders have them. */
function partsOf(json: string): [vocab: string, merges: string] {
  const { model, added_tokens: added } = JSON.parse(json) as {
    model: { vocab: Record<string, number>; merges: (string | [string, string])[] };
    added_tokens: { content: string; id: number }[];
  };
  for (const { content, id } of added) model.vocab[content] ??= id;
  const merges = model.merges.map((pair) => (typeof pair === 'string' ? pair : pair.join(' ')));
  const lines = ['#version: 0.2', ...merges.filter((line) => !line.startsWith('#version'))];
  return [JSON.stringify(model.vocab), `${lines.join('\n')}\n`];
}

describe('a folder without a tokenizer.json', function () {
  this.timeout(30_000);

  it('with the vocab.txt of an uncased BERT', () => {
    const { model } = bundledFile();
    const vocab = Object.entries(model['vocab'] as Record<string, number>);
    const lines = vocab.sort(([, a], [, b]) => a - b).map(([token]) => token);
    const bundled = loadTokenizer(JSON.stringify(bundledFile()));
    assertSame(fromVocabularyText(lines.join('\n')), bundled);
    assertSame(fromVocabularyText(`${lines.join('\r\n')}\r\n`), bundled);
  });

  it('with the vocab.txt of a cased BERT, or one whose settings say so', () => {
    const vocab = JSON.parse(readFileSync('test/corpus/tokenizers/wordPiece.json', 'utf8')) as {
      vocab: Record<string, number>;
    };
    const lines = Object.entries(vocab.vocab)
      .sort(([, a], [, b]) => a - b)
      .map(([token]) => token)
      .join('\n');
    assertSame(fromVocabularyText(lines), loadTokenizer(family('BERT cased')));
    const config = { do_lower_case: true, strip_accents: false };
    assertSame(
      fromVocabularyText(lines, { config }),
      loadTokenizer(family('DistilBERT, multilingual')),
    );
  });

  it('with vocab.json and merges.txt of GPT-2, RoBERTa, BART and CLIP', () => {
    for (const name of ['GPT-2', 'CLIP']) {
      const json = family(name);
      assertSame(fromVocabularyAndMerges(...partsOf(json)), loadTokenizer(json));
    }
    for (const [name, prefix] of [
      ['RoBERTa', false],
      ['BART, Longformer', true],
    ] as const) {
      const json = family(name);
      const config = { add_prefix_space: prefix };
      assertSame(fromVocabularyAndMerges(...partsOf(json), { config }), loadTokenizer(json));
    }
  });

  it('says what is wrong with files that do not fit', () => {
    const refuses = (action: () => unknown, message: RegExp) =>
      assert.throws(
        action,
        (error) => error instanceof TokenizerError && message.test(error.message),
      );
    refuses(() => fromVocabularyText('a\nb\n'), /has no "\[UNK\]"/);
    refuses(() => fromVocabularyText(''), /has no "\[UNK\]"/);
    refuses(() => fromVocabularyAndMerges('[]', ''), /vocab\.json does not list tokens/);
    refuses(() => fromVocabularyAndMerges('{', ''), /vocab\.json does not list tokens/);
    refuses(() => fromVocabularyAndMerges('{"a":"x"}', ''), /not valid at "model\.vocab"/);
    refuses(() => fromVocabularyAndMerges('{"a":0}', 'a a a'), /merge that is not two tokens/);
    refuses(() => fromVocabularyAndMerges('{"a":0}', 'a a'), /but the vocabulary lacks it/);
  });

  it('names the line that converts a SentencePiece model', () => {
    assert.match(sentencePieceRefusal('spiece.model').message, /spiece\.model.*python -c/);
  });
});
