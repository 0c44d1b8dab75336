/**
 * What the text says of a window's tokens, for the statistics of heads on code. It is read
 * off the characters alone, in every language alike: strings and comments count as code.
 */
import type { TextStructure } from '../engine/protocol';
import { windowSpan, type WindowTokens } from './windowTokens';

type Places = Pick<WindowTokens, 'starts' | 'ends'>;

/** UTF-16 offsets, half-open. */
interface Stretch {
  start: number;
  end: number;
}

/** A run of letters, digits and _ that begins with no digit. */
const IDENTIFIER = /(?<![\p{L}\p{M}\p{N}_])[\p{L}_][\p{L}\p{M}\p{N}_]*/gu;
const IN_IDENTIFIER = /[\p{L}\p{M}\p{N}_]/u;
const LINE_BREAK = /\r\n|\r|\n/g;
const PARTNERS: { readonly [close: string]: string } = { ')': '(', ']': '[', '}': '{' };
const OPENING = new Set(Object.values(PARTNERS));

/** `text` is the document's, which the offsets of the tokens count in. */
export function textStructure(window: Places, text: string): TextStructure {
  const [start, end] = windowSpan(window);
  return {
    ...identifiersOf(window, identifierStretches(text, start, end)),
    brackets: bracketPairs(window, text, start, end),
    lineBreaks: lineBreaks(window, text, start, end),
  };
}

/** Whole identifiers, also where the window begins or ends inside of one. */
function identifierStretches(
  text: string,
  from: number,
  to: number,
): (Stretch & { name: string })[] {
  let [start, end] = [from, to];
  while (start > 0 && IN_IDENTIFIER.test(text[start - 1]!)) start--;
  while (end < text.length && IN_IDENTIFIER.test(text[end]!)) end++;
  return Array.from(text.slice(start, end).matchAll(IDENTIFIER), ({ 0: name, index }) => ({
    name,
    start: start + index,
    end: start + index + name.length,
  }));
}

/** A token is a piece of the first identifier that it shares a character with. */
function identifiersOf(
  { starts, ends }: Places,
  stretches: readonly (Stretch & { name: string })[],
): Pick<TextStructure, 'identifiers' | 'occurrences'> {
  const identifiers = new Int32Array(starts.length).fill(-1);
  const occurrences = new Int32Array(starts.length).fill(-1);
  const numbers = new Map<string, number>();
  let at = 0;
  starts.forEach((start, token) => {
    if (start < 0) return;
    while (at < stretches.length && stretches[at]!.end <= start) at++;
    const stretch = stretches[at];
    if (!stretch || stretch.start >= ends[token]!) return;
    const number = numbers.get(stretch.name) ?? numbers.size;
    numbers.set(stretch.name, number);
    identifiers[token] = number;
    occurrences[token] = at;
  });
  return { identifiers, occurrences };
}

/**
 * Pairs by nesting over (), [] and {}. A bracket that closes nothing is passed over; one that
 * is still open when a bracket around it closes has no partner.
 */
function bracketPairs(places: Places, text: string, from: number, to: number): Int32Array {
  const tokenAt = ascendingLookup(places);
  const open: { bracket: string; token: number | undefined }[] = [];
  const pairs: number[] = [];
  for (let offset = from; offset < to; offset++) {
    const bracket = text[offset]!;
    const partner = PARTNERS[bracket];
    if (partner === undefined && !OPENING.has(bracket)) continue;
    const token = tokenAt(offset).holds;
    if (partner === undefined) open.push({ bracket, token });
    else {
      const index = open.findLastIndex((each) => each.bracket === partner);
      if (index < 0) continue;
      const opened = open[index]!.token;
      open.length = index;
      if (opened !== undefined && token !== undefined) pairs.push(opened, token);
    }
  }
  return Int32Array.from(pairs);
}

/**
 * A line break is stood for by the token that holds it or, where the tokenizer leaves it out,
 * by the last token before it.
 */
function lineBreaks(places: Places, text: string, from: number, to: number): Int32Array {
  const tokenAt = ascendingLookup(places);
  const blank = /^\s*/.exec(text.slice(to, to + 1000))?.[0].length ?? 0;
  const tokens = new Set<number>();
  for (const { index } of text.slice(from, to + blank).matchAll(LINE_BREAK)) {
    const { holds, before } = tokenAt(from + index);
    const token = holds ?? before;
    if (token !== undefined) tokens.add(token);
  }
  return Int32Array.from(tokens);
}

/** Finds the tokens at offsets that are asked for in ascending order. */
function ascendingLookup({
  starts,
  ends,
}: Places): (offset: number) => { holds: number | undefined; before: number | undefined } {
  let token = 0;
  let before: number | undefined;
  return (offset) => {
    for (; token < starts.length && (starts[token]! < 0 || ends[token]! <= offset); token++) {
      if (starts[token]! >= 0) before = token;
    }
    const holds = token < starts.length && starts[token]! <= offset ? token : undefined;
    return { holds, before };
  };
}
