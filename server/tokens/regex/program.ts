import { CharacterSet, isLarge } from './characterSet';
import type { CodePointRanges } from './codePointRanges';
import { firstOf } from './neighbours';
import { RegexError } from './regexError';
import { isNullable, type Assertion, type RegexNode } from './syntaxTree';

/** What the matcher does at one place of the program; numbers are places of instructions. */
export type Instruction =
  | { readonly op: 'character'; readonly set: CharacterSet }
  /** Takes as many as it can and gives back one by one; `keep` gives nothing back. */
  | {
      readonly op: 'run';
      readonly set: CharacterSet;
      readonly min: number;
      readonly max: number;
      readonly keep: boolean;
    }
  | { readonly op: 'try'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  /** Goes on elsewhere unless the next character is in the set. */
  | { readonly op: 'expect'; readonly set: CharacterSet; readonly otherwise: number }
  | {
      readonly op: 'look';
      readonly body: number;
      readonly negative: boolean;
      readonly behind: number;
      readonly next: number;
    }
  | { readonly op: 'atomic'; readonly body: number; readonly next: number }
  | { readonly op: 'assertion'; readonly assertion: Assertion }
  | { readonly op: 'done' };

/** Real patterns need some hundred at most. */
const MAX_INSTRUCTIONS = 20_000;
/** Each takes some kilobytes. */
const MAX_SETS = 60;

/** @throws RegexError if the pattern is too large, or repeats what may be empty */
export function compile(node: RegexNode): readonly Instruction[] {
  const compiler = new Compiler();
  compiler.emit(node);
  compiler.add({ op: 'done' });
  return compiler.code;
}

class Compiler {
  readonly code: Instruction[] = [];
  private largeSets = 0;
  private readonly sets = new Map<CodePointRanges, CharacterSet>();

  emit(node: RegexNode): void {
    switch (node.kind) {
      case 'character':
        this.add({ op: 'character', set: this.set(node.set) });
        break;
      case 'sequence':
        for (const part of node.parts) this.emit(part);
        break;
      case 'choice':
        this.choice(node.options);
        break;
      case 'repeat':
        this.repeat(node);
        break;
      case 'atomic':
        this.atomic(() => this.emit(node.body));
        break;
      case 'look':
        this.look(node);
        break;
      case 'assertion':
        this.add({ op: 'assertion', assertion: node.assertion });
        break;
    }
  }

  add(instruction: Instruction): number {
    if (this.code.length >= MAX_INSTRUCTIONS) throw new RegexError('{…}');
    return this.code.push(instruction) - 1;
  }

  private set(ranges: CodePointRanges): CharacterSet {
    let set = this.sets.get(ranges);
    if (!set) {
      if (isLarge(ranges) && ++this.largeSets > MAX_SETS) throw new RegexError('[…]');
      set = new CharacterSet(ranges);
      this.sets.set(ranges, set);
    }
    return set;
  }

  private choice(options: readonly RegexNode[]): void {
    const ends: number[] = [];
    options.forEach((option, index) => {
      const last = index === options.length - 1;
      const guard = last ? -1 : this.guard(option);
      const fork = last ? -1 : this.add({ op: 'try', first: this.code.length + 1, second: -1 });
      this.emit(option);
      if (last) return;
      ends.push(this.add({ op: 'jump', to: -1 }));
      const otherwise = this.code.length;
      this.code[fork] = { op: 'try', first: fork + 1, second: otherwise };
      const expecting = this.code[guard];
      if (expecting?.op === 'expect') this.code[guard] = { ...expecting, otherwise };
    });
    for (const end of ends) this.code[end] = { op: 'jump', to: this.code.length };
  }

  /** Saves trying an option that the next character rules out. */
  private guard(option: RegexNode): number {
    if (isNullable(option)) return -1;
    return this.add({ op: 'expect', set: this.set(firstOf(option)), otherwise: -1 });
  }

  private repeat(node: Extract<RegexNode, { kind: 'repeat' }>): void {
    const { body, min, max, mode } = node;
    if (body.kind === 'character' && mode !== 'lazy') {
      this.add({ op: 'run', set: this.set(body.set), min, max, keep: mode === 'possessive' });
    } else if (mode === 'possessive') {
      this.atomic(() => this.repeat({ ...node, mode: 'greedy' }));
    } else {
      for (let count = 0; count < min; count++) this.emit(body);
      if (max === Infinity) this.loop(body, mode === 'lazy');
      else this.optional(body, max - min, mode === 'lazy');
    }
  }

  private loop(body: RegexNode, lazy: boolean): void {
    if (isNullable(body)) throw new RegexError('(…)*');
    const fork = this.add({ op: 'done' });
    this.emit(body);
    this.add({ op: 'jump', to: fork });
    this.fork(fork, lazy);
  }

  private optional(body: RegexNode, times: number, lazy: boolean): void {
    const forks: number[] = [];
    for (let count = 0; count < times; count++) {
      forks.push(this.add({ op: 'done' }));
      this.emit(body);
    }
    for (const fork of forks) this.fork(fork, lazy);
  }

  /** At `fork`: go in, or go on behind all that is there now. */
  private fork(fork: number, lazy: boolean): void {
    const behind = this.code.length;
    const [first, second] = lazy ? [behind, fork + 1] : [fork + 1, behind];
    this.code[fork] = { op: 'try', first, second };
  }

  private atomic(emitBody: () => void): void {
    const at = this.add({ op: 'done' });
    emitBody();
    this.add({ op: 'done' });
    this.code[at] = { op: 'atomic', body: at + 1, next: this.code.length };
  }

  private look({ body, behind, negative }: Extract<RegexNode, { kind: 'look' }>): void {
    const at = this.add({ op: 'done' });
    this.emit(body);
    this.add({ op: 'done' });
    const width = behind ? widthOf(body) : 0;
    this.code[at] = { op: 'look', body: at + 1, negative, behind: width, next: this.code.length };
  }
}

/** How many characters it takes. @throws RegexError if that is not one number */
function widthOf(node: RegexNode): number {
  switch (node.kind) {
    case 'character':
      return 1;
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + widthOf(part), 0);
    case 'choice':
      return sameOf(node.options.map(widthOf));
    case 'repeat':
      return sameOf([node.min, node.max]) * widthOf(node.body);
    case 'atomic':
      return widthOf(node.body);
    default:
      return 0;
  }
}

function sameOf(widths: readonly number[]): number {
  if (widths.some((width) => width !== widths[0])) throw new RegexError('(?<=…)');
  return widths[0]!;
}
