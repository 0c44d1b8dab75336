/** A hover as Markdown: a title line, one table, the sink's share, notes. */
import type { HoverContent, HoverWord, OtherText } from './hoverContent';
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
  const stack = stackPhrase(content);
  if (stack !== undefined) parts.push(stack);
  parts.push(...badges(content).map((badge) => `**${badge}**`));
  return parts.join(' · ');
}

function table(content: HoverContent): string {
  const rows = Math.max(content.reads.length, content.readBy.length);
  if (rows === 0) return nothingElse();
  const full = fullBar(content);
  if (content.other) return acrossTable(content, content.other, full);
  const lines = [`| ${readsTitle()} | | ${readByTitle()} | |`, '|:--|:--|:--|:--|'];
  for (let row = 0; row < rows; row++) {
    const cells = [...cellsOf(content.reads[row], full), ...cellsOf(content.readBy[row], full)];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

/** One direction, to the words of the other document. */
function acrossTable(content: HoverContent, { name, direction }: OtherText, full: number): string {
  const reads = direction === 'reads';
  const title = reads ? readsTitle(codeSpan(name)) : readByTitle(codeSpan(name));
  const words = reads ? content.reads : content.readBy;
  const lines = words.map((word) => `| ${cellsOf(word, full).join(' | ')} |`);
  return [`| ${title} | |`, '|:--|:--|', ...lines].join('\n');
}

function cellsOf(word: HoverWord | undefined, full: number): [string, string] {
  if (!word) return ['', ''];
  const place = placeOf(word);
  return [
    linked(word) + (place ? ` ·${place}` : ''),
    `\`${bar(word.weight, full)}\` ${share(word)}`,
  ];
}

/** A word of another document leads there. */
function linked({ text, uri, place }: HoverWord): string {
  if (uri === undefined || !place) return codeSpan(text);
  // Parentheses are legal in a URI but end a Markdown link.
  const target = uri.replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));
  return `[${codeSpan(text)}](${target}#L${place.line + 1},${place.character + 1})`;
}
