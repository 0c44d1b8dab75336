import type { AddedTokenMatcher } from './added/addedTokenMatcher';
import type { Stages } from './pipeline';
import { isLowSurrogate, trace } from './tracedText';
import { isWhiteSpace } from './unicode/classes';

/** All of White_Space, a property that Unicode has closed; every one is a single unit. */
const WHITE_SPACES =
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';

/** Of ASCII. */
const VISIBLE = /^[!-~]$/;

/** Units that say what becomes of the last of them. */
const CONTEXT = 32;

/** Finds where a text may be cut in two that are encoded apart. */
export class CutFinder {
  /** Whitespace that still is whitespace after normalization, so that it ends a word. */
  private readonly separators: ReadonlySet<string>;
  /** Whether the place between a visible character of ASCII and a space is one. */
  private readonly beforeSpaces: boolean;
  /** Longest spelling of the added tokens that could reach over whitespace; 0 without any. */
  private readonly reach: number;

  constructor(private readonly stages: Stages) {
    const { normalizer, preTokenizer, added, template } = stages;
    const { cut } = preTokenizer;
    const behind = normalizer.local && cut === 'behindWhitespace' && template.trims.length === 0;
    this.separators = new Set(
      [...WHITE_SPACES].filter((space) => behind && this.isSpace(this.normal(space))),
    );
    this.beforeSpaces =
      !behind &&
      (normalizer.localBeforeSpace ?? normalizer.local) &&
      (cut === 'behindWhitespace' || cut === 'beforeSpace') &&
      // The first token of a text keeps a space that others lose.
      template.trims.every(({ keepsPrefixSpace }) => !keepsPrefixSpace) &&
      this.normal(' ') === ' ';
    const reaching = added.spelled.filter(
      ({ token, spelling }) =>
        token.lstrip || token.rstrip || [...spelling].some((character) => isWhiteSpace(character)),
    );
    this.reach = Math.max(0, ...reaching.map(({ spelling }) => spelling.length));
  }

  /** The greatest cut in `(from, to]`, or −1. */
  lastCut(text: string, from: number, to: number): number {
    if (this.separators.size === 0 && !this.beforeSpaces) return -1;
    for (let cut = Math.min(to, text.length); cut > from; cut--) {
      if (!this.separators.has(text.charAt(cut - 1)) && !this.isBeforeSpace(text, cut)) continue;
      if (this.reach === 0 || this.isOutsideTokens(text, cut)) return cut;
    }
    return -1;
  }

  private isBeforeSpace(text: string, cut: number): boolean {
    if (!this.beforeSpaces || text.charAt(cut) !== ' ') return false;
    if (!VISIBLE.test(text.charAt(cut - 1))) return false;
    // Where the first character falls away, the reference moves the ranges of what follows.
    if (this.normal(text.slice(0, isLowSurrogate(text.charCodeAt(1)) ? 2 : 1)) === '') return false;
    // It could be part of a longer character, and become another.
    return VISIBLE.test(this.normal(text.slice(Math.max(0, cut - CONTEXT), cut)).slice(-1));
  }

  /**
   * Whether no added token could be spelled across the cut or take whitespace across
   * it. Stricter than needed, since it asks for all occurrences, chosen or not.
   */
  private isOutsideTokens(text: string, cut: number): boolean {
    const left = text.slice(this.leftEnd(text, cut), cut);
    const right = text.slice(cut, this.rightEnd(text, cut));
    const normalLeft = this.normal(left);
    const normalRight = this.normal(right);
    // Whitespace on both sides could belong to one token that strips.
    if (!this.beforeSpaces && (startsWithSpace(right) || startsWithSpace(normalRight)))
      return false;
    return (
      !this.reachesOver(this.stages.added.asWritten, left, right) &&
      !this.reachesOver(this.stages.added.normalized, normalLeft, normalRight)
    );
  }

  private reachesOver(matcher: AddedTokenMatcher, left: string, right: string): boolean {
    const joined = left + right;
    const cut = left.length;
    for (let start = Math.max(0, cut - this.reach); start <= cut; start++) {
      for (const { token, spelling } of matcher.allAt(joined, start)) {
        const end = start + spelling.length;
        // A token that ends at the cut would lose the neighbour that it must stand apart from.
        if (start < cut && end >= cut) return true;
        if (start === cut && (token.lstrip || token.singleWord)) return true;
      }
    }
    return false;
  }

  /** Far enough to the left to hold a token's spelling, whatever normalization drops. */
  private leftEnd(text: string, cut: number): number {
    for (let width = 2 * this.reach; ; width *= 2) {
      const start = cut - width;
      if (start <= 0) return 0;
      if (isLowSurrogate(text.charCodeAt(start))) continue;
      if (this.normal(text.slice(start, cut)).length >= this.reach) return start;
    }
  }

  private rightEnd(text: string, cut: number): number {
    for (let width = 2 * this.reach; ; width *= 2) {
      const end = cut + width;
      if (end >= text.length) return text.length;
      if (isLowSurrogate(text.charCodeAt(end))) continue;
      if (this.normal(text.slice(cut, end)).length >= this.reach) return end;
    }
  }

  private normal(text: string): string {
    return this.stages.normalizer.normalize(trace(text)).text;
  }

  private isSpace(text: string): boolean {
    return text !== '' && [...text].every((character) => isWhiteSpace(character));
  }
}

function startsWithSpace(text: string): boolean {
  return text !== '' && isWhiteSpace(text.charAt(0));
}
