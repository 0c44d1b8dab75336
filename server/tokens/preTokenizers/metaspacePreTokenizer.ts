import type { Piece } from '../tracedText';
import { TracedTextBuilder } from '../tracedTextBuilder';
import type { Cut, PreTokenizer } from './preTokenizer';

export const PREPEND_SCHEMES = ['always', 'first', 'never'] as const;
export type PrependScheme = (typeof PREPEND_SCHEMES)[number];

export interface MetaspaceOptions {
  /** One character that stands for a space, usually ▁. */
  replacement: string;
  /** Which pieces get one in front: all, the one at the start of the text, or none. */
  prependScheme: PrependScheme;
  /** Whether every replacement starts a piece. */
  split: boolean;
}

/**
 * Makes spaces visible, as SentencePiece does. What is put in front has the range of
 * the character behind it, as in the reference.
 */
export class MetaspacePreTokenizer implements PreTokenizer {
  readonly cut: Cut;
  readonly positional: boolean;

  constructor(private readonly options: MetaspaceOptions) {
    this.cut = options.split ? 'beforeSpace' : 'none';
    this.positional = options.prependScheme === 'first';
  }

  split(piece: Piece): Piece[] {
    return this.splitAll([piece]);
  }

  splitAll(pieces: readonly Piece[]): Piece[] {
    const units = pieces.reduce((sum, { from, to }) => sum + to - from, 0);
    const out = new TracedTextBuilder(units + pieces.length);
    const ends: number[] = [];
    for (const piece of pieces) this.write(piece, out, ends);
    const of = out.finish();
    return ends.map((to, index) => ({ of, from: ends[index - 1] ?? 0, to }));
  }

  private write({ of, from, to }: Piece, out: TracedTextBuilder, ends: number[]): void {
    const { replacement, split } = this.options;
    const first = String.fromCodePoint(of.text.codePointAt(from)!);
    const starts = first === ' ' || first === replacement;
    if (!starts && this.prepends(of.starts[from]!)) {
      out.pushText(replacement, of.starts[from]!, of.ends[from]!);
    }
    for (let at = from; at < to;) {
      const isSpace = of.text.charAt(at) === ' ';
      const isMark = isSpace || of.text.startsWith(replacement, at);
      if (isMark && at > from && split) ends.push(out.size);
      if (isSpace) {
        out.pushText(replacement, of.starts[at]!, of.ends[at]!);
        at++;
      } else {
        const next = at + (isMark ? replacement.length : 1);
        out.pushTraced(of, at, next);
        at = next;
      }
    }
    ends.push(out.size);
  }

  private prepends(start: number): boolean {
    const { prependScheme } = this.options;
    return prependScheme === 'always' || (prependScheme === 'first' && start === 0);
  }
}
