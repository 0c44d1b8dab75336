import type { Session } from '../session/session';
import { rankedHeads, scoreOf, type HeadOrder, type ScoredHead } from './ranking';
import { statisticName, type StatisticName } from './statisticNames';

/** The heads that a statistic finds. */
export interface FoundHeads {
  statistic: StatisticName;
  order: HeadOrder;
  /** Those found, the first first. */
  heads: readonly ScoredHead[];
  /** Any head's score; null for means. */
  scoreOf(layer: number | null, head: number | null): number | null;
}

/** What the session looks for, as far as it is known; null where it looks for nothing. */
export function foundHeads(session: Session): FoundHeads | null {
  const { finder } = session.saved;
  // Rollout mixes the heads: there is no picture of one to be found.
  if (session.selection.reading === 'rollout') return null;
  const statistic = finder.statistic === null ? undefined : statisticName(finder.statistic);
  const { value } = session.ofWholeFile ? session.file.statistics : session.statistics;
  if (!statistic || !value || value.layers !== session.model?.layers) return null;
  const heads = rankedHeads(value, statistic.name, finder.order, finder.top);
  if (heads.length === 0) return null;
  return {
    statistic,
    order: finder.order,
    heads,
    scoreOf: (layer, head) =>
      layer === null || head === null ? null : scoreOf(value, statistic.name, { layer, head }),
  };
}
