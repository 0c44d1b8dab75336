/** A selection as it comes back from storage: checked, because an older version may have written it. */
import * as v from 'valibot';
import { READINGS, type Selection } from '../../server/protocol';

const index = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)));
const schema = v.object({ layer: index, head: index, reading: v.picklist(READINGS) });

/** What is shown before anything was chosen. */
export const INITIAL: Selection = { layer: null, head: null, reading: 'raw', encoding: null };

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
  return (
    one.layer === other.layer &&
    one.head === other.head &&
    one.reading === other.reading &&
    JSON.stringify(one.encoding) === JSON.stringify(other.encoding)
  );
}
