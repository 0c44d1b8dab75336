/** The parts of a bundle beside its manifest and its maps: text, tokens and statistics. */
import * as v from 'valibot';
import type { Position, Range, Token } from '../../server/protocol';
import { BundleError } from './bundleError';
import { rangeSchema, type BundleManifest } from './manifest';

/** What each head does, as the public protocol's `StatisticsResult` says it; null where no token has it. */
export interface BundleStatistics {
  /** name → [layer · heads + head] */
  statistics: { [name: string]: (number | null)[] };
  counted: { [name: string]: number };
  even: { [name: string]: number | null };
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const tokensSchema = v.object({
  tokens: v.array(
    v.object({
      id: whole,
      text: v.pipe(v.string(), v.maxLength(2 ** 20)),
      range: v.nullable(rangeSchema),
    }),
  ),
  words: v.array(whole),
});
const name = v.pipe(v.string(), v.regex(/^[a-z][A-Za-z0-9]{0,59}$/));
const finite = v.pipe(v.number(), v.finite());
const statisticsSchema = v.object({
  statistics: v.record(name, v.array(v.nullable(finite))),
  counted: v.record(name, whole),
  even: v.record(name, v.nullable(finite)),
});

/** UTF-8, exactly. Throws {@link BundleError} `badText`. */
export function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BundleError('badText');
  }
}

/** The window's tokens and their words. Throws {@link BundleError} `badTokens` where they do not fit text or window. */
export function readTokens(
  json: unknown,
  text: string,
  { window }: BundleManifest,
): { tokens: Token[]; words: number[] } {
  const parsed = v.safeParse(tokensSchema, json);
  if (!parsed.success)
    throw new BundleError('badTokens', v.getDotPath(parsed.issues[0]) ?? 'tokens.json');
  const { tokens, words } = parsed.output;
  if (tokens.length !== window.tokens || words.length !== window.tokens)
    throw new BundleError('badTokens', 'tokens');
  const inOrder = words.every(
    (word, at) => word === (words[at - 1] ?? 0) || word === words[at - 1]! + 1,
  );
  if (!inOrder || words[0] !== 0) throw new BundleError('badTokens', 'words');
  const isWithin = rangeCheck(text);
  const lost = tokens.findIndex(({ range }) => range !== null && !isWithin(range));
  if (lost >= 0) throw new BundleError('badTokens', `tokens.${lost}.range`);
  if (!isWithin(window.range)) throw new BundleError('badTokens', 'window.range');
  return { tokens, words };
}

/** Throws {@link BundleError} `badNumbers`. */
export function readStatistics(json: unknown, { model }: BundleManifest): BundleStatistics {
  const parsed = v.safeParse(statisticsSchema, json);
  const size = model.layers * model.heads;
  if (!parsed.success) throw new BundleError('badNumbers', 'statistics.json');
  const lists = Object.values(parsed.output.statistics);
  if (lists.some((list) => list.length !== size))
    throw new BundleError('badNumbers', 'statistics.json');
  return parsed.output;
}

/** Says what stands at a range that lies within the text; lines end as LSP has it. */
export function reading(text: string): (range: Range) => string {
  const lines = linesOf(text);
  return ({ start, end }) => text.slice(offsetOf(lines, start), offsetOf(lines, end));
}

interface Line {
  start: number;
  /** Before the line's end. */
  end: number;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const { index, 0: ending } of text.matchAll(/\r\n|\r|\n/g)) {
    lines.push({ start, end: index });
    start = index + ending.length;
  }
  return [...lines, { start, end: text.length }];
}

function offsetOf(lines: readonly Line[], { line, character }: Position): number {
  return (lines[line]?.start ?? 0) + character;
}

/** Whether a range lies within the text and ends behind its start. */
function rangeCheck(text: string): (range: Range) => boolean {
  const lines = linesOf(text);
  const isPlace = ({ line, character }: Position): boolean => {
    const found = lines[line];
    return found !== undefined && found.start + character <= found.end;
  };
  return ({ start, end }) =>
    isPlace(start) && isPlace(end) && offsetOf(lines, start) <= offsetOf(lines, end);
}
