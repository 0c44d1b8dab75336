import { pairsOf, range, union, type CodePointRanges } from './codePointRanges';
import { RegexError } from './regexError';

/** No case mapping lies beyond this code point. */
const LAST_CASED = 0x1e943;
/** Dotless i has the capital I, but does not fold with it. */
const DOTLESS_I = 0x131;

/** [fold of a character] → all characters with that fold, where there are several. */
let families: Map<number, number[]> | null = null;

/** The set with all characters that differ from its members by case alone. */
export function withOtherCases(set: CodePointRanges): CodePointRanges {
  families ??= findFamilies();
  const others: CodePointRanges[] = [];
  for (const members of families.values()) {
    if (members.some((code) => isIn(set, code))) others.push(...members.map((code) => range(code)));
  }
  return union(set, ...others);
}

function isIn(set: CodePointRanges, code: number): boolean {
  return pairsOf(set).some(([start, end]) => start <= code && code < end);
}

function findFamilies(): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let code = 0; code <= LAST_CASED; code++) {
    const key = foldOf(code);
    const family = found.get(key);
    if (family) family.push(code);
    else found.set(key, [code]);
  }
  for (const [key, family] of found) if (family.length === 1) found.delete(key);
  return found;
}

function foldOf(code: number): number {
  if (code === DOTLESS_I) return code;
  return single(
    single(code, (text) => text.toUpperCase()),
    (text) => text.toLowerCase(),
  );
}

/** The mapped character, or the same where it would become several. */
function single(code: number, map: (text: string) => string): number {
  const mapped = map(String.fromCodePoint(code));
  const first = mapped.codePointAt(0)!;
  return mapped.length === String.fromCodePoint(first).length ? first : code;
}

/** Spellings that can also be written with fewer characters when case is ignored: ß, ﬁ, ẖ. */
const LIGATURES = /ss|ff|fi|fl|st|\p{M}|ʼn|aʾ/iu;

/**
 * Refuses a case-insensitive spelling that the reference also finds written with a
 * ligature, or that is one.
 */
export function refuseLigatures(spelling: string): void {
  const isOne = [...spelling].some((character) => [...character.toUpperCase()].length > 1);
  if (isOne || LIGATURES.test(spelling)) throw new RegexError(`(?i:${spelling})`);
}
