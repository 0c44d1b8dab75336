/** Which tokens of two texts are the same ones. */
import { lcs } from 'fast-myers-diff';

/** What is compared at each place: the same key is the same token. */
export type AlignmentKeys = readonly number[] | readonly string[];

/**
 * Pairs of places, both lists ascending and of one length: place `tokens[i]` of the one text is
 * place `others[i]` of the other. What is in no pair has no counterpart.
 */
export interface Alignment {
  tokens: Int32Array;
  others: Int32Array;
}

/** Keys of a window's tokens: what the model reads, in documents of numbers what is written. */
export function alignmentKeys(
  tokens: readonly { id: number; text: string }[],
  numbers: boolean,
): AlignmentKeys {
  return numbers ? tokens.map(({ text }) => text) : tokens.map(({ id }) => id);
}

/**
 * A longest common subsequence of both (Myers 1986, _An O(ND) Difference Algorithm and Its
 * Variations_): no two pairs cross, only equal keys are paired, and no other choice has more
 * pairs. Of several as long it is the same one whichever text comes first.
 */
export function align(tokens: AlignmentKeys, others: AlignmentKeys): Alignment {
  if (compare(tokens, others) <= 0) return longest(tokens, others);
  const swapped = longest(others, tokens);
  return { tokens: swapped.others, others: swapped.tokens };
}

/** All places of one text paired with themselves. */
export function identity(count: number): Alignment {
  const all = Int32Array.from({ length: count }, (_, place) => place);
  return { tokens: all, others: all };
}

function longest(tokens: AlignmentKeys, others: AlignmentKeys): Alignment {
  const left: number[] = [];
  const right: number[] = [];
  const equal = (i: number, j: number): boolean => tokens[i] === others[j];
  for (const [start, other, length] of lcs([...tokens], [...others], equal))
    for (let at = 0; at < length; at++) {
      left.push(start + at);
      right.push(other + at);
    }
  return { tokens: Int32Array.from(left), others: Int32Array.from(right) };
}

/** An order of texts: negative, 0 for equal ones, or positive. */
function compare(tokens: AlignmentKeys, others: AlignmentKeys): number {
  if (tokens.length !== others.length) return tokens.length - others.length;
  for (let at = 0; at < tokens.length; at++) {
    const [one = 0, other = 0] = [tokens[at], others[at]];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
