import { percent, tokenText } from '../format';
import type { Picture } from '../map/picture';
import type { Cell } from '../map/viewport';
import { maskedCells } from '../session/masked';
import type { Session } from '../session/session';
import type { Units } from '../session/units';
import { t } from '../text';

/** The words for one cell: both tokens (of words the first) with their numbers, and its weight. */
export interface Readout {
  query: { text: string; number: number };
  key: { text: string; number: number };
  weight: string;
}

/**
 * What stands under the pointer. The weight is exact when the cell has been fetched by itself
 * or its row is known; else it says of how many cells it is the largest.
 */
export function readout(
  session: Session,
  picture: Picture,
  units: Units,
  cell: Cell,
): Readout | null {
  const query = units.texts[cell.query];
  const key = units.texts[cell.key];
  if (query === undefined || key === undefined) return null;
  return {
    query: { text: tokenText(query), number: units.tokensOf(cell.query)[0] },
    key: { text: tokenText(key), number: units.tokensOf(cell.key)[0] },
    weight: weightText(session, picture, units, cell),
  };
}

function weightText(session: Session, picture: Picture, units: Units, cell: Cell): string {
  if (maskedCells(session, picture.selection, units)?.has(cell)) return t('masked');
  const drawn = picture.valueAt(cell);
  if (drawn?.pool === 1) return percent(drawn.weight);
  const [query] = units.tokensOf(cell.query);
  const row = picture.subject === session.subject ? session.rows.peek(query, 'reads') : undefined;
  const exact = row?.weights[cell.key];
  if (exact !== undefined) return percent(exact);
  if (!drawn) return '…';
  const side = Math.ceil(drawn.pool);
  return t('{0}, max of {1}×{1} cells', percent(drawn.weight), side);
}
