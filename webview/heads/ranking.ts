import type { PanelStatistics } from '../protocol';

export type HeadOrder = 'model' | 'highest' | 'lowest';

/** A head and what a statistic says of it. */
export interface ScoredHead {
  layer: number;
  head: number;
  score: number;
}

/**
 * The first `top` heads (null: all) by a statistic; equal ones in the model's order. In the
 * model's order the highest are the first, too. Heads that do not have the statistic are left out.
 */
export function rankedHeads(
  { heads, statistics }: Pick<PanelStatistics, 'heads' | 'statistics'>,
  name: string,
  order: HeadOrder,
  top: number | null,
): ScoredHead[] {
  const scored = Array.from(statistics[name] ?? [], (score, index) => ({
    layer: Math.floor(index / heads),
    head: index % heads,
    score,
  })).filter(({ score }) => !Number.isNaN(score));
  const sign = order === 'lowest' ? 1 : -1;
  return scored
    .toSorted((one, other) => sign * (one.score - other.score))
    .slice(0, top ?? scored.length);
}

/** One head's value; NaN where it has none. */
export function scoreOf(
  { heads, statistics }: Pick<PanelStatistics, 'heads' | 'statistics'>,
  name: string,
  { layer, head }: { layer: number; head: number },
): number {
  return statistics[name]?.[layer * heads + head] ?? NaN;
}
