/** Collects the rows of one head into its statistics. */
import { visibleKeys, type Mask } from './kernel/score';
import { relatedByText, repeatedTokens, type RelatedKeys } from './relatedKeys';
import type { HeadStatistic } from './headStatistics';
import type { TextStructure } from './protocol';
import type { AnalysedWindow } from './window';

/** What all heads of a window have in common that share a mask. */
export interface StatisticsContext {
  mask: Mask;
  /** Ascending: tokens whose rows count. */
  queries: readonly number[];
  /** Absent where the window has no ids, or nothing is known of its text. */
  related: { [statistic in HeadStatistic]?: RelatedKeys };
}

/** Of a row (kernel/moments.ts). */
export type RowMoments = readonly [entropy: number, distance: number, squaredDistance: number];

/** Rows of the text's tokens count; those of the template in a window that has no others. */
export function statisticsContext(
  window: AnalysedWindow,
  [start, end]: readonly [start: number, end: number],
  structure: TextStructure | undefined,
  mask: Mask,
): StatisticsContext {
  const { tokens, specialTokens, inputs } = window;
  const special = new Set(specialTokens);
  const asked = Array.from({ length: end - start }, (_, at) => start + at);
  const repeated = inputs ? repeatedTokens(inputs.ids, mask) : null;
  return {
    mask,
    queries: asked.filter((token) => special.size === tokens || !special.has(token)),
    related: {
      ...(repeated && { duplicateToken: repeated.duplicates, induction: repeated.successors }),
      ...(structure && relatedByText(structure, mask)),
    },
  };
}

/** A mean of what is added; NaN of nothing. */
class Mean {
  #sum = 0;
  count = 0;

  add(value: number): void {
    this.#sum += value;
    this.count++;
  }

  get value(): number {
    return this.#sum / this.count;
  }
}

const RELATED = ['duplicateToken', 'sameIdentifier', 'matchingBracket', 'newline'] as const;

export class HeadSums {
  readonly #context: StatisticsContext;
  readonly #sinks: readonly number[];
  readonly #learned: boolean;
  readonly #means = new Map<HeadStatistic | 'squaredDistance', Mean>();

  /** `learned`: whether the head has a sink beside its keys, which takes what the keys leave. */
  constructor(context: StatisticsContext, sinks: readonly number[], learned = false) {
    this.#context = context;
    this.#sinks = sinks;
    this.#learned = learned;
  }

  /** `row` [key] is one of the context's queries. */
  add(query: number, row: Float32Array, [entropy, distance, squared]: RowMoments): void {
    this.#mean('entropy').add(entropy);
    this.#mean('meanDistance').add(distance);
    this.#mean('squaredDistance').add(squared);
    const left = this.#learned
      ? Math.max(
          0,
          row.reduce((rest, weight) => rest - weight, 1),
        )
      : 0;
    this.#mean('sinkShare').add(this.#sinks.reduce((sum, key) => sum + row[key]!, left));
    this.#mean('self').add(row[query]!);
    if (query > 0) this.#mean('previousToken').add(row[query - 1]!);
    const { related, mask } = this.#context;
    if (query + 1 < mask.tokens) this.#mean('nextToken').add(row[query + 1]!);
    for (const name of RELATED) {
      const keys = related[name];
      if (keys?.counts[query]) this.#mean(name).add(keys.weight(query, row));
    }
    const successors = related.induction;
    if (successors?.counts[query]) {
      const [start, end] = visibleKeys(mask, query);
      const floor = successors.counts[query] / (end - start);
      this.#mean('induction').add(successors.weight(query, row) - floor);
    }
  }

  /** The statistic's mean over the rows that have it; NaN where none has. */
  value(name: HeadStatistic): number {
    if (name !== 'distanceSpread') return this.#mean(name).value;
    const variance = this.#mean('squaredDistance').value - this.#mean('meanDistance').value ** 2;
    // Rounding may leave a vanishing variance below 0.
    return Math.sqrt(Math.max(0, variance));
  }

  /** How many rows the statistic rests on. */
  count(name: HeadStatistic): number {
    return this.#mean(name === 'distanceSpread' ? 'meanDistance' : name).count;
  }

  #mean(name: HeadStatistic | 'squaredDistance'): Mean {
    let mean = this.#means.get(name);
    if (!mean) this.#means.set(name, (mean = new Mean()));
    return mean;
  }
}
