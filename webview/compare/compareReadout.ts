import { html, type TemplateResult } from 'lit';
import { percent, points } from '../format';
import type { Cell } from '../map/viewport';
import { t } from '../text';
import type { Compared } from './compared';

/** Both weights of the cell under the pointer and their difference, or what is missing on which side. */
export function compareReadout(compared: Compared, cell: Cell | null): TemplateResult {
  if (!cell)
    return html`<div class="readout hint">
      ${t('Point at a cell to read its weight on both sides.')}
    </div>`;
  const { texts } = compared.axes;
  const { first, second, change, missing } = wordsOf(compared, cell);
  return html`<div class="readout">
    <code>${texts[cell.query]}</code> ${t('reads')} <code>${texts[cell.key]}</code>:
    <span class="unit">${t('A')}</span> ${first} <span class="unit">${t('B')}</span> ${second}
    ${missing === null ? html`<b>${change}</b>` : html`<span class="hint">${missing}</span>`}
  </div>`;
}

/** The chosen cell for those who hear it. */
export function compareSpoken(compared: Compared, cell: Cell | null): string {
  if (!cell) return '';
  const { texts } = compared.axes;
  const { first, second, change, missing } = wordsOf(compared, cell);
  return t(
    '{0} reads {1}: {2} on side A, {3} on side B, {4}',
    texts[cell.query] ?? '',
    texts[cell.key] ?? '',
    first,
    second,
    missing ?? t('a change of {0}', change),
  );
}

function wordsOf(
  compared: Compared,
  cell: Cell,
): { first: string; second: string; change: string; missing: string | null } {
  const [first, second] = compared.weightsAt(cell);
  const text = (weight: number): string => (Number.isNaN(weight) ? '–' : percent(weight));
  return {
    first: text(first),
    second: text(second),
    change: points(second - first),
    missing: missingOf(compared, cell),
  };
}

/** Why a cell has no difference; null where it has one. */
function missingOf({ axis, axes }: Compared, { query, key }: Cell): string | null {
  for (const place of [query, key]) {
    const name = axes.texts[place] ?? '';
    if (axis.places[0][place]! < 0) return t('A has no “{0}” here', name);
    if (axis.places[1][place]! < 0) return t('B has no “{0}” here', name);
  }
  return null;
}
