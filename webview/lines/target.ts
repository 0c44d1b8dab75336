import type { Line } from './lineChoice';

/** What stands under the pointer: a token's name, or a line. */
export type LinesTarget = { token: number } | { line: Line };

/** The lines of one token, and how strongly others are tinted by them. */
export interface Isolated {
  token: number;
  /** What it reads and what reads it, weakest first. */
  lines: readonly Line[];
}

export function isSameTarget(a: LinesTarget | null, b: LinesTarget | null): boolean {
  if (a === null || b === null) return a === b;
  return 'token' in a ? 'token' in b && a.token === b.token : 'line' in b && a.line === b.line;
}

/** The line to explain where a token's are alone: the strongest of what it reads, else any. */
export function strongestOf({ token, lines }: Isolated): Line | undefined {
  const strongest = lines.toReversed();
  return strongest.find(({ query, key }) => query === token && key !== token) ?? strongest[0];
}
