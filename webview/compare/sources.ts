import * as v from 'valibot';
import { ENCODING_MODES, type EncodingChange, type Selection } from '../../server/protocol';
import { choose } from '../../server/selectionRules';
import type { ComparedText } from './protocol';

/** What stands on one side: what the panel shows, but for one thing that may be another; or what was kept of before. */
export type CompareSource =
  | ComparedText
  | { kind: 'position'; encoding: EncodingChange | null }
  | { kind: 'heads'; layer: number | null; head: number | null }
  | { kind: 'kept' };

/** What the server is asked about, rather than what is here already. */
export type AskedSource = Exclude<CompareSource, { kind: 'kept' }>;

/** Whose text a source reads. */
export function textOf(source: AskedSource): ComparedText {
  return source.kind === 'position' || source.kind === 'heads' ? { kind: 'shown' } : source;
}

/** What of the text a source looks at: what is chosen in the panel, with the source's own part. */
export function selectionOf(source: AskedSource, chosen: Selection): Selection {
  if (source.kind === 'position') return { ...chosen, encoding: source.encoding };
  if (source.kind !== 'heads') return chosen;
  return choose(chosen, { layer: source.layer, head: source.head, heads: null });
}

/** The same for the same source. */
export function sourceKey(source: CompareSource): string {
  return JSON.stringify(source);
}

const index = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)));
const encoding = v.custom<EncodingChange>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'mode' in value &&
    ENCODING_MODES.some((mode) => mode === value.mode),
);

/** A source as it was kept; the server checks what it says of position once more. */
export const sourceSchema: v.GenericSchema<CompareSource> = v.variant('kind', [
  v.object({ kind: v.picklist(['shown', 'saved', 'head', 'kept']) }),
  v.object({ kind: v.literal('document'), uri: v.string() }),
  v.object({ kind: v.literal('position'), encoding: v.nullable(encoding) }),
  v.object({ kind: v.literal('heads'), layer: index, head: index }),
]);
