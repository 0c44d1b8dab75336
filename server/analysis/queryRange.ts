/** A stretch of the document as the query: the tokens of a window that it touches. */
import * as l10n from '@vscode/l10n';
import type { Position, Range } from '../protocol';
import type { Subject } from './answer';
import { InvalidParams } from './errors';
import type { OpenDocument } from './openDocument';
import { windowSpan } from './windowTokens';

/** The middle of a range: the window that owns it has most of the range's surroundings. */
export function middleOf({ text }: OpenDocument, { start, end }: Range): Position {
  return text.positionAt(Math.floor((text.offsetAt(start) + text.offsetAt(end)) / 2));
}

/**
 * [first, end): the tokens that share a character with the range; those of the template
 * stand nowhere and are never among them. Throws {@link InvalidParams} `queryRange` where
 * there is none, and where text of the range lies outside of the window.
 */
export function tokensOfRange(
  { window, windowCount, document }: Pick<Subject, 'window' | 'windowCount' | 'document'>,
  range: Range,
): [first: number, end: number] {
  const { text } = document.text;
  let [start, end] = [document.text.offsetAt(range.start), document.text.offsetAt(range.end)];
  const [from, to] = windowSpan(window);
  while (start < end && /\s/.test(text[start]!)) start++;
  while (end > start && /\s/.test(text[end - 1]!)) end--;
  if (windowCount !== 1 && start < end && (start < from || end > to))
    throw beyondWindow(window.ids.length);
  const touched = [...window.starts.keys()].filter((token) => {
    const at = window.starts[token] ?? -1;
    return start < end && at >= 0 && at < end && start < (window.ends[token] ?? 0);
  });
  const [first] = touched;
  if (first !== undefined) return [first, touched.at(-1)! + 1];
  throw new InvalidParams('queryRange', l10n.t('No token stands in "queryRange".'));
}

function beyondWindow(tokens: number): InvalidParams {
  return new InvalidParams(
    'queryRange',
    l10n.t(
      '"queryRange" goes beyond one window of {0} tokens, which is what the model reads at once; choose a shorter one.',
      tokens,
    ),
  );
}
