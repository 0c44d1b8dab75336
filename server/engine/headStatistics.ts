/**
 * What each head does on a window, in numbers. All are of the raw reading and means over
 * the text's tokens as queries; those of the template read nothing in particular and
 * count as keys alone (as queries only in a window that has no others). A statistic that
 * no query of the window can have is NaN.
 *
 * - `entropy`: −Σ w·log₂ w of a row, in bits (Clark et al. 2019, "What Does BERT Look
 *   At?", §3.2, who give it in nats).
 * - `sinkShare`: weight on the sink (Xiao et al. 2023; which tokens: sink.ts).
 * - `self`, `previousToken`, `nextToken`: weight on the query itself and on its neighbours
 *   (Clark et al. 2019, §3.1; the positional heads of Voita et al. 2019, §5.2).
 * - `meanDistance`: Σ w·|query − key|, in tokens (Vig & Belinkov 2019, "Analyzing the
 *   Structure of Attention", §4.3). `distanceSpread`: the standard deviation of
 *   |query − key| over all rows together, each key counted by its weight.
 * - `duplicateToken`: weight on other places with the query's own token, over queries that
 *   have one (Wang et al. 2022, "Interpretability in the Wild", §3.2).
 * - `induction`: weight on what followed earlier places with the query's own token, over
 *   queries that have such keys (Olsson et al. 2022, "In-context Learning and Induction
 *   Heads", prefix matching), less the floor: what evenly spread attention would put
 *   there. 0 is no better than chance, below 0 is avoided.
 */
import { repeatedTokens, type RepeatedTokens } from './repeatedTokens';
import { sinkTokens } from './sink';
import type { Breathe } from './readers';
import type { Kernel } from './kernel/kernel';
import type { AnalysedWindow } from './window';

export const HEAD_STATISTICS = [
  'entropy',
  'sinkShare',
  'self',
  'previousToken',
  'nextToken',
  'meanDistance',
  'distanceSpread',
  'duplicateToken',
  'induction',
] as const;
export type HeadStatistic = (typeof HEAD_STATISTICS)[number];

/** float32 [layer, head] of every statistic. */
export type StatisticsByHead = { [statistic in HeadStatistic]: Float32Array };

/** Rows that are in memory at once. */
const BAND = 64;

/** All statistics of all heads; a window keeps them once they are known. */
export async function headStatistics(
  kernel: Kernel,
  window: AnalysedWindow,
  breathe: Breathe,
): Promise<StatisticsByHead> {
  const { heads } = window;
  const count = window.layers.length * heads;
  const entries = HEAD_STATISTICS.map((name) => [name, new Float32Array(count)] as const);
  const context = contextOf(window);
  for (let at = 0; at < count; at++) {
    await breathe();
    const [layer, head] = [Math.floor(at / heads), at % heads];
    const values = window.remember('statistics', layer, head, () =>
      statisticsOf(kernel, window, layer, head, context),
    );
    entries.forEach(([, byHead], index) => (byHead[at] = values[index]!));
  }
  return Object.fromEntries(entries) as StatisticsByHead;
}

/** What all heads of a window have in common. */
interface Context {
  tokens: number;
  causal: boolean;
  /** Whether a token counts as a query. */
  asks: (token: number) => boolean;
  /** null where the window has no ids. */
  repeated: RepeatedTokens | null;
}

function contextOf(window: AnalysedWindow): Context {
  const { tokens, specialTokens, inputs } = window;
  const { causal } = window.layer(0).shape;
  const special = new Set(specialTokens);
  return {
    tokens,
    causal,
    asks: (token) => special.size === tokens || !special.has(token),
    repeated: inputs ? repeatedTokens(inputs.ids, causal) : null,
  };
}

/** One head's statistics, in the order of {@link HEAD_STATISTICS}. */
function statisticsOf(
  kernel: Kernel,
  window: AnalysedWindow,
  layer: number,
  head: number,
  context: Context,
): Float32Array {
  const { tokens } = window;
  const view = window.view(layer, head, []);
  const sums = new HeadSums(context, sinkTokens(window, [{ layer, head }]));
  for (let start = 0; start < tokens; start += BAND) {
    const queries = [start, Math.min(start + BAND, tokens)] as const;
    const band = kernel.sumBlocks([view], { queries, keys: [0, tokens] }, []);
    for (let query = queries[0]; query < queries[1]; query++) {
      const at = (query - start) * tokens;
      if (context.asks(query)) sums.add(query, band.subarray(at, at + tokens));
    }
  }
  const found = sums.finish();
  return Float32Array.from(HEAD_STATISTICS, (name) => found[name]);
}

/** A mean of what is added; NaN of nothing. */
class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count++;
  }

  get value(): number {
    return this.#sum / this.#count;
  }
}

/** Collects one head's rows. */
class HeadSums {
  readonly #context: Context;
  readonly #sinks: readonly number[];
  readonly #means = Object.fromEntries(
    [...HEAD_STATISTICS, 'squaredDistance' as const].map((name) => [name, new Mean()]),
  ) as { [statistic in HeadStatistic | 'squaredDistance']: Mean };

  constructor(context: Context, sinks: readonly number[]) {
    this.#context = context;
    this.#sinks = sinks;
  }

  add(query: number, row: Float32Array): void {
    const means = this.#means;
    this.#addSpread(query, row);
    means.sinkShare.add(weightOn(row, this.#sinks));
    means.self.add(row[query]!);
    if (query > 0) means.previousToken.add(row[query - 1]!);
    if (query + 1 < row.length) means.nextToken.add(row[query + 1]!);
    const { repeated, causal, tokens } = this.#context;
    const duplicates = repeated?.duplicates[query] ?? [];
    if (duplicates.length > 0) means.duplicateToken.add(weightOn(row, duplicates));
    const successors = repeated?.successors[query] ?? [];
    if (successors.length > 0) {
      const floor = successors.length / (causal ? query + 1 : tokens);
      means.induction.add(weightOn(row, successors) - floor);
    }
  }

  finish(): { [statistic in HeadStatistic]: number } {
    const means = this.#means;
    const values = HEAD_STATISTICS.map((name) => [name, means[name].value] as const);
    const variance = means.squaredDistance.value - means.meanDistance.value ** 2;
    return {
      ...(Object.fromEntries(values) as { [statistic in HeadStatistic]: number }),
      // Rounding may leave a vanishing variance below 0.
      distanceSpread: Math.sqrt(Math.max(0, variance)),
    };
  }

  /** Entropy and distances, which take every key of the row. */
  #addSpread(query: number, row: Float32Array): void {
    let [entropy, distance, squared] = [0, 0, 0];
    for (let key = 0; key < row.length; key++) {
      const weight = row[key]!;
      if (weight === 0) continue;
      const apart = Math.abs(query - key);
      entropy -= weight * Math.log2(weight);
      distance += weight * apart;
      squared += weight * apart * apart;
    }
    this.#means.entropy.add(entropy);
    this.#means.meanDistance.add(distance);
    this.#means.squaredDistance.add(squared);
  }
}

function weightOn(row: Float32Array, keys: readonly number[]): number {
  return keys.reduce((sum, key) => sum + row[key]!, 0);
}
