import assert from 'node:assert/strict';
import { panelTokens } from '../../../client/panel/answers';
import type { TokensResult } from '../../../server/protocol';
import type { PanelTokens } from '../../../webview/protocol';

const line = (start: number, end: number) => ({
  start: { line: 0, character: start },
  end: { line: 0, character: end },
});

type Tokens = [text: string, start: number, end: number][];

/** What the panel gets for tokens of `document`, each a word of its own unless said otherwise. */
function panel(document: string, tokens: Tokens, words = [...tokens.keys()]): PanelTokens {
  const answer = {
    version: 1,
    words,
    tokens: tokens.map(([text, start, end]) => ({
      id: 0,
      text,
      range: start < 0 ? null : line(start, end),
    })),
  } as unknown as TokensResult;
  return panelTokens(1, answer, ({ start, end }) => document.slice(start.character, end.character));
}

const texts = (document: string, tokens: Tokens): string[] => panel(document, tokens).texts;

describe('texts of tokens in the panel', () => {
  it('are the vocabulary’s where that is the text but for case and accents', () => {
    assert.deepEqual(
      texts('Café Lampen', [
        ['[CLS]', -1, -1],
        ['cafe', 0, 4],
        ['lamp', 5, 9],
        ['##en', 9, 11],
      ]),
      ['[CLS]', 'cafe', 'lamp', '##en'],
    );
  });

  it('are as written where the vocabulary has no word for it', () => {
    assert.deepEqual(
      texts('茶馆', [
        ['[UNK]', 0, 1],
        ['馆', 1, 2],
      ]),
      ['茶', '馆'],
    );
  });

  it('are those of words too: as written, from the first piece to the last', () => {
    const pieces: Tokens = [
      ['[CLS]', -1, -1],
      ['un', 0, 2],
      ['##bel', 2, 5],
      ['[UNK]', 6, 7],
      ['[SEP]', -1, -1],
    ];
    const { words } = panel('Unbel 茶', pieces, [0, 1, 1, 2, 3]);
    assert.deepEqual(words, {
      of: [0, 1, 1, 2, 3],
      texts: ['[CLS]', 'Unbel', '茶', '[SEP]'],
      ranges: [null, line(0, 5), line(6, 7), null],
      special: [0, 3],
    });
  });
});
