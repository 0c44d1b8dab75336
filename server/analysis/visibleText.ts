/** Text of a document made safe to show: one short line in which nothing hides or acts. */

/** Longer tokens are cut here; counted in code points. */
const MAX_CODE_POINTS = 24;

/**
 * What must not reach a reader as it is: controls, the bidi controls that reorder what
 * follows, invisible characters, line and paragraph separators, lone surrogates.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u3164\uffa0]/u;
/** Scripts that are written so (the blocks that Unicode keeps for them). */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Behind such a word, so that signs and numbers after it do not stand before it. */
const LEFT_TO_RIGHT_MARK = '\u200e';
/** Joiners are invisible but part of emoji and of Indic and Arabic spelling. */
const JOINERS = new Set(['\u200c', '\u200d']);

/** Spaces become `·`, line breaks `↵`, tabs `→`, other invisible characters their code point. */
export function visibleText(text: string): string {
  const points = [...text.slice(0, 4 * MAX_CODE_POINTS)];
  const shown = points.slice(0, MAX_CODE_POINTS).map(visiblePoint).join('');
  return points.length > MAX_CODE_POINTS || text.length > 4 * MAX_CODE_POINTS ? `${shown}…` : shown;
}

function visiblePoint(point: string): string {
  if (point === '\n' || point === '\r') return '↵';
  if (point === '\t') return '→';
  if (/\p{Zs}/u.test(point)) return '·';
  if (HIDDEN.test(point) && !JOINERS.has(point)) return `⟨${codePoint(point)}⟩`;
  return point;
}

function codePoint(point: string): string {
  return `U+${(point.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Shows text as a Markdown code span, in which no markup, link, HTML or command can
 * start. Safe in cells of a table as well: cells end at `|` even inside code.
 */
export function codeSpan(text: string): string {
  const shown = visibleText(text).replaceAll('\\|', '\\∣').replaceAll('|', '\\|');
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = shown.startsWith('`') || shown.endsWith('`') || shown === '' ? ' ' : '';
  const after = RIGHT_TO_LEFT.test(shown) ? LEFT_TO_RIGHT_MARK : '';
  return `${fence}${space}${shown}${space}${fence}${after}`;
}
