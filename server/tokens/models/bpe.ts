import { ByteTokens } from './byteTokens';
import type { MergeTable } from './mergeTable';
import type { Model, WordTokens } from './model';
import { SymbolList } from './symbolList';
import { Seams } from './seams';
import type { Vocabulary } from './vocabulary';

export interface BpeOptions {
  /** Stands for characters that are not in the vocabulary; without it they vanish. */
  unknownId: number | null;
  /** Whether unknown characters in a row are one token. */
  fuseUnknown: boolean;
  /** Whether a character that is not in the vocabulary becomes its bytes' tokens. */
  byteFallback: boolean;
  /** Whether a word that is in the vocabulary is one token, however its parts merge. */
  ignoreMerges: boolean;
  /** What marks a symbol that continues a word, or that ends one; may be empty. */
  continuingPrefix: string;
  endOfWordSuffix: string;
}

/** A longer word is taken apart where no token reaches over. */
const LONG_WORD = 64;

/** Byte pair encoding (Sennrich et al. 2016), over bytes spelled as letters or over characters. */
export class Bpe implements Model {
  private readonly bytes: ByteTokens;
  private readonly seams: Seams | null;

  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly merges: MergeTable,
    private readonly options: BpeOptions,
  ) {
    this.bytes = new ByteTokens((token) => vocabulary.idOf(token));
    const plain = options.continuingPrefix === '' && options.endOfWordSuffix === '';
    this.seams = plain ? new Seams(vocabulary) : null;
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
    if (this.options.ignoreMerges) {
      const id = this.vocabulary.idOf(word);
      if (id !== undefined) return [id, 0, word.length];
    }
    const tokens: number[] = [];
    let start = 0;
    while (start < word.length) {
      const end = this.partEnd(word, start);
      this.mergePart(word, start, end, tokens);
      start = end;
    }
    return tokens;
  }

  private partEnd(word: string, start: number): number {
    if (!this.seams || word.length <= LONG_WORD) return word.length;
    return this.seams.next(word, start);
  }

  /** Appends the tokens of `[from, to)`, of which no token reaches out. */
  private mergePart(word: string, from: number, to: number, tokens: number[]): void {
    const symbols = new SymbolList();
    this.addSymbols(word, from, to, symbols);
    symbols.merge(this.merges);
    for (let at = 0; at < symbols.ids.length; at++) {
      const id = symbols.ids[at]!;
      const last = tokens.length - 3;
      const fuses = this.options.fuseUnknown && id === this.options.unknownId;
      if (at === 0 && fuses && tokens[last] === id && tokens[last + 2] === symbols.starts[at]) {
        tokens[last + 2] = symbols.ends[at]!;
      } else {
        tokens.push(id, symbols.starts[at]!, symbols.ends[at]!);
      }
    }
  }

  private addSymbols(word: string, from: number, to: number, symbols: SymbolList): void {
    const { unknownId, fuseUnknown, byteFallback } = this.options;
    let unknownFrom = -1;
    for (let at = from; at < to;) {
      const end = at + (word.codePointAt(at)! > 0xffff ? 2 : 1);
      const spelling = this.spellingOf(word, at, end);
      const id = this.vocabulary.idOf(spelling);
      const bytes = id === undefined && byteFallback ? this.bytes.of(spelling) : null;
      const isUnknown = id === undefined && !bytes;
      if (unknownFrom >= 0 && (!isUnknown || !fuseUnknown)) {
        symbols.push(unknownId!, unknownFrom, at);
        unknownFrom = -1;
      }
      if (id !== undefined) symbols.push(id, at, end);
      else if (bytes) for (const byte of bytes) symbols.push(byte, at, end);
      else if (unknownId !== null && unknownFrom < 0) unknownFrom = at;
      at = end;
    }
    if (unknownFrom >= 0) symbols.push(unknownId!, unknownFrom, to);
  }

  private spellingOf(word: string, start: number, end: number): string {
    const { continuingPrefix, endOfWordSuffix } = this.options;
    const prefix = start > 0 ? continuingPrefix : '';
    const suffix = end === word.length ? endOfWordSuffix : '';
    return prefix + word.slice(start, end) + suffix;
  }
}
