import * as v from 'valibot';
import type { PanelSaved } from '../../webview/protocol';
import { parseSelection } from '../selection/saved';

const schema = v.object({
  document: v.fallback(v.nullable(v.string()), null),
  window: v.fallback(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))), null),
  own: v.pipe(v.optional(v.unknown(), null), v.transform(parseSelection)),
});

/** What a page hands back, by this version of the extension or another; nulls where it makes no sense. */
export function parseSaved(raw: unknown): PanelSaved {
  const result = v.safeParse(schema, raw ?? {});
  return result.success ? result.output : { document: null, window: null, own: null };
}
