/** The windows of a text that is tokenized whole, with their places on its axis. */
import type { Tokenizer } from '../tokens/tokenizer';
import type { BandWindow } from './band';
import type { TokenizedText } from './tokenized';
import type { WindowTokens } from './windowTokens';

export interface DocumentWindow {
  window: WindowTokens;
  place: BandWindow;
}

export function documentWindows(
  tokens: TokenizedText,
  { before, after }: Tokenizer['template'],
): DocumentWindow[] {
  const { borders } = tokens;
  return Array.from({ length: tokens.windowCount ?? 0 }, (_, index) =>
    tokens.window(index),
  ).flatMap((found, index) => {
    if (!found) return [];
    const { tokens: window, bounds } = found;
    const owned = [borders[index - 1] ?? 0, borders[index] ?? bounds[1]] as const;
    return [{ window, place: { bounds, owned, before: before.length, after: after.length } }];
  });
}

/** The tokens that a window owns, by their number in the window. */
export function ownedTokens({ bounds, owned, before }: BandWindow): [start: number, end: number] {
  return [owned[0] - bounds[0] + before, owned[1] - bounds[0] + before];
}
