/**
 * What each head does on a window, in numbers. All are of the raw reading and means over
 * the text's tokens as queries; those of the template read nothing in particular and
 * count as keys alone (as queries only in a window that has no others). A statistic that
 * no query of the window can have is NaN. Keys are those that the layer's mask leaves.
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
 *   have one (Wang et al. 2023, "Interpretability in the Wild", §3.1).
 * - `induction`: weight on what followed earlier places with the query's own token, over
 *   queries that have such keys (Olsson et al. 2022, "In-context Learning and Induction
 *   Heads", prefix matching), less the floor: what evenly spread attention would put
 *   there. 0 is no better than chance, below 0 is avoided.
 * - `sameIdentifier`: weight on all pieces of other occurrences of the identifier that the
 *   query is a piece of; the duplicate-token statistic for whole identifiers as the text
 *   writes them. `matchingBracket`: weight of a bracket on the one it is paired with.
 *   `newline`: weight on the tokens that stand for line breaks. What the text says of its
 *   tokens is in {@link TextStructure}.
 */
import { ChannelError } from '../../channel/channel';
import * as l10n from '@vscode/l10n';
import { HeadSums, statisticsContext, type StatisticsContext } from './headSums';
import { MOMENTS } from './kernel/kernel';
import { momentsOf } from './kernel/moments';
import { visibleKeys, type Mask } from './kernel/score';
import { sinkTokens } from './sink';
import type { Breathe } from './readers';
import type { Kernel } from './kernel/kernel';
import type { StatisticsAnswer, StatisticsParams } from './protocol';
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
  'sameIdentifier',
  'matchingBracket',
  'newline',
] as const;
export type HeadStatistic = (typeof HEAD_STATISTICS)[number];

/** Rows that are in memory at once. */
const BAND = 64;

/** All statistics of all heads. Fails with `badRequest` for queries outside the window. */
export async function headStatistics(
  kernel: Kernel,
  window: AnalysedWindow,
  { queries, structure }: Omit<StatisticsParams, 'window'>,
  breathe: Breathe,
): Promise<StatisticsAnswer> {
  const { heads, tokens } = window;
  const count = window.layers.length * heads;
  const asked = checkedQueries(queries ?? [0, tokens], tokens);
  const contextOf = contextsByMask((mask) => statisticsContext(window, asked, structure, mask));
  const statistics = byName(() => new Float32Array(count));
  for (let at = 0; at < count; at++) {
    await breathe();
    const index = { layer: Math.floor(at / heads), head: at % heads };
    if (window.layers[index.layer] === null) {
      for (const name of HEAD_STATISTICS) statistics[name][at] = Number.NaN;
      continue;
    }
    const { shape } = window.layer(index.layer);
    const context = contextOf(shape);
    const sums = new HeadSums(context, sinkTokens(window, [index]), shape.sinks !== undefined);
    addRows(kernel, window, index, context, sums);
    for (const name of HEAD_STATISTICS) statistics[name][at] = sums.value(name);
  }
  const { causal } = window.layer(window.shown[0]!).shape;
  const even = evenSums(contextOf({ causal, tokens }), window.specialTokens);
  return {
    statistics,
    counted: byName((name) => even.count(name)),
    even: byName((name) => even.value(name)),
  };
}

/** Layers have few masks, and each is prepared once. */
function contextsByMask(
  prepare: (mask: Mask) => StatisticsContext,
): (mask: Mask) => StatisticsContext {
  const known = new Map<string, StatisticsContext>();
  return ({ causal, window, tokens }) => {
    const name = `${causal}/${window}`;
    const context = known.get(name) ?? prepare({ causal, window, tokens });
    known.set(name, context);
    return context;
  };
}

function byName<T>(value: (name: HeadStatistic) => T): { [statistic in HeadStatistic]: T } {
  return Object.fromEntries(HEAD_STATISTICS.map((name) => [name, value(name)])) as {
    [statistic in HeadStatistic]: T;
  };
}

function addRows(
  kernel: Kernel,
  window: AnalysedWindow,
  { layer, head }: { layer: number; head: number },
  { queries, mask: { tokens } }: StatisticsContext,
  sums: HeadSums,
): void {
  const stored = { layer: window.layer(layer), head };
  for (let first = 0; first < queries.length; first += BAND) {
    const band = queries.slice(first, first + BAND);
    const [start, end] = [band[0]!, band.at(-1)! + 1];
    const { rows, moments } = kernel.describeRows(stored, [start, end]);
    for (const query of band) {
      const at = query - start;
      const [entropy, distance, squaredDistance] = moments.subarray(at * MOMENTS);
      sums.add(query, rows.subarray(at * tokens, (at + 1) * tokens), [
        entropy!,
        distance!,
        squaredDistance!,
      ]);
    }
  }
}

/** The statistics of attention that is spread evenly over what the mask leaves; its sink is the template. */
function evenSums(context: StatisticsContext, sinks: readonly number[]): HeadSums {
  const { queries, mask } = context;
  const sums = new HeadSums(context, sinks);
  const row = new Float32Array(mask.tokens);
  for (const query of queries) {
    const [start, end] = visibleKeys(mask, query);
    row.fill(0).fill(1 / (end - start), start, end);
    sums.add(query, row, momentsOf(query, row));
  }
  return sums;
}

function checkedQueries(
  [start, end]: [start: number, end: number],
  tokens: number,
): [start: number, end: number] {
  const whole = Number.isInteger(start) && Number.isInteger(end);
  if (whole && start >= 0 && start <= end && end <= tokens) return [start, end];
  throw new ChannelError(
    'badRequest',
    l10n.t('"queries" must be [start, end) inside 0 … {0}.', tokens),
  );
}
