import assert from 'node:assert/strict';
import { panelTokens } from '../../../client/panel/answers';
import type { TokensResult } from '../../../server/protocol';

const line = (start: number, end: number) => ({
  start: { line: 0, character: start },
  end: { line: 0, character: end },
});

/** The texts that the panel gets for tokens of `document`. */
function texts(document: string, tokens: [text: string, start: number, end: number][]): string[] {
  const answer = {
    version: 1,
    tokens: tokens.map(([text, start, end]) => ({
      id: 0,
      text,
      range: start < 0 ? null : line(start, end),
    })),
  } as unknown as TokensResult;
  return panelTokens(1, answer, ({ start, end }) => document.slice(start.character, end.character))
    .texts;
}

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
});
