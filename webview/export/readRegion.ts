import { ChannelError } from '../../channel/channel';
import type { Selection } from '../../server/protocol';
import { TILE_SIDE } from '../map/tiles';
import type { Span } from '../map/viewport';
import type { Session } from '../session/session';
import { t } from '../text';

/** Numbers of one map that are taken into memory: 256 MB as float32. */
const MOST_VALUES = 2 ** 26;

export interface Region {
  rows: number;
  columns: number;
  /** [row, column] */
  values: Float32Array;
}

export interface RegionRequest {
  selection: Selection;
  queries: Span;
  keys: Span;
  /** Cells of a side that become one value; 1 is every weight by itself. */
  step?: number;
  pool?: 'max' | 'mean';
}

/**
 * A rectangle of a map, asked for in parts that fit into one answer each. Rejects with
 * `ChannelError`: `tooLarge`, `stale` when the text changes meanwhile, `cancelled`.
 */
export async function readRegion(
  session: Session,
  { selection, queries, keys, step = 1, pool = 'max' }: RegionRequest,
  signal: AbortSignal,
  progress: (share: number) => void = () => undefined,
): Promise<Region> {
  const generation = session.currentTokens?.generation ?? -1;
  const rows = Math.ceil((queries[1] - queries[0]) / step);
  const columns = Math.ceil((keys[1] - keys[0]) / step);
  if (rows * columns > MOST_VALUES)
    throw new ChannelError(
      'tooLarge',
      t(
        'A map of {0} × {1} numbers is too large to be exported at once; merge words, or zoom in and export the picture.',
        rows,
        columns,
      ),
    );
  const values = new Float32Array(rows * columns);
  const side = TILE_SIDE * step;
  const parts = spans(queries, side).flatMap((part) =>
    spans(keys, side).map((across) => ({ queries: part, keys: across })),
  );
  for (const [done, part] of parts.entries()) {
    const size = {
      rows: Math.ceil((part.queries[1] - part.queries[0]) / step),
      columns: Math.ceil((part.keys[1] - part.keys[0]) / step),
    };
    const answer = await session.channel.request(
      'region',
      { generation, selection, pool, ...part, ...size },
      { signal },
    );
    const left = (part.keys[0] - keys[0]) / step;
    const top = (part.queries[0] - queries[0]) / step;
    for (let row = 0; row < answer.rows; row++)
      values.set(
        answer.values.subarray(row * answer.columns, (row + 1) * answer.columns),
        (top + row) * columns + left,
      );
    progress((done + 1) / parts.length);
  }
  return { rows, columns, values };
}

function spans([start, end]: Span, size: number): [number, number][] {
  const found: [number, number][] = [];
  for (let at = start; at < end; at += size) found.push([at, Math.min(end, at + size)]);
  return found;
}
