import { Trie } from '../trie';
import type { Model, WordTokens } from './model';
import type { Vocabulary } from './vocabulary';

export interface WordPieceOptions {
  unknownId: number;
  /** What marks a token that continues a word, e.g. `##`. */
  continuingPrefix: string;
  /** A word of more code points than this is unknown. */
  maxCharactersPerWord: number;
}

/**
 * Greedy longest match from the left (Wu et al. 2016; Schuster & Nakajima 2012). A
 * word that cannot be covered to its end is one unknown token as a whole.
 */
export class WordPiece implements Model {
  private readonly beginnings = new Trie();
  private readonly continuations = new Trie();

  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly options: WordPieceOptions,
  ) {
    const { continuingPrefix } = options;
    for (const [text, id] of vocabulary.entries()) {
      this.beginnings.add(text, id);
      if (text.startsWith(continuingPrefix)) {
        this.continuations.add(text.slice(continuingPrefix.length), id);
      }
    }
  }

  get size(): number {
    return this.vocabulary.size;
  }

  get count(): number {
    return this.vocabulary.count;
  }

  idOf(token: string): number | undefined {
    return this.vocabulary.idOf(token);
  }

  textOf(id: number): string | undefined {
    return this.vocabulary.textOf(id);
  }

  tokenize(word: string): WordTokens {
    if (this.isTooLong(word)) return this.unknown(word);
    const tokens: number[] = [];
    for (let at = 0; at < word.length; ) {
      const end = this.matchInto(tokens, word, at);
      if (end < 0) return this.unknown(word);
      at = end;
    }
    return tokens;
  }

  /** Appends the longest token that starts at `start` and returns its end, or −1. */
  private matchInto(tokens: number[], word: string, start: number): number {
    const trie = start === 0 ? this.beginnings : this.continuations;
    let node = Trie.root;
    let id = -1;
    let end = -1;
    for (let at = start; at < word.length; at++) {
      node = trie.step(node, word.charCodeAt(at));
      if (node < 0) break;
      const value = trie.value(node);
      if (value < 0) continue;
      id = value;
      end = at + 1;
    }
    if (end >= 0) tokens.push(id, start, end);
    return end;
  }

  private isTooLong(word: string): boolean {
    const limit = this.options.maxCharactersPerWord;
    if (word.length <= limit) return false;
    // At most two units a code point: beyond that there is nothing to count.
    return word.length > 2 * limit || [...word].length > limit;
  }

  private unknown(word: string): WordTokens {
    return [this.options.unknownId, 0, word.length];
  }
}
