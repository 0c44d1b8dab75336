import * as l10n from '@vscode/l10n';
import { TokenizerError } from '../tokenizer';
import { Matcher } from './matcher';
import { endsVisibly, isCutBeforeSpace, matchesAnySpace, startsWithSpace } from './neighbours';
import { parseRegex } from './parser';
import { compile } from './program';
import { RegexError, RegexLimitError } from './regexError';
import type { RegexNode } from './syntaxTree';

/** Longer ones are none that a tokenizer has. */
const MAX_PATTERN = 5000;

/** A match in a text, half-open, in UTF-16 units; may be empty. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/**
 * A regular expression in the notation and with the meaning that the reference's
 * engine (Oniguruma) gives it, the same on every host.
 */
export class Regex {
  /**
   * Whether a text may be cut between a visible character of ASCII and a space, and
   * the matches of both parts are those of the whole.
   */
  readonly cutBeforeSpace: boolean;
  /** Whether every space starts or is inside a match. */
  readonly matchesAnySpace: boolean;
  /** Whether a match can end with a visible character of ASCII. */
  readonly endsVisibly: boolean;
  /** Whether a match can start with a space. */
  readonly startsWithSpace: boolean;
  private readonly matcher: Matcher;

  /** @throws TokenizerError if the pattern is not valid or needs what we do not have */
  constructor(private readonly pattern: string) {
    const node = parse(pattern);
    this.cutBeforeSpace = isCutBeforeSpace(node);
    this.matchesAnySpace = matchesAnySpace(node);
    this.endsVisibly = endsVisibly(node);
    this.startsWithSpace = startsWithSpace(node);
    this.matcher = withReason(pattern, () => new Matcher(compile(node)));
  }

  /**
   * The matches inside `[from, to)`, from left to right. An empty one directly behind
   * another match is left out.
   * @throws TokenizerError if the search takes too long
   */
  matches(text: string, from: number, to: number): Match[] {
    try {
      return this.search(text, from, to);
    } catch (error) {
      if (!(error instanceof RegexLimitError)) throw error;
      throw new TokenizerError(
        l10n.t(
          'The pattern "{0}" of this model\'s tokenizer takes too long on this text. Choose another model.',
          shortened(this.pattern),
        ),
      );
    }
  }

  private search(text: string, from: number, to: number): Match[] {
    const found: Match[] = [];
    this.matcher.over(text, from, to);
    let last = -1;
    for (let start = from; start <= to;) {
      const end = this.matcher.matchAt(start);
      if (end > start || (end === start && end !== last)) {
        found.push({ start, end });
        last = end;
        start = end;
        if (end > found.at(-1)!.start) continue;
      }
      start += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
    }
    return found;
  }
}

function parse(pattern: string): RegexNode {
  return withReason(pattern, () => {
    if (pattern.length > MAX_PATTERN) throw new RegexError(shortened(pattern));
    return parseRegex(pattern);
  });
}

function withReason<T>(pattern: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw new TokenizerError(
      l10n.t(
        'The tokenizer.json has the pattern "{0}", and "{1}" in it is not valid or not supported. Choose another model.',
        shortened(pattern),
        error.found,
      ),
    );
  }
}

const EXCERPT = 60;

function shortened(pattern: string): string {
  return pattern.length <= EXCERPT ? pattern : `${pattern.slice(0, EXCERPT)}…`;
}
