import type { Encoding } from '../tokenizer';
import { isHighSurrogate, isLowSurrogate } from '../tracedText';
import { SPACE_LETTER } from '../unicode/byteLetters';
import { isWhiteSpace } from '../unicode/classes';
import type { SpaceTrim } from './template';

interface Spaces {
  readonly leading: number;
  readonly trailing: number;
}

/**
 * Takes the spaces that a token starts and ends with out of its range. As in the
 * reference, they are counted in the token as the vocabulary writes it.
 */
export class SpaceTrimmer {
  private readonly known = new Map<number, Spaces>();

  constructor(
    private readonly trims: readonly SpaceTrim[],
    private readonly tokenText: (id: number) => string,
    /** Added tokens are as long as what they took of the text, spaces included. */
    private readonly isAdded: (id: number) => boolean,
  ) {}

  /** Changes the ranges of the tokens of `text`. */
  apply(encoding: Encoding, text: string): void {
    for (const trim of this.trims) {
      encoding.ids.forEach((id, index) => {
        const { starts, ends } = encoding;
        const spaces = this.isAdded(id)
          ? spacesIn(text.slice(starts[index], ends[index]))
          : this.spacesOf(id);
        if (spaces.leading > 0 || spaces.trailing > 0) trimOne(encoding, index, spaces, trim, text);
      });
    }
  }

  private spacesOf(id: number): Spaces {
    let spaces = this.known.get(id);
    if (!spaces) {
      spaces = spacesIn(this.tokenText(id));
      this.known.set(id, spaces);
    }
    return spaces;
  }
}

function spacesIn(token: string): Spaces {
  const characters = [...token];
  const leading = characters.findIndex((character) => !isSpace(character));
  const trailing = [...characters].reverse().findIndex((character) => !isSpace(character));
  const all = characters.length;
  return { leading: leading < 0 ? all : leading, trailing: trailing < 0 ? all : trailing };
}

function trimOne(
  { starts, ends }: Encoding,
  index: number,
  { leading, trailing }: Spaces,
  { keepsPrefixSpace, tokensBefore }: SpaceTrim,
  text: string,
): void {
  const isFirst = index + tokensBefore === 0 || starts[index] === 0;
  // Where there are several, none of them was put there.
  const skipped = isFirst && keepsPrefixSpace && leading === 1 ? 0 : leading;
  const start = Math.min(forward(text, starts[index]!, skipped), ends[index]!);
  starts[index] = start;
  const end = backward(text, ends[index]!, trailing);
  if (end >= 0) ends[index] = Math.max(end, start);
}

function isSpace(character: string): boolean {
  return character === SPACE_LETTER || isWhiteSpace(character);
}

/** So many code points on, or the end of the text. */
function forward(text: string, from: number, codePoints: number): number {
  let at = from;
  for (let count = 0; count < codePoints && at < text.length; count++) {
    at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  }
  return at;
}

/** So many code points back, or −1 if there are not so many. */
function backward(text: string, from: number, codePoints: number): number {
  let at = from;
  for (let count = 0; count < codePoints && at >= 0; count++) {
    at--;
    if (isLowSurrogate(text.charCodeAt(at)) && isHighSurrogate(text.charCodeAt(at - 1))) at--;
  }
  return at;
}
