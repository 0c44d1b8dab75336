/** The phrases of a hover, in the reader's language; shared by Markdown and plain text. */
import * as l10n from '@vscode/l10n';
import { chapterPhrase } from './chapterPhrase';
import { encodingPhrase } from './encodingChange';
import { isLargest } from './headPhrase';
import type { HoverContent, HoverWord } from './hoverContent';

/** Blocks a full bar has. */
const BAR_BLOCKS = 8;
/** One block, in eighths. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

export function percent(share: number): string {
  return l10n.t('{0} %', (share * 100).toFixed(1));
}

/** A bar whose length is the weight ÷ `full`, to an eighth of a block; never empty. */
export function bar(weight: number, full: number): string {
  const eighths = Math.max(1, Math.round((weight / full) * BAR_BLOCKS * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/** The weight that fills a bar: the largest in either direction. */
export function fullBar({ reads, readBy }: HoverContent): number {
  return Math.max(...[...reads, ...readBy].map(({ weight }) => weight), Number.MIN_VALUE);
}

/** `line:column` as editors count them, or nothing on the hovered line. */
export function placeOf({ place }: HoverWord): string {
  return place ? `${place.line + 1}:${place.character + 1}` : '';
}

/** A weight, and what it is as trained where that was asked for. */
export function share({ weight, was }: HoverWord): string {
  const now = percent(weight);
  return was === undefined ? now : l10n.t('{0} (was {1})', now, percent(was));
}

/** The token's number, its word's or the selection's, and its position where that is another. */
export function tokenNumber({ token, asked, isSelected, tokens, position }: HoverContent): string {
  const [first, end] = asked;
  if (isSelected) return l10n.t('selected: tokens {0} to {1} of {2}', first, end - 1, tokens);
  if (end - first > 1) return l10n.t('tokens {0} to {1} of {2}', first, end - 1, tokens);
  const number = l10n.t('token {0} of {1}', token, tokens);
  return position === token ? number : `${number} · ${l10n.t('position {0}', position)}`;
}

/** Whose attention it is, where there are several kinds; nothing where there is one. */
export function stackPhrase({ stack }: HoverContent): string | undefined {
  switch (stack) {
    case 'encoder':
      return l10n.t('encoder');
    case 'decoder':
      return l10n.t('decoder self-attention');
    case 'cross':
      return l10n.t('cross-attention');
    case undefined:
      return undefined;
  }
}

/** What is said of weights that are not the model's own. */
export function badges(content: HoverContent): string[] {
  const { encoding } = content.selection;
  const reading = readingPhrase(content);
  return [...(encoding ? [encodingPhrase(encoding)] : []), ...(reading ? [reading] : [])];
}

function readingPhrase({ selection }: HoverContent): string | undefined {
  switch (selection.reading) {
    case 'raw':
      return undefined;
    case 'withoutSink':
      return l10n.t('without sink');
    case 'valueWeighted':
      return l10n.t('value-weighted');
    case 'rollout':
      return l10n.t('rollout');
  }
}

/** `names` are the sink's tokens, ready to be shown. */
export function sinkPhrase(content: HoverContent, names: string): string | undefined {
  const { sink, selection, layers } = content;
  if (!sink) return undefined;
  const share = percent(sink.share);
  const much = isLargest(content) ? l10n.t('up to {0}', share) : share;
  switch (selection.reading) {
    case 'raw':
      return l10n.t('{0} goes to the sink ({1})', much, names);
    case 'withoutSink':
      return l10n.t('Left out: {0} that goes to the sink ({1})', much, names);
    case 'valueWeighted':
      return l10n.t('As raw weight, {0} goes to the sink ({1})', much, names);
    case 'rollout':
      return l10n.t(
        'As raw weight in layer {0}, {1} goes to the sink ({2})',
        selection.layer ?? layers - 1,
        much,
        names,
      );
  }
}

export function notes(content: HoverContent): string | undefined {
  const { window, analysed, chapter, refusal, isSelected, notSelected } = content;
  const phrases: string[] = [];
  if (isSelected)
    phrases.push(l10n.t('reads: the mean of the selected tokens; read by: their sum'));
  if (notSelected !== undefined)
    phrases.push(l10n.t('one token, not the selection: {0}', notSelected));
  if (chapter) phrases.push(chapterPhrase(chapter));
  if (window.count === null)
    phrases.push(l10n.t('window {0}, the rest is being read', window.index));
  else if (window.count > 1) phrases.push(l10n.t('window {0} of {1}', window.index, window.count));
  if (window.count !== 1)
    phrases.push(l10n.t('it has {0} tokens before this one and {1} after', ...window.context));
  const { other } = content;
  if (other && other.window.count !== 1)
    phrases.push(
      l10n.t('of the other text, window {0} of {1}', other.window.index, other.window.count ?? '…'),
    );
  if (analysed !== undefined)
    phrases.push(
      l10n.t('the document is too long: {0} characters around here are analysed', analysed),
    );
  if (refusal !== undefined) phrases.push(l10n.t('as trained: {0}', refusal));
  return phrases.length > 0 ? phrases.join(' · ') : undefined;
}

/** `other`: the name of the document in which what is read stands, ready to be shown. */
export function readsTitle(other?: string): string {
  return other === undefined ? l10n.t('reads') : l10n.t('reads in {0}', other);
}

/** `other`: the name of the document in which the readers stand, ready to be shown. */
export function readByTitle(other?: string): string {
  return other === undefined ? l10n.t('read by') : l10n.t('read by, in {0}', other);
}

/** Where the sink leaves nothing to list. */
export function nothingElse(): string {
  return l10n.t('No other token has a share worth showing.');
}
