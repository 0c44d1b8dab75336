/** Which parts of a selection go together, for all who let a person choose. */
import type { Selection } from './protocol';

/**
 * `current` with `part` chosen anew; what contradicts it gives way. One head and several exclude
 * each other, and rollout, which takes the mean of each layer's heads by itself, has neither.
 */
export function choose(current: Selection, part: Partial<Selection>): Selection {
  const next = { ...current, ...part };
  if (part.head !== undefined && part.head !== null) next.heads = part.heads ?? null;
  if (next.heads) next.head = null;
  if (next.reading !== 'rollout') return next;
  return { ...next, head: null, heads: null, aggregate: 'mean' };
}

/** Whether more than one head is shown, so that it matters how they become one. */
export function showsSeveral({ layer, head, heads, reading }: Selection): boolean {
  if (reading === 'rollout') return false;
  return layer === null || (head === null && heads?.length !== 1);
}
