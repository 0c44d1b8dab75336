import type { Selection } from '../../server/protocol';

/** More lines than this many heads' could not be told apart, nor held. */
export const MOST_HEADS = 16;

/** The heads of the layer that are chosen, in order; none when a mean of all is. */
export function chosenHeads({ head, heads, layer }: Selection): readonly number[] {
  if (layer === null) return [];
  return heads ?? (head === null ? [] : [head]);
}

/** The part of a selection that makes these the chosen heads; none: the mean of the layer's. */
export function withHeads(heads: readonly number[]): Pick<Selection, 'head' | 'heads'> {
  const sorted = [...new Set(heads)].sort((a, b) => a - b);
  if (sorted.length === 0) return { head: null, heads: null };
  return sorted.length === 1 ? { head: sorted[0]!, heads: null } : { head: null, heads: sorted };
}

/** The chosen heads with one more, or without it. */
export function toggled(heads: readonly number[], head: number): number[] {
  return heads.includes(head) ? heads.filter((other) => other !== head) : [...heads, head];
}

/**
 * What is drawn, one set of lines each: every chosen head for itself, or the aggregate that the
 * selection names. Lines lead from token to token, so words stay taken apart.
 */
export function drawnSelections(selection: Selection): Selection[] {
  const one: Selection = { ...selection, merge: 'tokens' };
  const heads = selection.reading === 'rollout' ? [] : chosenHeads(selection);
  if (heads.length < 2) return [one];
  return heads.slice(0, MOST_HEADS).map((head) => ({ ...one, head, heads: null }));
}
