import { RegexError } from './regexError';

const EXCERPT = 24;

/** Reads a pattern code point by code point. */
export class PatternReader {
  private readonly characters: readonly string[];
  private at = 0;

  constructor(pattern: string) {
    this.characters = Array.from(pattern);
  }

  /** The character `ahead` of the next one, or an empty text at the end. */
  peek(ahead = 0): string {
    return this.characters[this.at + ahead] ?? '';
  }

  next(): string {
    return this.characters[this.at++] ?? '';
  }

  /** Moves past `text` if it comes next. */
  take(text: string): boolean {
    for (let index = 0; index < text.length; index++) {
      if (this.characters[this.at + index] !== text[index]) return false;
    }
    this.at += text.length;
    return true;
  }

  /** All up to `end`, and moves past it. */
  until(end: string): string {
    let text = '';
    while (!this.take(end)) {
      const character = this.next();
      if (character === '') throw new RegexError(this.around());
      text += character;
    }
    return text;
  }

  /** The number in decimal digits that comes next, or null. */
  number(): number | null {
    let digits = '';
    while (/^[0-9]$/.test(this.peek())) digits += this.next();
    return digits === '' ? null : Number(digits);
  }

  /** Where reading stopped, to be able to look back. */
  get position(): number {
    return this.at;
  }

  goTo(position: number): void {
    this.at = position;
  }

  /** What stands around here, for a message. */
  around(): string {
    const start = Math.max(0, this.at - EXCERPT / 2);
    return this.characters.slice(start, start + EXCERPT).join('');
  }
}
