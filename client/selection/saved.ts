/** A selection as it comes back from storage: checked, because an older version may have written it. */
import * as v from 'valibot';
import {
  AGGREGATES,
  INITIAL_SELECTION,
  MERGES,
  READINGS,
  type Selection,
} from '../../server/protocol';

const index = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)));
const schema = v.object({
  layer: index,
  head: index,
  heads: v.optional(v.nullable(v.array(v.pipe(v.number(), v.integer(), v.minValue(0)))), null),
  aggregate: v.optional(v.picklist(AGGREGATES), INITIAL_SELECTION.aggregate),
  reading: v.picklist(READINGS),
  merge: v.optional(v.picklist(MERGES), INITIAL_SELECTION.merge),
});

/** The selection in `value`, with position as trained, or null when there is none. */
export function parseSelection(value: unknown): Selection | null {
  const result = v.safeParse(schema, value);
  return result.success ? asTrained(result.output) : null;
}

/**
 * What is worth remembering. A changed position is not: who comes back another
 * day would take an altered model for the real one.
 */
export function asTrained(selection: Omit<Selection, 'encoding'>): Selection {
  return { ...selection, encoding: null };
}

export function sameSelection(one: Selection, other: Selection): boolean {
  const parts = Object.keys(INITIAL_SELECTION) as (keyof Selection)[];
  return parts.every((part) => JSON.stringify(one[part]) === JSON.stringify(other[part]));
}
