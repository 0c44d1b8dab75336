/** The ids that stand before and behind one sequence, e.g. [CLS] and [SEP]. */
export interface Template {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export const EMPTY_TEMPLATE: Template = { before: [], after: [] };
