import { refuseLigatures, withOtherCases } from './caseFolding';
import { parseClass } from './classParser';
import { complement, range, union, type CodePointRanges } from './codePointRanges';
import { parseEscape } from './escapes';
import { PatternReader } from './patternReader';
import { newline } from './properties';
import { RegexError } from './regexError';
import { EMPTY, type Assertion, type RegexNode, type RepeatMode } from './syntaxTree';

interface Flags {
  readonly ignoreCase: boolean;
  readonly extended: boolean;
  readonly dotAll: boolean;
}

const MAX_NESTING = 50;
const MAX_COUNT = 1000;

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'textStart',
  z: 'textEnd',
  Z: 'lastLineEnd',
  b: 'wordEdge',
  B: 'noWordEdge',
};

/**
 * Reads a pattern in the notation of Oniguruma's Ruby syntax.
 * @throws RegexError for what is not valid or not supported, with the part of it
 */
export function parseRegex(pattern: string): RegexNode {
  return new Parser(pattern).parse();
}

class Parser {
  private readonly reader: PatternReader;
  private nesting = 0;

  constructor(pattern: string) {
    this.reader = new PatternReader(pattern);
  }

  parse(): RegexNode {
    const node = this.choice({ ignoreCase: false, extended: false, dotAll: false });
    if (this.reader.peek() !== '') throw new RegexError(this.reader.around());
    return node;
  }

  private choice(flags: Flags): RegexNode {
    if (++this.nesting > MAX_NESTING) throw new RegexError(this.reader.around());
    const options = [this.sequence(flags)];
    while (this.reader.take('|')) options.push(this.sequence(flags));
    this.nesting--;
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  private sequence(flags: Flags): RegexNode {
    const parts: RegexNode[] = [];
    /** Letters in a row whose case is ignored. */
    let spelling = '';
    for (let next = this.reader.peek(); next !== '' && next !== '|' && next !== ')';) {
      if (flags.ignoreCase) {
        spelling = /^[\p{L}\p{M}]$/u.test(next) ? spelling + next : '';
        if (spelling !== '') refuseLigatures(spelling);
      }
      if (!(flags.extended && this.skipBlank())) parts.push(this.repeated(this.atom(flags)));
      next = this.reader.peek();
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  private skipBlank(): boolean {
    if (this.reader.take('#')) {
      while (this.reader.peek() !== '' && this.reader.next() !== '\n');
      return true;
    }
    if (!/^\s$/.test(this.reader.peek())) return false;
    this.reader.next();
    return true;
  }

  private atom(flags: Flags): RegexNode {
    const { reader } = this;
    const character = reader.next();
    if (character === '(') return this.group(flags);
    if (character === '[') return of(parseClass(reader, flags.ignoreCase));
    if (character === '.') return of(flags.dotAll ? range(0, 0x10ffff) : complement(newline));
    if (character === '^') return { kind: 'assertion', assertion: 'lineStart' };
    if (character === '$') return { kind: 'assertion', assertion: 'lineEnd' };
    if (character === '\\') return this.escape(flags);
    if ('*+?'.includes(character)) throw new RegexError(reader.around());
    return this.literal(range(character.codePointAt(0)!), flags);
  }

  private escape(flags: Flags): RegexNode {
    const letter = this.reader.peek();
    if (Object.hasOwn(ASSERTIONS, letter)) {
      this.reader.next();
      return { kind: 'assertion', assertion: ASSERTIONS[letter]! };
    }
    if (this.reader.take('R')) return lineBreak();
    if (this.reader.take('N')) return of(complement(newline));
    if (this.reader.take('O')) return of(range(0, 0x10ffff));
    const meant = parseEscape(this.reader);
    return typeof meant === 'number' ? this.literal(range(meant), flags) : of(meant);
  }

  private literal(set: CodePointRanges, { ignoreCase }: Flags): RegexNode {
    return of(ignoreCase ? withOtherCases(set) : set);
  }

  /** Behind an opening parenthesis. */
  private group(flags: Flags): RegexNode {
    const { reader } = this;
    if (!reader.take('?')) return this.closed(flags);
    if (reader.take(':')) return this.closed(flags);
    if (reader.take('=')) return this.look(flags, false, false);
    if (reader.take('!')) return this.look(flags, false, true);
    if (reader.take('<=')) return this.look(flags, true, false);
    if (reader.take('<!')) return this.look(flags, true, true);
    if (reader.take('>')) return { kind: 'atomic', body: this.closed(flags) };
    if (reader.take('#')) {
      reader.until(')');
      return EMPTY;
    }
    if (reader.take('<')) {
      reader.until('>');
      return this.closed(flags);
    }
    return this.withFlags(flags);
  }

  private closed(flags: Flags): RegexNode {
    const node = this.choice(flags);
    if (!this.reader.take(')')) throw new RegexError(this.reader.around());
    return node;
  }

  private look(flags: Flags, behind: boolean, negative: boolean): RegexNode {
    return { kind: 'look', body: this.closed(flags), behind, negative };
  }

  private withFlags(flags: Flags): RegexNode {
    const { reader } = this;
    let changed = flags;
    let on = true;
    for (;;) {
      const letter = reader.next();
      if (letter === '-') on = false;
      else if (letter === 'i') changed = { ...changed, ignoreCase: on };
      else if (letter === 'm') changed = { ...changed, dotAll: on };
      else if (letter === 'x') changed = { ...changed, extended: on };
      else if (letter === ':') return this.closed(changed);
      // Up to the end of the group around it, alternatives included.
      else if (letter === ')') return this.choice(changed);
      else throw new RegexError(reader.around());
    }
  }

  private repeated(atom: RegexNode): RegexNode {
    let node = atom;
    for (let counts = this.counts(); counts; counts = this.counts()) {
      const { min, max } = counts;
      const mode = this.mode(counts);
      const optional = counts.braces && min === max && mode === 'lazy';
      // In this syntax x{3}? is (?:x{3})?, not a lazy repetition.
      if (optional) {
        const body: RegexNode = { kind: 'repeat', body: node, min, max, mode: 'greedy' };
        node = { kind: 'repeat', body, min: 0, max: 1, mode: 'greedy' };
      } else {
        node = { kind: 'repeat', body: node, min, max, mode };
      }
    }
    return node;
  }

  private mode({ braces }: { braces: boolean }): RepeatMode {
    if (this.reader.take('?')) return 'lazy';
    return !braces && this.reader.take('+') ? 'possessive' : 'greedy';
  }

  private counts(): { min: number; max: number; braces: boolean } | null {
    const { reader } = this;
    if (reader.take('*')) return { min: 0, max: Infinity, braces: false };
    if (reader.take('+')) return { min: 1, max: Infinity, braces: false };
    if (reader.take('?')) return { min: 0, max: 1, braces: false };
    const start = reader.position;
    if (!reader.take('{')) return null;
    const min = reader.number();
    const comma = reader.take(',');
    const max = comma ? reader.number() : min;
    if (!reader.take('}') || (min === null && max === null)) {
      // No repetition, but a brace.
      reader.goTo(start);
      return null;
    }
    const counts = { min: min ?? 0, max: max ?? Infinity, braces: true };
    const tooMany = counts.min > MAX_COUNT || (counts.max > MAX_COUNT && counts.max < Infinity);
    if (tooMany || counts.max < counts.min) throw new RegexError(reader.around());
    return counts;
  }
}

function of(set: CodePointRanges): RegexNode {
  return { kind: 'character', set };
}

function lineBreak(): RegexNode {
  const pair: RegexNode = { kind: 'sequence', parts: [of(range(0x0d)), of(range(0x0a))] };
  const single = of(union(range(0x0a, 0x0d), range(0x85), range(0x2028, 0x2029)));
  return { kind: 'atomic', body: { kind: 'choice', options: [pair, single] } };
}
