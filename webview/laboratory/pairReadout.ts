import { percent, points } from '../format';
import type { Picture } from '../map/picture';
import type { Cell } from '../map/viewport';
import { t } from '../text';

/** One weight in words: as trained, changed (null without a change), and by how much. */
export interface PairReadout {
  trained: string;
  changed: string | null;
  change: string | null;
  /** Of how many cells the numbers are the mean, where they are not of one. */
  note: string | null;
}

/** What stands under the pointer, or null while nothing of it is here. */
export function pairReadout(
  trained: Picture,
  changed: Picture | null,
  cell: Cell,
): PairReadout | null {
  const before = trained.valueAt(cell);
  if (!before) return null;
  const after = changed?.valueAt(cell) ?? null;
  // Numbers of different pooling are of different cells.
  const same = after !== null && after.pool === before.pool;
  const side = Math.ceil(before.pool);
  return {
    trained: percent(before.weight),
    changed: changed ? (same ? percent(after.weight) : '…') : null,
    change: changed ? (same ? points(after.weight - before.weight) : '…') : null,
    note: side > 1 ? t('mean of {0}×{0} cells', side) : null,
  };
}
