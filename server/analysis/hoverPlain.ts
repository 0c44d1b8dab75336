/** A hover as plain text, for clients that show no Markdown. */
import type { HoverContent, HoverWord } from './hoverContent';
import {
  badges,
  bar,
  fullBar,
  notes,
  nothingElse,
  placeOf,
  readByTitle,
  readsTitle,
  share,
  sinkPhrase,
  stackPhrase,
  tokenNumber,
} from './hoverPhrases';
import { headPhrase } from './headPhrase';
import { visibleText } from './visibleText';

/** Scripts whose letters take two columns in a terminal. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60\u3000-\u303f]/u;

/** The same lines as the Markdown hover, in aligned columns. */
export function hoverPlain(content: HoverContent): string {
  const sink = sinkPhrase(content, (content.sink?.tokens ?? []).map(visibleText).join(', '));
  const lines = [title(content), ...columns(content), sink, notes(content)];
  return lines.filter((line) => line !== undefined).join('\n');
}

function title(content: HoverContent): string {
  const parts = [visibleText(content.word)];
  if (content.piece !== undefined) parts.push(visibleText(content.piece));
  const stack = stackPhrase(content);
  parts.push(tokenNumber(content), headPhrase(content));
  parts.push(...(stack === undefined ? [] : [stack]), ...badges(content));
  return parts.join(' · ');
}

function columns(content: HoverContent): string[] {
  const full = fullBar(content);
  const name = content.other && visibleText(content.other.name);
  const reads = [readsTitle(name), ...content.reads.map((word) => cell(word, full))];
  const readBy = [readByTitle(name), ...content.readBy.map((word) => cell(word, full))];
  const rows = Math.max(reads.length, readBy.length);
  if (content.other && rows > 1) return content.other.direction === 'reads' ? reads : readBy;
  if (rows === 1) return [nothingElse()];
  const width = Math.max(...reads.map(columnsOf));
  return Array.from({ length: rows }, (_, row) => {
    const left = reads[row] ?? '';
    return `${left}${' '.repeat(width - columnsOf(left))}   ${readBy[row] ?? ''}`.trimEnd();
  });
}

function cell(word: HoverWord, full: number): string {
  const place = placeOf(word);
  const name = visibleText(word.text) + (place ? ` ·${place}` : '');
  return `${name} ${bar(word.weight, full)} ${share(word)}`;
}

function columnsOf(text: string): number {
  return [...text].reduce((sum, point) => sum + (WIDE.test(point) ? 2 : 1), 0);
}
