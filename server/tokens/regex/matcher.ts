import { isHighSurrogate, isLowSurrogate } from '../tracedText';
import { CharacterSet } from './characterSet';
import type { Instruction } from './program';
import { newline, wordCharacter } from './properties';
import { RegexLimitError } from './regexError';
import type { Assertion } from './syntaxTree';

const NO_MATCH = -1;
const NEWLINE = newline[0]!;

/** Steps that any search may take, and how many more for each unit of text. */
const BASE_STEPS = 100_000;
const STEPS_PER_UNIT = 64;

/**
 * Runs a program over a stretch of a text, backtracking as Oniguruma does. What it
 * does is counted, so that no pattern can take longer than a multiple of the text.
 */
export class Matcher {
  private steps = 0;
  private limit = 0;
  private text = '';
  private from = 0;
  private to = 0;
  /** Per entry: where to go on, from which position, and down to which it may go back. */
  private stack = new Int32Array(3 * 256);
  private top = 0;
  private wordSet: CharacterSet | null = null;

  constructor(private readonly code: readonly Instruction[]) {}

  /** Where matches are sought from now on; also starts counting anew. */
  over(text: string, from: number, to: number): void {
    this.text = text;
    this.from = from;
    this.to = to;
    this.steps = 0;
    this.limit = BASE_STEPS + STEPS_PER_UNIT * (to - from);
    this.top = 0;
  }

  /** The end of the match that starts at `position`, or −1. */
  matchAt(position: number): number {
    return this.run(0, position);
  }

  private run(start: number, position: number): number {
    const bottom = this.top;
    let place = start;
    let at = position;
    for (;;) {
      if (++this.steps > this.limit) throw new RegexLimitError();
      const instruction = this.code[place]!;
      let matched = true;
      switch (instruction.op) {
        case 'character': {
          const next = this.after(instruction.set, at);
          if (next < 0) matched = false;
          else at = next;
          place++;
          break;
        }
        case 'run': {
          at = this.takeRun(instruction, place, at);
          matched = at >= 0;
          place++;
          break;
        }
        case 'try':
          this.push(instruction.second, at, at);
          place = instruction.first;
          break;
        case 'jump':
          place = instruction.to;
          break;
        case 'expect':
          place = this.after(instruction.set, at) < 0 ? instruction.otherwise : place + 1;
          break;
        case 'look':
          matched = this.looks(instruction, at);
          place = instruction.next;
          break;
        case 'atomic':
          at = this.run(instruction.body, at);
          matched = at >= 0;
          place = instruction.next;
          break;
        case 'assertion':
          matched = this.holds(instruction.assertion, at);
          place++;
          break;
        case 'done':
          this.top = bottom;
          return at;
      }
      if (matched) continue;
      if (this.top === bottom) return NO_MATCH;
      const entry = this.top - 3;
      place = this.stack[entry]!;
      at = this.stack[entry + 1]!;
      if (at > this.stack[entry + 2]!) this.stack[entry + 1] = this.before(at);
      else this.top = entry;
    }
  }

  /** The position behind the character at `at` if the set has it, else −1. */
  private after(set: CharacterSet, at: number): number {
    if (at >= this.to) return NO_MATCH;
    const code = this.text.codePointAt(at)!;
    return set.has(code) ? at + (code > 0xffff ? 2 : 1) : NO_MATCH;
  }

  private before(at: number): number {
    const pair =
      at - 2 >= this.from &&
      isLowSurrogate(this.text.charCodeAt(at - 1)) &&
      isHighSurrogate(this.text.charCodeAt(at - 2));
    return pair ? at - 2 : at - 1;
  }

  private takeRun(
    { set, min, max, keep }: Extract<Instruction, { op: 'run' }>,
    place: number,
    start: number,
  ): number {
    let at = start;
    let least = min === 0 ? start : NO_MATCH;
    let count = 0;
    while (count < max) {
      const next = this.after(set, at);
      if (next < 0) break;
      at = next;
      if (++count === min) least = at;
    }
    this.steps += count;
    if (count < min) return NO_MATCH;
    if (!keep && at > least) this.push(place + 1, this.before(at), least);
    return at;
  }

  private push(place: number, at: number, least: number): void {
    if (this.top + 3 > this.stack.length) {
      const stack = new Int32Array(this.stack.length * 2);
      stack.set(this.stack);
      this.stack = stack;
    }
    this.stack[this.top++] = place;
    this.stack[this.top++] = at;
    this.stack[this.top++] = least;
  }

  private looks(
    { body, negative, behind }: Extract<Instruction, { op: 'look' }>,
    at: number,
  ): boolean {
    let start = at;
    for (let count = 0; count < behind; count++) {
      if (start <= this.from) return negative;
      start = this.before(start);
    }
    return this.run(body, start) >= 0 !== negative;
  }

  private holds(assertion: Assertion, at: number): boolean {
    switch (assertion) {
      case 'textStart':
        return at === this.from;
      case 'textEnd':
        return at === this.to;
      case 'lineStart':
        return at === this.from || (at < this.to && this.isNewline(at - 1));
      case 'lineEnd':
        return at === this.to || this.isNewline(at);
      case 'lastLineEnd':
        return at === this.to || (at === this.to - 1 && this.isNewline(at));
      case 'wordEdge':
        return this.isWord(at) !== this.isWordBefore(at);
      case 'noWordEdge':
        return this.isWord(at) === this.isWordBefore(at);
    }
  }

  private isNewline(at: number): boolean {
    return this.text.charCodeAt(at) === NEWLINE;
  }

  private isWord(at: number): boolean {
    this.wordSet ??= new CharacterSet(wordCharacter());
    return this.after(this.wordSet, at) >= 0;
  }

  private isWordBefore(at: number): boolean {
    return at > this.from && this.isWord(this.before(at));
  }
}
