/** A hover as Markdown: a title line, one table, the sink's share, notes. */
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
  tokenNumber,
} from './hoverPhrases';
import { headPhrase } from './headPhrase';
import { codeSpan } from './visibleText';

/** Everything from the document stands in code spans; it renders as at most 10 lines. */
export function hoverMarkdown(content: HoverContent): string {
  const blocks = [title(content), table(content)];
  const sink = sinkPhrase(content, (content.sink?.tokens ?? []).map(codeSpan).join(', '));
  const last = [sink, notes(content)].filter((line) => line !== undefined).join('  \n');
  if (last) blocks.push(last);
  return blocks.join('\n\n');
}

function title(content: HoverContent): string {
  const parts = [`**${codeSpan(content.word)}**`];
  if (content.piece !== undefined) parts.push(codeSpan(content.piece));
  parts.push(tokenNumber(content), `*${headPhrase(content)}*`);
  parts.push(...badges(content).map((badge) => `**${badge}**`));
  return parts.join(' · ');
}

function table(content: HoverContent): string {
  const rows = Math.max(content.reads.length, content.readBy.length);
  if (rows === 0) return nothingElse();
  const full = fullBar(content);
  const lines = [`| ${readsTitle()} | | ${readByTitle()} | |`, '|:--|:--|:--|:--|'];
  for (let row = 0; row < rows; row++) {
    const cells = [...cellsOf(content.reads[row], full), ...cellsOf(content.readBy[row], full)];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

function cellsOf(word: HoverWord | undefined, full: number): [string, string] {
  if (!word) return ['', ''];
  const place = placeOf(word);
  return [
    codeSpan(word.text) + (place ? ` ·${place}` : ''),
    `\`${bar(word.weight, full)}\` ${share(word)}`,
  ];
}
