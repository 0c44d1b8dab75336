/** A text that differs from the one shown by an edit: a token less, and two others instead. */
import type { Range } from '../../server/protocol';
import type { ComparedText } from '../../webview/compare/protocol';
import type { PanelTokens } from '../../webview/protocol';
import { syntheticWords } from './syntheticAttention';
import { SyntheticReadings } from './syntheticReadings';

/** The token that is replaced, and by what. */
export const EDITED_AT = 4;
export const INSERTED = ['quite', 'another'] as const;

export interface ComparedVersion {
  tokens: Pick<PanelTokens, 'texts' | 'ranges' | 'special' | 'words'>;
  readings: SyntheticReadings;
}

const NOWHERE: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

/** What the document of the panel said before it was edited. */
export function editedVersion(shown: readonly string[], causal: boolean): ComparedVersion {
  const texts = [...shown];
  if (texts.length > EDITED_AT + 1) texts.splice(EDITED_AT, 1, ...INSERTED);
  const last = texts.length - 1;
  const places = texts.map((text, at) =>
    at === 0 || at === last ? null : { line: 0, start: 10 * at, end: 10 * at + text.length },
  );
  const words = syntheticWords({ texts, places, lines: [] });
  const ranges = (each: readonly unknown[]): (Range | null)[] =>
    each.map((place) => (place ? NOWHERE : null));
  return {
    tokens: {
      texts,
      ranges: ranges(places),
      special: [0, last],
      words: { ...words, ranges: ranges(words.places) },
    },
    readings: new SyntheticReadings(texts, words.of, causal),
  };
}

export const isShown = (text: ComparedText): boolean => text.kind === 'shown';
