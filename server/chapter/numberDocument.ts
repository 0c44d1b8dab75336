/**
 * A document of numbers as the Chapter model reads it: each number is a token.
 *
 *     ---
 *     # a comment
 *     queries: 1, 2, 3, 4, 5
 *     keys: 6, 7, 8, 9, 10
 *     values: 11, 12, 13, 14, 15
 *     d_k: 1
 *     ---
 *     1, 2, 3, 4, 5
 *
 * The body is a list: numbers between blanks, line ends, commas, semicolons or
 * brackets, so that CSV, a column and a Python list all do. The part between the two
 * lines of `---` may be left out, and so may each of its entries:
 * - `queries`, `keys`, `values`: lists as long as the body; else Input_new is taken.
 * - `encoding`: a list as long as the body, added to it, or `none` (the default),
 *   `sinusoidal`, `rope`, `alibi`.
 * - `scale`: the scale factor of the encoding, above 0; `scale variant`: `usual` or `chapter`.
 * - `width`: how many places a number is repeated in to make a token vector, 1 unless
 *   said; a sinusoidal encoding needs an even one, the chapter's variant a multiple of 4.
 * - `d_k`: what scores are divided by the square root of; a head's width unless said.
 * - `similarity`: `dot`, `scaledDot`, `additive`; `wiring`: `formula`, `words`, `diagram`;
 *   `heads`: 1, 2, 4, 8; `causal`: `true`, `false`.
 */
import * as l10n from '@vscode/l10n';
import { ChapterError } from './chapterError';
import { readFrontMatter, type FrontMatter } from './frontMatter';
import { isNumberLike, piecesOf, readNumbers, type WrittenNumber } from './numberList';

/** All pairs are kept for such a document; beyond this they would not fit a screen anyway. */
export const MAX_NUMBERS = 512;

export interface NumberDocument extends FrontMatter {
  /** The body's numbers with their places in the document. */
  tokens: WrittenNumber[];
}

/** UTF-16 units that a body is known by. */
const FIRST_LOOK = 200;

/** UTF-16 units that entries without an end are looked for in. */
const LONGEST_ENTRIES = 4000;

const OPENING = /^\uFEFF?---[ \t]*(?:\r\n|\r|\n)/;
const CLOSING = /^---[ \t]*(?:\r\n|\r|\n|$)/m;

/**
 * Reads a document of numbers. Throws ChapterError `numbers` for text among numbers,
 * NaN, lists of unequal lengths, fewer than two numbers or more than {@link MAX_NUMBERS},
 * and an entry that is unknown or wrong.
 */
export function readNumberDocument(text: string): NumberDocument {
  const { front, frontLine, body, bodyStart, bodyLine } = split(text);
  const tokens = readNumbers(body, bodyStart, bodyLine);
  requireCount(tokens.length);
  const matter = readFrontMatter(front, frontLine);
  requireEqualLengths(matter, tokens.length);
  return { ...matter, tokens };
}

/**
 * Whether a text is one that {@link readNumberDocument} is meant for: numbers first, be it
 * below its entries, or an entry that nothing else has.
 */
export function looksLikeNumbers(text: string): boolean {
  const opening = OPENING.exec(text);
  if (!opening) return beginsWithNumbers(text);
  const rest = text.slice(opening[0].length);
  const closing = CLOSING.exec(rest);
  const entries = rest.slice(0, closing?.index ?? LONGEST_ENTRIES);
  if (/^(?:queries|keys|values|encoding|d_k)[ \t]*:/im.test(entries)) return true;
  return closing !== null && beginsWithNumbers(rest.slice(closing.index + closing[0].length));
}

/** A number first, and most of what follows soon after it numbers too. */
function beginsWithNumbers(text: string): boolean {
  const pieces = piecesOf(text.slice(0, FIRST_LOOK)).map(isNumberLike);
  return pieces[0] === true && pieces.filter(Boolean).length > pieces.length / 2;
}

interface Parts {
  front: string;
  frontLine: number;
  body: string;
  bodyStart: number;
  bodyLine: number;
}

function split(text: string): Parts {
  const opening = OPENING.exec(text);
  if (!opening) {
    const bodyStart = text.startsWith('\uFEFF') ? 1 : 0;
    return { front: '', frontLine: 1, body: text.slice(bodyStart), bodyStart, bodyLine: 1 };
  }
  const frontStart = opening[0].length;
  const closing = CLOSING.exec(text.slice(frontStart));
  if (!closing) {
    throw new ChapterError(
      'numbers',
      l10n.t(
        'The entries at the top begin with "---" but never end; write a second line "---" below them.',
      ),
    );
  }
  const front = text.slice(frontStart, frontStart + closing.index);
  const bodyStart = frontStart + closing.index + closing[0].length;
  const bodyLine = 1 + (text.slice(0, bodyStart).match(/\r\n|\r|\n/g) ?? []).length;
  return { front, frontLine: 2, body: text.slice(bodyStart), bodyStart, bodyLine };
}

function requireCount(count: number): void {
  if (count >= 2 && count <= MAX_NUMBERS) return;
  throw new ChapterError('numbers', countMessage(count));
}

function countMessage(count: number): string {
  if (count === 0) return l10n.t('There is no number in this document; write at least two.');
  if (count === 1)
    return l10n.t('A single number has nothing else to attend to; write at least two.');
  return l10n.t(
    'This document has {0} numbers; the Chapter model takes up to {1}.',
    count,
    MAX_NUMBERS,
  );
}

function requireEqualLengths(matter: FrontMatter, count: number): void {
  const lists = {
    queries: matter.queries,
    keys: matter.keys,
    values: matter.values,
    encoding: matter.encodingRow,
  };
  for (const [name, list] of Object.entries(lists)) {
    if (!list || list.length === count) continue;
    throw new ChapterError(
      'numbers',
      l10n.t(
        '"{0}" has {1} numbers, but the document has {2}; they must be as many.',
        name,
        list.length,
        count,
      ),
    );
  }
}
