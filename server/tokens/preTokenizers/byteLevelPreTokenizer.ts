import { Regex } from '../regex/regex';
import { isLowSurrogate, type Piece, type TracedText } from '../tracedText';
import { TracedTextBuilder } from '../tracedTextBuilder';
import { byteLetters } from '../unicode/byteLetters';
import type { Cut, PreTokenizer } from './preTokenizer';

/** Contractions, words, numbers and punctuation with the space before them (Radford et al. 2019). */
const WORDS = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const SPACE = 0x20;
const CONTINUATION = 0x80;

export interface ByteLevelOptions {
  /** Put a space in front of what does not start with one. */
  addPrefixSpace: boolean;
  /** Split into words first. */
  splitWords: boolean;
}

/** Spells the bytes of every character as letters, each with the range of the character. */
export class ByteLevelPreTokenizer implements PreTokenizer {
  readonly cut: Cut;
  private readonly words: Regex | null;

  constructor(private readonly options: ByteLevelOptions) {
    this.words = options.splitWords ? new Regex(WORDS) : null;
    // Spelled as letters, spaces tell those behind it nothing.
    this.cut = this.words ? 'beforeSpace' : 'none';
  }

  split(piece: Piece): Piece[] {
    return this.splitAll([piece]);
  }

  splitAll(pieces: readonly Piece[]): Piece[] {
    const units = pieces.reduce((sum, { from, to }) => sum + to - from, 0);
    const out = new TracedTextBuilder(units + pieces.length);
    const ends: number[] = [];
    for (const piece of pieces) this.spell(piece, out, ends);
    const of = out.finish();
    return ends.map((to, index) => ({ of, from: ends[index - 1] ?? 0, to }));
  }

  private spell(piece: Piece, out: TracedTextBuilder, ends: number[]): void {
    const { of, from, to } = this.withPrefix(piece);
    if (!this.words) {
      pushLetters(of, from, to, out);
      ends.push(out.size);
      return;
    }
    // Every character is in a match.
    for (const { start, end } of this.words.matches(of.text, from, to)) {
      pushLetters(of, start, end, out);
      ends.push(out.size);
    }
  }

  private withPrefix(piece: Piece): Piece {
    const { of, from, to } = piece;
    if (!this.options.addPrefixSpace || of.text.charCodeAt(from) === SPACE) return piece;
    const out = new TracedTextBuilder(to - from + 1);
    out.pushUnit(SPACE, of.starts[from]!, of.ends[from]!);
    out.pushTraced(of, from, to);
    const prefixed = out.finish();
    return { of: prefixed, from: 0, to: prefixed.text.length };
  }
}

function pushLetters(
  { text, starts, ends }: TracedText,
  from: number,
  to: number,
  out: TracedTextBuilder,
): void {
  for (let at = from; at < to; at++) {
    const code = text.codePointAt(at)!;
    const start = starts[at]!;
    const end = ends[at]!;
    const push = (byte: number) => out.pushUnit(byteLetters[byte]!, start, end);
    if (code < 0x80) push(code);
    else {
      if (code < 0x800) push(0xc0 | (code >> 6));
      else {
        if (code < 0x10000) push(0xe0 | (code >> 12));
        else {
          push(0xf0 | (code >> 18));
          push(CONTINUATION | ((code >> 12) & 0x3f));
        }
        push(CONTINUATION | ((code >> 6) & 0x3f));
      }
      push(CONTINUATION | (code & 0x3f));
      if (isLowSurrogate(text.charCodeAt(at + 1)) && code > 0xffff) at++;
    }
  }
}
