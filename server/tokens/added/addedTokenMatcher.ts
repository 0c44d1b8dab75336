import { isHighSurrogate, isLowSurrogate } from '../tracedText';
import { Trie } from '../trie';
import { isWhiteSpace, isWordCharacter } from '../unicode/classes';
import type { AddedToken } from './addedToken';

/** A stretch of a text: an added token, or text between added tokens (`token` is null). */
export interface Section {
  readonly token: AddedToken | null;
  readonly from: number;
  readonly to: number;
}

/** An added token and the text it is spelled with where it is looked for. */
export interface Spelled {
  readonly token: AddedToken;
  readonly spelling: string;
}

/** Finds added tokens: leftmost first, the longest of those that start at one place. */
export class AddedTokenMatcher {
  private readonly trie = new Trie();
  private readonly tokens: readonly Spelled[];

  constructor(tokens: readonly Spelled[]) {
    this.tokens = tokens.filter(({ spelling }) => spelling !== '');
    this.tokens.forEach(({ spelling }, index) => this.trie.add(spelling, index));
  }

  get isEmpty(): boolean {
    return this.tokens.length === 0;
  }

  /** Sections that tile the text, none of them empty. */
  split(text: string): Section[] {
    const sections: Section[] = [];
    let done = 0;
    for (let at = 0; at < text.length;) {
      const match = this.longestAt(text, at);
      if (!match) {
        at++;
        continue;
      }
      const end = at + match.spelling.length;
      const { token } = match;
      if (!token.singleWord || standsAlone(text, at, end)) {
        // Whitespace that the token before took is not taken twice.
        const from = token.lstrip ? Math.max(done, skipSpaceLeft(text, at)) : at;
        const to = token.rstrip ? skipSpaceRight(text, end) : end;
        if (done < from) sections.push({ token: null, from: done, to: from });
        // A token of nothing but whitespace can lie whole in what the one before took.
        if (from < to) {
          sections.push({ token, from, to });
          done = to;
        }
      }
      at = end;
    }
    if (done < text.length) sections.push({ token: null, from: done, to: text.length });
    return sections;
  }

  /** Every token that is spelled out at this place, whether or not it would be chosen. */
  *allAt(text: string, start: number): Generator<Spelled> {
    let node = Trie.root;
    for (let at = start; at < text.length; at++) {
      node = this.trie.step(node, text.charCodeAt(at));
      if (node < 0) return;
      const index = this.trie.value(node);
      if (index >= 0) yield this.tokens[index]!;
    }
  }

  private longestAt(text: string, start: number): Spelled | null {
    let node = Trie.root;
    let found = -1;
    for (let at = start; at < text.length; at++) {
      node = this.trie.step(node, text.charCodeAt(at));
      if (node < 0) break;
      const index = this.trie.value(node);
      if (index >= 0) found = index;
    }
    return found < 0 ? null : this.tokens[found]!;
  }
}

function standsAlone(text: string, start: number, end: number): boolean {
  const before = start > 0 && isWordCharacter(characterBefore(text, start));
  const after = end < text.length && isWordCharacter(String.fromCodePoint(text.codePointAt(end)!));
  return !before && !after;
}

function characterBefore(text: string, at: number): string {
  const pair =
    at > 1 && isLowSurrogate(text.charCodeAt(at - 1)) && isHighSurrogate(text.charCodeAt(at - 2));
  return text.slice(pair ? at - 2 : at - 1, at);
}

function skipSpaceLeft(text: string, end: number): number {
  let at = end;
  while (at > 0 && isWhiteSpace(text.charAt(at - 1))) at--;
  return at;
}

function skipSpaceRight(text: string, start: number): number {
  let at = start;
  while (at < text.length && isWhiteSpace(text.charAt(at))) at++;
  return at;
}
