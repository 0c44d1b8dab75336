/** What each head does on the text, in numbers. */
import * as l10n from '@vscode/l10n';
import type { StatisticsAnswer } from '../engine/protocol';
import type { StatisticsParams, StatisticsResult } from '../protocol';
import { about, askOne, contentOf, type Question } from './answer';
import { withinOneText } from './stacks';
import { encodeByName, type StatisticsStore } from './statisticsStore';

export function statisticsQuestion(
  { encoding = null }: StatisticsParams,
  store: StatisticsStore,
  signal: AbortSignal,
): Question<StatisticsResult> {
  return (subject) => {
    withinOneText(subject.stack, l10n.t('Statistics of heads'));
    const { layers, heads } = subject.model;
    const content = contentOf(subject, encoding);
    const result = (answer: StatisticsAnswer): StatisticsResult => ({
      ...about(subject),
      layers,
      heads,
      ...writtenStatistics(answer),
      coverage: null,
    });
    const known = (): StatisticsResult | undefined => {
      const kept = store.known(subject, content);
      return kept && result(kept);
    };
    const plan = askOne(content, async (window) =>
      result(await store.of(subject, content, window, { signal })),
    );
    return { ...plan, known };
  };
}

/** NaN, which JSON cannot write, is null where a number stands alone. */
export function writtenStatistics({
  statistics,
  counted,
  even,
}: StatisticsAnswer): Pick<StatisticsResult, 'statistics' | 'counted' | 'even'> {
  const evenOrNull = Object.entries(even).map(([name, value]) => [
    name,
    Number.isNaN(value) ? null : value,
  ]);
  return {
    statistics: encodeByName(statistics),
    counted,
    even: Object.fromEntries(evenOrNull) as StatisticsResult['even'],
  };
}
