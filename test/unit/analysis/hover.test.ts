import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as l10n from '@vscode/l10n';
import simplifiedChinese from '../../../l10n/bundle.l10n.zh-cn.json';
import {
  hoverContent,
  type HoverContent,
  type HoverInput,
} from '../../../server/analysis/hoverContent';
import { hoverMarkdown } from '../../../server/analysis/hoverMarkdown';
import { hoverPlain } from '../../../server/analysis/hoverPlain';
import { bar } from '../../../server/analysis/hoverPhrases';
import { DocumentText } from '../../../server/analysis/text';
import { buildWindow } from '../../../server/analysis/windowTokens';
import { wordIndices } from '../../../server/analysis/words';
import type { ChapterSettings } from '../../../server/chapter/controls';
import { DEFAULT_SETTINGS as CHAPTER } from '../../../server/chapter/settings';
import { FakeTokenizer } from './fakes';
import { INITIAL_SELECTION, READINGS, type Selection } from '../../../server/protocol';

/** The hover of a token of `text`: [CLS], the fake tokenizer's pieces, [SEP]. */
function input(text: string, token: number, more: Partial<HoverInput> = {}): HoverInput {
  const tokenizer = new FakeTokenizer();
  const list = tokenizer.encode(text);
  const window = buildWindow(0, list, [0, list.ids.length], tokenizer.template, 0);
  const count = window.ids.length;
  const words = Math.max(...wordIndices(window, text)) + 1;
  return {
    document: new DocumentText('file:///a', 1, text),
    window,
    windowCount: 1,
    token,
    asked: [token, token + 1],
    position: token,
    reads: new Float32Array(words).fill(1 / words),
    readBy: new Float32Array(words).fill(0.25),
    sink: { tokens: [0, count - 1], share: 2 / count },
    selection: INITIAL_SELECTION,
    layers: 6,
    heads: 12,
    rows: 5,
    analysed: undefined,
    tokenText: (id) => tokenizer.tokenText(id),
    ...more,
  };
}

function content(text: string, token: number, more: Partial<HoverInput> = {}): HoverContent {
  return hoverContent(input(text, token, more));
}

describe('what a hover says', () => {
  it('lists words, heaviest first, without those that have no share worth showing', () => {
    const reads = Float32Array.of(0.45, 0.3, 0.25, 0, 0);
    const readBy = Float32Array.of(0.9, 0.3, 0.1, 0.6, 0.9);
    // [CLS] abcd efgh ijkl mn [SEP]: one word of two pieces, one of one, one of one
    const made = content('abcdefgh ijkl mn', 1, { reads, readBy });
    const words = (list: HoverContent['reads']): [string, string][] =>
      list.map(({ text, weight }) => [text, weight.toFixed(3)]);
    assert.deepEqual(words(made.reads), [
      ['abcdefgh', '0.300'],
      ['ijkl', '0.250'],
    ]);
    assert.deepEqual(words(made.readBy), [
      ['mn', '0.600'],
      ['abcdefgh', '0.300'],
      ['ijkl', '0.100'],
    ]);
    assert.equal(made.word, 'abcdefgh');
    assert.equal(made.piece, 'abcd');
    assert.deepEqual(made.span, [0, 8]);
  });

  it('never lists the sink, whichever tokens it has', () => {
    const sink = { tokens: [0, 1, 4], share: 0.9 };
    const made = content('one two three', 2, { sink });
    for (const { text } of [...made.reads, ...made.readBy]) assert.notEqual(text, 'one');
    assert.deepEqual(made.sink?.tokens, ['[CLS]', 'one', 'e']);
  });

  it('gives the place of words on other lines only', () => {
    const made = content('one\ntwo\n  three', 1);
    const places = Object.fromEntries(made.reads.map(({ text, place }) => [text, place]));
    assert.deepEqual(places, {
      one: undefined,
      two: { line: 1, character: 0 },
      three: { line: 2, character: 2 },
    });
    assert.match(hoverMarkdown(made), /`three` ·3:3/);
  });

  it('shows at most as many rows as wanted, between one and five', () => {
    const text = 'a b c d e f g h i j';
    assert.equal(content(text, 1, { rows: 3 }).reads.length, 3);
    assert.equal(content(text, 1, { rows: 99 }).reads.length, 5);
    assert.equal(content(text, 1, { rows: 0 }).reads.length, 1);
  });
});

describe('a hover as Markdown', () => {
  it('has a title, one table, the share of the sink', () => {
    const made = content('light house', 1, {
      reads: Float32Array.of(0.3, 0.4, 0.2, 0.1),
      readBy: Float32Array.of(0, 0.1, 0.05, 0),
      selection: { ...INITIAL_SELECTION, layer: 4, head: null, reading: 'raw', encoding: null },
    });
    assert.equal(
      hoverMarkdown(made),
      [
        '**`light`** · `ligh` · token 1 of 6 · *layer 4, mean of 12 heads*',
        '',
        '| reads | | read by | |',
        '|:--|:--|:--|:--|',
        '| `light` | `████████` 40.0 % | `light` | `██` 10.0 % |',
        '| `house` | `████` 20.0 % | `house` | `█` 5.0 % |',
        '',
        '33.3 % goes to the sink (`[CLS]`, `[SEP]`)',
      ].join('\n'),
    );
  });

  it('says which heads, which reading and which window are shown', () => {
    const titles = [
      [null, null, 'mean of 6 layers and 12 heads'],
      [2, null, 'layer 2, mean of 12 heads'],
      [null, 3, 'head 3, mean of 6 layers'],
      [2, 3, 'layer 2, head 3'],
    ] as const;
    for (const [layer, head, title] of titles) {
      const made = content('a b', 1, {
        selection: { ...INITIAL_SELECTION, layer, head, reading: 'withoutSink', encoding: null },
      });
      const lines = hoverMarkdown({
        ...made,
        window: { index: 2, count: 9, context: [31, 7] },
      }).split('\n');
      assert.ok(lines[0]?.includes(`*${title}*`), lines[0]);
      assert.ok(lines[0]?.includes('**without sink**'), lines[0]);
      assert.equal(lines.at(-1), 'window 2 of 9 · it has 31 tokens before this one and 7 after');
    }
  });

  it('names sets of heads, largest weights and how far attention is rolled', () => {
    const set = [1, 4, 7];
    const titles: [Partial<Selection>, string][] = [
      [{ aggregate: 'max' }, '*maximum of 6 layers and 12 heads*'],
      [{ aggregate: 'max', layer: 2 }, '*layer 2, maximum of 12 heads*'],
      [{ aggregate: 'max', head: 2 }, '*head 2, maximum of 6 layers*'],
      [{ aggregate: 'max', layer: 1, head: 2 }, '*layer 1, head 2*'],
      [{ heads: set }, '*mean of heads 1, 4, 7 in 6 layers*'],
      [{ heads: set, layer: 3 }, '*layer 3, mean of heads 1, 4, 7*'],
      [{ heads: set, aggregate: 'max' }, '*maximum of heads 1, 4, 7 in 6 layers*'],
      [{ heads: set, layer: 3, aggregate: 'max' }, '*layer 3, maximum of heads 1, 4, 7*'],
      [{ heads: [4], layer: 3 }, '*layer 3, head 4*'],
      [{ reading: 'valueWeighted', layer: 3 }, '*layer 3, mean of 12 heads* · **value-weighted**'],
      [{ reading: 'rollout' }, '*layers 0 to 5, mean of 12 heads* · **rollout**'],
      [{ reading: 'rollout', layer: 3 }, '*layers 0 to 3, mean of 12 heads* · **rollout**'],
      [{ reading: 'rollout', layer: 0 }, '*layer 0, mean of 12 heads* · **rollout**'],
    ];
    for (const [part, title] of titles) {
      const made = content('a b', 1, { selection: { ...INITIAL_SELECTION, ...part } });
      const [line = ''] = hoverMarkdown(made).split('\n');
      assert.equal(line, `**\`a\`** · token 1 of 4 · ${title}`);
    }
  });

  it('always states the sink’s raw share, and whose it is', () => {
    const shares: [Partial<Selection>, string][] = [
      [{ aggregate: 'max' }, 'up to 50.0 % goes to the sink (`[CLS]`, `[SEP]`)'],
      [
        { aggregate: 'max', reading: 'withoutSink' },
        'Left out: up to 50.0 % that goes to the sink (`[CLS]`, `[SEP]`)',
      ],
      [{ aggregate: 'max', layer: 0, head: 0 }, '50.0 % goes to the sink (`[CLS]`, `[SEP]`)'],
      [{ reading: 'valueWeighted' }, 'As raw weight, 50.0 % goes to the sink (`[CLS]`, `[SEP]`)'],
      [
        { reading: 'rollout' },
        'As raw weight in layer 5, 50.0 % goes to the sink (`[CLS]`, `[SEP]`)',
      ],
    ];
    for (const [part, share] of shares) {
      const made = content('a b', 1, { selection: { ...INITIAL_SELECTION, ...part } });
      assert.equal(hoverMarkdown(made).split('\n').at(-1), share);
    }
  });

  it('counts the tokens of a word that is asked for whole', () => {
    const [line] = hoverMarkdown(content('abcdefgh', 2, { asked: [1, 3] })).split('\n');
    assert.match(line ?? '', /^\*\*`abcdefgh`\*\* · tokens 1 to 2 of 4 · /);
  });

  it('has a badge where position is changed, and says what weights were', () => {
    const made = content('light house', 1, {
      reads: Float32Array.of(0.3, 0.2, 0.4, 0.1),
      readBy: Float32Array.of(0.3, 0.2, 0.1, 0.1),
      trained: {
        reads: Float32Array.of(0.3, 0.4, 0.2, 0.1),
        readBy: Float32Array.of(0.3, 0.1, 0.05, 0.1),
      },
      position: 17,
      selection: {
        ...INITIAL_SELECTION,
        layer: 0,
        head: 3,
        reading: 'raw',
        encoding: { mode: 'reversed' },
      },
    });
    const lines = hoverMarkdown(made).split('\n');
    assert.equal(
      lines[0],
      '**`light`** · `ligh` · token 1 of 6 · position 17 · *layer 0, head 3* · **position reversed**',
    );
    assert.equal(
      lines[4],
      '| `house` | `████████` 40.0 % (was 20.0 %) | `light` | `████` 20.0 % (was 10.0 %) |',
    );
    assert.match(
      hoverPlain(made),
      /· position reversed\n.*\nhouse ████████ 40\.0 % \(was 20\.0 %\)/,
    );
  });

  it('names the Chapter model with what of its controls matters', () => {
    const last = (settings: Partial<ChapterSettings>): string | undefined =>
      hoverMarkdown(
        content('a b', 1, { layers: 1, heads: 1, chapter: { ...CHAPTER, ...settings } }),
      )
        .split('\n')
        .at(-1);
    assert.equal(last({}), 'Chapter model: scaled dot, sinusoidal');
    assert.equal(
      last({ similarity: 'additive', encoding: 'rope', scale: 3, wiring: 'words', causal: true }),
      'Chapter model: additive, RoPE, wiring of the words, causal',
    );
    assert.equal(
      last({ similarity: 'dot', encoding: 'learned', scale: 2 }),
      'Chapter model: dot, learned, scale 2',
    );
    const made = content('a b', 1, { layers: 1, heads: 1, chapter: CHAPTER });
    assert.match(hoverMarkdown(made), /\*layer 0, head 0\*/);
  });

  it('says when only a part of the document is analysed', () => {
    const text = hoverMarkdown({ ...content('a b', 1), analysed: 2000 });
    assert.match(text, /the document is too long: 2000 characters around here are analysed/);
  });

  it('is small and short whatever the document holds', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        ...['`', '|', '\\', '<', '](command:x)', '**', ' ', '\n', '\u202e', '\u0000', '漢'],
        '$(alert)',
        'https://x.y',
        '\u{1f9d1}\u200d\u{1f680}',
      ),
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(nasty, fc.nat(), (text, pick) => {
        const probe = input(text, 0);
        const last = probe.window.ids.length - 1;
        if (last < 2) return;
        const trained = { reads: probe.reads, readBy: probe.readBy };
        const selection = { ...probe.selection, encoding: { mode: 'shuffled', seed: 1 } as const };
        const made = hoverContent(
          input(text, 1 + (pick % (last - 1)), {
            trained,
            selection,
            position: 17,
            chapter: {
              ...CHAPTER,
              scale: 12.5,
              scaleVariant: 'chapter',
              wiring: 'diagram',
              causal: true,
            },
          }),
        );
        const context: [number, number] = [2047, 1023];
        const full = { ...made, window: { index: 3, count: 40, context }, analysed: 2_000_000 };
        for (const shown of [hoverMarkdown(full), hoverPlain(full)]) {
          assert.ok(Buffer.byteLength(shown) <= 4096);
          const rendered = shown.split('\n').filter((line) => line !== '' && !/^\|:/.test(line));
          assert.ok(rendered.length <= 11, shown);
          assert.ok(!/[\p{Cc}\p{Bidi_Control}]/u.test(shown.replaceAll('\n', '')));
        }
        const outside = hoverMarkdown(full).replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
        assert.ok(!/[<[\]$]|command:|https:/.test(outside), outside);
      }),
    );
  });

  it('says so when the sink leaves nothing', () => {
    const made = content('one', 1, { reads: new Float32Array(3), readBy: new Float32Array(3) });
    assert.match(hoverMarkdown(made), /No other token has a share worth showing\./);
    assert.match(hoverPlain(made), /No other token has a share worth showing\./);
  });
});

describe('a hover as plain text', () => {
  it('has the same lines in aligned columns', () => {
    const made = content('ab 漢字', 1, {
      reads: Float32Array.of(0.4, 0.4, 0.2, 0),
      readBy: Float32Array.of(0, 0.2, 0.1, 0),
    });
    assert.equal(
      hoverPlain(made),
      [
        'ab · token 1 of 4 · mean of 6 layers and 12 heads',
        'reads                read by',
        'ab ████████ 40.0 %   ab ████ 20.0 %',
        '漢字 ████ 20.0 %     漢字 ██ 10.0 %',
        '50.0 % goes to the sink ([CLS], [SEP])',
      ].join('\n'),
    );
  });
});

describe('a hover in Chinese', () => {
  before(() => l10n.config({ contents: simplifiedChinese }));
  after(() => l10n.config({ contents: {} }));

  it('has no English phrase left', () => {
    const context: [number, number] = [4, 5];
    const window = { index: 1, count: 3, context };
    const plain = { ...content('abcdefgh 漢字', 1), window, analysed: 9 };
    const even = new Float32Array(4).fill(0.2);
    const changed = content('abcdefgh 漢字', 1, {
      position: 3,
      trained: { reads: even, readBy: even },
      selection: {
        ...INITIAL_SELECTION,
        layer: 0,
        head: 1,
        reading: 'raw',
        encoding: { mode: 'frozen', at: 3 },
      },
      chapter: { ...CHAPTER, scale: 2, wiring: 'words', causal: true },
    });
    const selections: Partial<Selection>[] = [
      ...READINGS.map((reading) => ({ reading })),
      ...[null, 1].flatMap((layer) => [
        ...[null, [1, 4]].map((heads) => ({ layer, heads, aggregate: 'max' as const })),
        { layer, heads: [1, 4] },
      ]),
      { head: 2, aggregate: 'max' },
      { merge: 'words' },
    ];
    const others = selections.map((part) =>
      content('abcdefgh 漢字', 1, {
        selection: { ...INITIAL_SELECTION, ...part },
        asked: part.merge ? [1, 3] : [1, 2],
      }),
    );
    for (const text of [plain, changed, ...others].flatMap((made) => [
      hoverMarkdown(made),
      hoverPlain(made),
    ])) {
      const words = text
        .replaceAll(/\[(CLS|SEP)\]|abcd(efgh)?|rollout/g, '')
        .match(/[A-Za-z]{2,}/g);
      assert.deepEqual(words, null, text);
    }
  });
});

describe('a bar', () => {
  it('is as long as its weight, to an eighth of a block, and never empty', () => {
    assert.equal(bar(1, 1), '████████');
    assert.equal(bar(0.5, 1), '████');
    assert.equal(bar(0.0625, 1), '▌');
    assert.equal(bar(0, 1), '▏');
  });
});
