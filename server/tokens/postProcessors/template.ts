/** Takes the spaces at the ends of tokens out of their ranges. */
export interface SpaceTrim {
  /** Whether the first token keeps its space, which the tokenizer may have put there. */
  readonly keepsPrefixSpace: boolean;
  /** How many template tokens stand before the text when it happens. */
  readonly tokensBefore: number;
}

/** What becomes of the tokens of one sequence. */
export interface Template {
  /** The ids that stand before and behind it, e.g. [CLS] and [SEP]. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly trims: readonly SpaceTrim[];
}

export const EMPTY_TEMPLATE: Template = { before: [], after: [], trims: [] };

/** The two one after the other, the second around what the first made. */
export function around(first: Template, second: Template): Template {
  const tokensBefore = first.before.length;
  return {
    before: [...second.before, ...first.before],
    after: [...first.after, ...second.after],
    trims: [
      ...first.trims,
      ...second.trims.map((trim) => ({ ...trim, tokensBefore: trim.tokensBefore + tokensBefore })),
    ],
  };
}
