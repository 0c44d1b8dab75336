/** What each head does on a whole document: the statistics of its windows, as far as they are analysed. */
import { combineStatistics } from '../engine/combineStatistics';
import { HEAD_STATISTICS } from '../engine/headStatistics';
import type { StatisticsParams, StatisticsResult } from '../protocol';
import { about, type Subject } from './answer';
import { writtenStatistics } from './statisticsAnswer';
import type { StatisticsStore } from './statisticsStore';
import {
  collectWhole,
  pendingOf,
  tokenCount,
  type WholeOptions,
  type WholeSources,
} from './wholeDocument';

/** `subject`: the window that the answer names. Fails with {@link ContentModified}. */
export async function documentStatistics(
  sources: WholeSources,
  subject: Subject,
  params: StatisticsParams,
  store: StatisticsStore,
  options: WholeOptions,
): Promise<StatisticsResult> {
  const { ready, document } = sources;
  const { layers, heads } = ready.model;
  const tokens = await tokenCount(sources, options);
  const summary = store.summary(ready, document, params.encoding ?? null);
  const collected = await collectWhole('statistics', sources, summary, params, options);
  const known = collected.flatMap(({ window, value }) => (value ? [{ window, value }] : []));
  const owned = known.map(({ window: { place } }) => place.owned[1] - place.owned[0]);
  const parts = known.map(({ value }) => value);
  return {
    ...about(subject),
    layers,
    heads,
    ...writtenStatistics(combineStatistics(parts, HEAD_STATISTICS, layers * heads)),
    coverage: {
      windows: known.length,
      of: collected.length,
      pending: pendingOf(collected),
      tokens: owned.reduce((sum, count) => sum + count, 0),
      total: tokens,
    },
  };
}
