/** Statistics of several stretches of a text as those of all their rows together. */
import type { StatisticsAnswer } from './protocol';

/** As `headStatistics` has them; a statistic that no part has is NaN, and rests on nothing. */
export function combineStatistics(
  parts: readonly StatisticsAnswer[],
  names: readonly string[],
  heads: number,
): StatisticsAnswer {
  const combined: StatisticsAnswer = { statistics: {}, counted: {}, even: {} };
  for (const name of names) {
    const counts = parts.map(({ counted }) => counted[name] ?? 0);
    const at = (head: number) =>
      meanOver(counts, (part) =>
        momentsOf(name, (other) => parts[part]!.statistics[other]?.[head]),
      );
    combined.statistics[name] = Float32Array.from({ length: heads }, (_, head) => at(head));
    combined.counted[name] = counts.reduce((sum, count) => sum + count, 0);
    combined.even[name] = meanOver(counts, (part) =>
      momentsOf(name, (other) => parts[part]!.even[other]),
    );
  }
  return combined;
}

/** A mean over rows, and for a deviation that of the squares. */
interface Moments {
  mean: number;
  square?: number;
}

/** Deviations have no mean of their own: what they are made of has. */
function momentsOf(name: string, value: (name: string) => number | undefined): Moments {
  if (name !== 'distanceSpread') return { mean: value(name) ?? NaN };
  const [spread = NaN, mean = NaN] = [value(name), value('meanDistance')];
  return { mean, square: spread ** 2 + mean ** 2 };
}

/** Parts count by their rows; those that have none say nothing. */
function meanOver(counts: readonly number[], moments: (part: number) => Moments): number {
  let [rows, sum, squares, isSpread] = [0, 0, 0, false];
  counts.forEach((count, part) => {
    if (count === 0) return;
    const { mean, square } = moments(part);
    rows += count;
    sum += count * mean;
    isSpread = square !== undefined;
    squares += count * (square ?? 0);
  });
  if (!isSpread) return sum / rows;
  return Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2));
}
