import type { CodePointRanges } from './codePointRanges';

export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

export type Assertion =
  'lineStart' | 'lineEnd' | 'textStart' | 'textEnd' | 'lastLineEnd' | 'wordEdge' | 'noWordEdge';

/** A regular expression, without the notation. Groups capture nothing. */
export type RegexNode =
  | { readonly kind: 'character'; readonly set: CodePointRanges }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly body: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly mode: RepeatMode;
    }
  | {
      readonly kind: 'look';
      readonly body: RegexNode;
      readonly behind: boolean;
      readonly negative: boolean;
    }
  | { readonly kind: 'atomic'; readonly body: RegexNode }
  | { readonly kind: 'assertion'; readonly assertion: Assertion };

export const EMPTY: RegexNode = { kind: 'sequence', parts: [] };

/** Whether it can match without taking a character. */
export function isNullable(node: RegexNode): boolean {
  switch (node.kind) {
    case 'character':
      return false;
    case 'sequence':
      return node.parts.every(isNullable);
    case 'choice':
      return node.options.some(isNullable);
    case 'repeat':
      return node.min === 0 || isNullable(node.body);
    case 'atomic':
      return isNullable(node.body);
    default:
      return true;
  }
}
