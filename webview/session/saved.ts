import * as v from 'valibot';
import { sourceSchema, type CompareSource } from '../compare/sources';
import type { Selection } from '../../server/protocol';

/** Where a person was: kept by VS Code when the panel is hidden or the window reloads. */
export interface Saved {
  view: string;
  /** Of a view that has several. */
  page: string;
  scale: 'linear' | 'log';
  /** Times the size at which the whole map fits, and the map's place as a share of it. */
  zoom: { k: number; x: number; y: number };
  /** Of the lines: how many, whether the sink's are shown (null: as the reading has it), and where. */
  lines: { count: number; sink: boolean | null; row: number | null; at: number };
  /** Of a row's mass, what the keys hold that are not faded on the map; 1: none is faded. */
  share: number;
  /** Of the shaded text. */
  directions: 'both' | 'reads' | 'readBy';
  /** Pictures are exported in the editor's colours rather than on white. */
  asSeen: boolean;
  /** By what heads are looked for, how they are ordered, and how many count as found (null: all). */
  finder: {
    statistic: string | null;
    order: 'model' | 'highest' | 'lowest';
    top: number | null;
    /** By what of the text: the window shown, or the whole file. */
    scope: 'window' | 'document';
  };
  /** What is compared with what (null: nothing yet), and what of it is drawn. */
  compare: { first: CompareSource; second: CompareSource | null; show: CompareShow };
  /** Whether the head's map is that of the whole file. */
  whole: boolean;
  /** For the extension host, to show the same document and window again. */
  document: string | null;
  window: number | null;
  /** Of a panel that is locked to its document; the host checks what it is given back. */
  own: Selection | null;
  selection: { layer: number | null; head: number | null; reading: string } | null;
}

export const COMPARE_SHOWS = ['all', 'sides', 'difference'] as const;
export type CompareShow = (typeof COMPARE_SHOWS)[number];

/** As many lines as can be drawn within a frame. */
export const MOST_LINES = 2000;

export const FRESH: Saved = {
  view: 'head',
  page: 'pipeline',
  scale: 'log',
  zoom: { k: 1, x: 0, y: 0 },
  lines: { count: 200, sink: null, row: 18, at: 0 },
  share: 1,
  directions: 'both',
  finder: { statistic: null, order: 'highest', top: 12, scope: 'window' },
  compare: { first: { kind: 'shown' }, second: null, show: 'all' },
  whole: false,
  asSeen: false,
  document: null,
  window: null,
  own: null,
  selection: null,
};

const index = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)));
const finite = v.pipe(v.number(), v.finite());
const schema = v.object({
  view: v.fallback(v.string(), FRESH.view),
  page: v.fallback(v.string(), FRESH.page),
  scale: v.fallback(v.picklist(['linear', 'log']), FRESH.scale),
  zoom: v.fallback(
    v.object({ k: v.pipe(finite, v.minValue(1)), x: finite, y: finite }),
    FRESH.zoom,
  ),
  lines: v.fallback(
    v.object({
      count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_LINES)),
      sink: v.nullable(v.boolean()),
      row: v.nullable(v.pipe(finite, v.minValue(0.1), v.maxValue(100))),
      at: v.pipe(finite, v.minValue(0), v.maxValue(1)),
    }),
    FRESH.lines,
  ),
  share: v.fallback(v.pipe(finite, v.minValue(0.01), v.maxValue(1)), FRESH.share),
  directions: v.fallback(v.picklist(['both', 'reads', 'readBy']), FRESH.directions),
  asSeen: v.fallback(v.boolean(), FRESH.asSeen),
  finder: v.fallback(
    v.object({
      statistic: v.nullable(v.string()),
      order: v.picklist(['model', 'highest', 'lowest']),
      top: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
      scope: v.optional(v.picklist(['window', 'document']), 'window'),
    }),
    FRESH.finder,
  ),
  compare: v.fallback(
    v.object({
      first: sourceSchema,
      second: v.nullable(sourceSchema),
      show: v.picklist(COMPARE_SHOWS),
    }),
    FRESH.compare,
  ),
  whole: v.fallback(v.boolean(), FRESH.whole),
  document: v.fallback(v.nullable(v.string()), null),
  window: v.fallback(index, null),
  own: v.fallback(v.nullable(v.custom<Selection>((own) => typeof own === 'object')), null),
  selection: v.fallback(
    v.nullable(v.object({ layer: index, head: index, reading: v.string() })),
    null,
  ),
});

/** What was saved, by this version or another; each part that is not understood is fresh. */
export function readSaved(raw: unknown): Saved {
  const parsed = v.safeParse(schema, raw ?? {});
  return parsed.success ? parsed.output : FRESH;
}
