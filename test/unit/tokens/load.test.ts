import assert from 'node:assert/strict';
import { loadTokenizer } from '../../../server/tokens/load';
import { TokenizerError } from '../../../server/tokens/tokenizer';
import { bundledFile, bundledJson, smallFile } from './reference';
import type { TokenizerFile } from './reference';

/** The message with which a file is refused. */
function refusal(file: Partial<TokenizerFile> | string | Uint8Array): string {
  const json = typeof file === 'string' || file instanceof Uint8Array ? file : JSON.stringify(file);
  try {
    loadTokenizer(json);
  } catch (error) {
    assert.ok(error instanceof TokenizerError, `not a TokenizerError: ${String(error)}`);
    return error.message;
  }
  assert.fail('the file was accepted');
}

describe('loading a tokenizer.json', function () {
  this.timeout(30_000);

  it('takes bytes, bytes with a byte order mark, and text', () => {
    const bytes = new TextEncoder().encode(bundledJson());
    const marked = new Uint8Array(bytes.length + 3);
    marked.set([0xef, 0xbb, 0xbf]);
    marked.set(bytes, 3);
    const expected = [...loadTokenizer(bundledJson()).encode('Hello there').ids];
    assert.deepEqual([...loadTokenizer(bytes).encode('Hello there').ids], expected);
    assert.deepEqual([...loadTokenizer(marked).encode('Hello there').ids], expected);
  });

  it('ignores truncation and padding', () => {
    const file = bundledFile();
    assert.notEqual(file['truncation'], null);
    const { ids } = loadTokenizer(JSON.stringify(file)).encode('word '.repeat(1000));
    assert.equal(ids.length, 1000);
  });

  it('keeps words that JavaScript objects have a meaning for', () => {
    const words = ['[UNK]', 'constructor', 'prototype', '__proto__', 'hasOwnProperty', '12'];
    const vocab = `{${words.map((word, id) => `"${word}":${id}`).join(',')}}`;
    const json = `{"model":{"type":"WordLevel","unk_token":"[UNK]","vocab":${vocab}},"pre_tokenizer":{"type":"WhitespaceSplit"}}`;
    const tokenizer = loadTokenizer(json);
    const { ids } = tokenizer.encode('constructor prototype __proto__ hasOwnProperty toString 12');
    assert.deepEqual([...ids], [1, 2, 3, 4, 0, 5]);
    assert.equal(tokenizer.tokenText(3), '__proto__');
  });

  it('reads files of the first years, which do not say what kind their model is', () => {
    const file = smallFile({ pre_tokenizer: { type: 'WhitespaceSplit' } });
    const vocab = file.model['vocab'] as Record<string, number>;
    delete file.model['type'];
    assert.deepEqual([...loadTokenizer(JSON.stringify(file)).encode('the').ids], [vocab['the']]);
  });

  it('knows models by their fields where they do not say their kind', () => {
    const bpe = { vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] };
    assert.deepEqual(
      [...loadTokenizer(JSON.stringify(smallFile({ model: bpe }))).encode('ab').ids],
      [2],
    );
    const vocab = [
      ['?', 0],
      ['a', -1],
      ['b', -1],
      ['ab', -1.5],
    ];
    const unigram = { vocab, unk_id: 0 };
    assert.deepEqual(
      [...loadTokenizer(JSON.stringify(smallFile({ model: unigram }))).encode('ab').ids],
      [3],
    );
  });

  it('reads the older post-processor of BERT', () => {
    const post_processor = { type: 'BertProcessing', cls: ['[CLS]', 1], sep: ['[SEP]', 2] };
    const tokenizer = loadTokenizer(JSON.stringify(smallFile({ post_processor })));
    assert.deepEqual(tokenizer.template, { before: [1], after: [2] });
  });

  it('has an empty template without a post-processor', () => {
    const { template } = loadTokenizer(JSON.stringify(smallFile()));
    assert.deepEqual(template, { before: [], after: [] });
  });
});

describe('a tokenizer.json that cannot be used', function () {
  this.timeout(30_000);

  it('names the kind that is not supported', () => {
    const kind = { type: 'Mystery' };
    for (const place of ['normalizer', 'pre_tokenizer', 'post_processor', 'model'] as const) {
      assert.match(refusal(smallFile({ [place]: kind })), /"Mystery", which is not supported yet/);
    }
    const inner = { type: 'Sequence', normalizers: [{ type: 'NFC' }, kind] };
    assert.match(refusal(smallFile({ normalizer: inner })), /"Mystery"/);
  });

  it('is not JSON, or cut short, or not UTF-8', () => {
    const cut = bundledJson().slice(0, 1000);
    for (const json of ['', 'nonsense', cut, Uint8Array.of(0xff, 0xfe, 0x00)]) {
      assert.match(refusal(json), /not valid JSON/);
    }
  });

  it('says where it is not valid', () => {
    assert.match(refusal('[]'), /not valid at "model"/);
    assert.match(refusal('null'), /not valid at "tokenizer.json"/);
    assert.match(refusal('{}'), /not valid at "model"/);
    assert.match(refusal(smallFile({ normalizer: 7 })), /not valid at "normalizer"/);
    assert.match(
      refusal(smallFile({ normalizer: { type: 'BertNormalizer', lowercase: 'yes' } })),
      /not valid at "normalizer\.lowercase": expected boolean, found "yes"/,
    );
    assert.match(
      refusal(smallFile({ added_tokens: [{ id: -1, content: 'x' }] })),
      /not valid at "tokenizer\.json\.added_tokens\.0\.id"/,
    );
    const broken = [{ a: -1 }, { a: 0.5 }, { a: '1' }, { a: 1e12 }, [], null, { '\ud800': 1 }];
    for (const vocab of broken) {
      const model = { ...smallFile().model, vocab };
      assert.match(refusal(smallFile({ model })), /not valid at "model\.vocab"/);
    }
  });

  it('nests its stages without end', () => {
    const depth = 2000;
    const open = '{"type":"Sequence","normalizers":['.repeat(depth);
    const normalizer = `${open}{"type":"NFC"}${']}'.repeat(depth)}`;
    const json = JSON.stringify(smallFile()).replace(
      '"normalizer":null',
      () => `"normalizer":${normalizer}`,
    );
    assert.match(refusal(json), /nests its stages too deeply/);
  });

  it('lacks its unknown token', () => {
    const model = { ...smallFile().model, unk_token: '<unk>' };
    assert.match(refusal(smallFile({ model })), /names "<unk>" as its unknown token/);
  });

  it('has a template that does not fit', () => {
    const sequence = { Sequence: { id: 'A', type_id: 0 } };
    const special = { SpecialToken: { id: '[CLS]', type_id: 0 } };
    const template = (single: unknown[], ids: number[]) =>
      smallFile({
        post_processor: {
          type: 'TemplateProcessing',
          single,
          special_tokens: { '[CLS]': { id: '[CLS]', ids, tokens: [] } },
        },
      });
    assert.match(refusal(template([special], [1])), /must hold the text exactly once/);
    assert.match(refusal(template([sequence, sequence], [1])), /exactly once/);
    assert.match(
      refusal(template([special, sequence], [999_999])),
      /id 999999, which no token has/,
    );
    const unnamed = { SpecialToken: { id: 'toString', type_id: 0 } };
    assert.match(refusal(template([unnamed, sequence], [1])), /"toString" without saying its id/);
  });
});
