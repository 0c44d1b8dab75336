import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadTokenizer } from '../../../server/tokens/load';
import { TokenizerError } from '../../../server/tokens/tokenizer';
import { charsmap } from './recipeParts';
import { tokenizerFiles } from './recipes';
import { smallFile, type TokenizerFile } from './reference';

/** Longer than any of these may take, on a slow machine. */
const LIMIT_MS = 5000;

function refusal(action: () => unknown): string {
  const start = performance.now();
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof TokenizerError, `not a TokenizerError: ${String(error)}`);
    assert.ok(performance.now() - start < LIMIT_MS);
    return error.message;
  }
  assert.fail('it was accepted');
}

function load(changes: Partial<TokenizerFile>): ReturnType<typeof loadTokenizer> {
  return loadTokenizer(JSON.stringify(smallFile(changes)));
}

const precompiled = (bytes: Uint8Array) => ({
  normalizer: {
    type: 'Precompiled',
    precompiled_charsmap: Buffer.from(bytes).toString('base64'),
  },
});
const replace = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
const sequence = (...normalizers: unknown[]) => ({ type: 'Sequence', normalizers });

describe('hostile tokenizer files', function () {
  this.timeout(30_000);

  it('a character map that is damaged anywhere is refused, or harmless', () => {
    const sound = Buffer.from(charsmap(), 'base64');
    const change = fc.record({ at: fc.nat(sound.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 200 }), (changes) => {
        const bytes = new Uint8Array(sound);
        for (const { at, byte } of changes) bytes[at] = byte;
        try {
          load(precompiled(bytes)).encode('Ｆｕｌｌ ｗｉｄｔｈ, ﬁ ½ é\u0301 \u200b中文\r\n');
        } catch (error) {
          assert.ok(error instanceof TokenizerError, String(error));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('a character map that is none', () => {
    const bad = [
      [1],
      [0, 0, 0, 0],
      [3, 0, 0, 0, 1, 1, 1],
      [255, 255, 255, 255, 0],
      [8, 0, 0, 0, 1],
    ];
    for (const bytes of bad) {
      assert.match(
        refusal(() => load(precompiled(Uint8Array.from(bytes)))),
        /map .* is damaged/,
      );
    }
    const broken = { type: 'Precompiled', precompiled_charsmap: '\u0000not base64' };
    assert.match(
      refusal(() => load({ normalizer: broken })),
      /map .* is damaged/,
    );
  });

  it('a normalizer that expands without bound', () => {
    const doubling = replace({ String: 'a' }, 'aa');
    const chain = load({ normalizer: sequence(...Array<unknown>(40).fill(doubling)) });
    assert.match(
      refusal(() => chain.encode('a'.repeat(1000))),
      /80 times as long/,
    );
    const long = load({ normalizer: replace({ Regex: '' }, 'x'.repeat(100_000)) });
    assert.match(
      refusal(() => long.encode('b'.repeat(100_000))),
      /80 times as long/,
    );
    const bytes = Array<unknown>(40).fill({ type: 'ByteLevel' });
    const spelled = load({ normalizer: sequence(...bytes) });
    assert.match(
      refusal(() => spelled.encode('é'.repeat(1000))),
      /80 times as long/,
    );
    const prepended = load({ normalizer: { type: 'Prepend', prepend: 'x'.repeat(1_000_000) } });
    assert.match(
      refusal(() => prepended.encode('b')),
      /80 times as long/,
    );
  });

  it('more stages than any tokenizer has', () => {
    const stages = Array<unknown>(1000).fill({ type: 'NFC' });
    assert.match(
      refusal(() => load({ normalizer: sequence(...stages) })),
      /has more than 64/,
    );
  });

  it('a pattern that runs away', () => {
    const pattern = { Regex: '(a|a)+$' };
    const split = load({
      pre_tokenizer: { type: 'Split', pattern, behavior: 'Isolated', invert: false },
    });
    assert.match(
      refusal(() => split.encode('a'.repeat(50_000) + 'b')),
      /takes too long/,
    );
    const replaced = load({ normalizer: replace(pattern, 'x') });
    assert.match(
      refusal(() => replaced.encode('a'.repeat(50_000) + 'b')),
      /takes too long/,
    );
  });

  it('a BPE model that is not what it says', () => {
    const model = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] };
    const bpe = (changes: object) => () => load({ model: { ...model, ...changes } });
    assert.match(refusal(bpe({ dropout: 0.1 })), /drops merges at random \(dropout 0\.1\)/);
    assert.match(refusal(bpe({ merges: ['a b c'] })), /merge that is not two tokens: "a b c"/);
    assert.match(refusal(bpe({ merges: [['a']] })), /merge that is not two tokens/);
    assert.match(refusal(bpe({ merges: [7] })), /merge that is not two tokens: 7/);
    assert.match(refusal(bpe({ merges: ['b a'] })), /use "ba", but the vocabulary lacks it/);
    assert.match(refusal(bpe({ merges: {} })), /not valid at "model\.merges"/);
    assert.match(refusal(bpe({ unk_token: '?' })), /names "\?" as its unknown token/);
    assert.deepEqual([...bpe({ dropout: 0 })().encode('ab').ids], [2]);
  });

  it('a Unigram model that is not what it says', () => {
    const model = {
      type: 'Unigram',
      vocab: [
        ['?', 0],
        ['a', -1],
      ],
      unk_id: 0,
    };
    const unigram = (changes: object) => () => load({ model: { ...model, ...changes } });
    assert.match(refusal(unigram({ unk_id: null })), /does not say which token stands for unknown/);
    assert.match(refusal(unigram({ unk_id: 2 })), /does not say which token stands for unknown/);
    for (const vocab of [[['a']], [['a', 'b']], [['a', null]], [[1, 1]], {}, [['\ud800', 1]]]) {
      assert.match(refusal(unigram({ vocab })), /not valid at "model\.vocab"/);
    }
  });

  it('tokens that go on for megabytes', () => {
    const random = (seed: number) =>
      Array.from({ length: 30_000 }, (_, at) =>
        String.fromCharCode(0x4e00 + ((at * at * 31 + seed * 7919) % 20_000)),
      ).join('');
    const entries = Array.from({ length: 70 }, (_, id) => [random(id), id] as const);
    const vocab = { '?': 70, ...Object.fromEntries(entries) };
    const wordPiece = { ...smallFile().model, unk_token: '?', vocab };
    assert.match(
      refusal(() => load({ model: wordPiece })),
      /longer than any real ones/,
    );
    const unigram = { type: 'Unigram', unk_id: 0, vocab: entries.map(([token]) => [token, -1]) };
    assert.match(
      refusal(() => load({ model: unigram })),
      /longer than any real ones/,
    );
  });

  it('stages with settings of the wrong kind', () => {
    const bad: Partial<TokenizerFile>[] = [
      { pre_tokenizer: { type: 'Metaspace', replacement: 'ab' } },
      { pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'maybe' } },
      { pre_tokenizer: { type: 'Split', pattern: 'a', behavior: 'Isolated' } },
      { pre_tokenizer: { type: 'Split', pattern: { Regex: 'a' }, behavior: 'Lost' } },
      { pre_tokenizer: { type: 'FixedLength', length: 0 } },
      { pre_tokenizer: { type: 'CharDelimiterSplit', delimiter: '' } },
      { normalizer: { type: 'Replace', pattern: { Regex: 'a' } } },
      { post_processor: { type: 'Sequence', processors: {} } },
      { post_processor: { type: 'RobertaProcessing', cls: ['a', 1], sep: ['b'] } },
    ];
    for (const changes of bad)
      assert.match(
        refusal(() => load(changes)),
        /not valid at "/,
      );
  });

  it('any file with a few of its characters changed gives a tokenizer or a reason', () => {
    const files = [...tokenizerFiles()].filter(([, json]) => json.length < 150_000);
    const change = fc.record({ at: fc.nat(), code: fc.integer({ min: 32, max: 126 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        ([, json], changes) => {
          const characters = [...json];
          // The ends hold the stages, the middle the vocabulary.
          for (const { at, code } of changes) {
            characters[at % Math.min(characters.length, 1500)] = String.fromCharCode(code);
          }
          try {
            loadTokenizer(characters.join('')).encode('Some text, 12 of it.');
          } catch (error) {
            assert.ok(error instanceof TokenizerError, String(error));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('long words are no more work than long texts', () => {
    for (const [name, json] of tokenizerFiles()) {
      const tokenizer = loadTokenizer(json);
      for (const unit of ['a', 'ab', '=', ' ', '中', 'é\u0301', '▁', '<0x41>']) {
        const start = performance.now();
        tokenizer.encode(unit.repeat(6_000 / unit.length));
        assert.ok(performance.now() - start < LIMIT_MS, `${name}: ${unit}`);
      }
    }
  });
});
