/** Statistics of made-up heads, by the engine's own definitions. */
import { HEAD_STATISTICS } from '../../server/engine/headStatistics';
import { HeadSums, type StatisticsContext } from '../../server/engine/headSums';
import { momentsOf } from '../../server/engine/kernel/moments';
import { relatedByText, repeatedTokens } from '../../server/engine/relatedKeys';
import type { PanelStatistics } from '../../webview/protocol';
import { HEADS, LAYERS } from './syntheticAttention';

/** `weights`: one head's, [query, key]. Every tenth token ends a line; nothing is a bracket. */
export function syntheticStatistics(
  texts: readonly string[],
  weights: (layer: number, head: number) => Float32Array,
): Omit<PanelStatistics, 'generation'> {
  const tokens = texts.length;
  const ids = Int32Array.from(texts, (text) => texts.indexOf(text));
  const mask = { tokens, causal: false };
  const repeated = repeatedTokens(ids, mask);
  const word = (id: number): number => (/^\p{L}/u.test(texts[id] ?? '') ? id : -1);
  const structure = {
    identifiers: ids.map(word),
    occurrences: ids.map((id, token) => (word(id) < 0 ? -1 : token)),
    brackets: new Int32Array(0),
    lineBreaks: Int32Array.from(ids.keys()).filter((token) => token > 0 && token % 10 === 0),
  };
  const context: StatisticsContext = {
    mask,
    queries: [...texts.keys()].slice(1, -1),
    related: {
      duplicateToken: repeated.duplicates,
      induction: repeated.successors,
      ...relatedByText(structure, mask),
    },
  };
  const sumsOf = (row: (query: number) => Float32Array): HeadSums => {
    const sums = new HeadSums(context, [0, tokens - 1]);
    for (const query of context.queries) sums.add(query, row(query), momentsOf(query, row(query)));
    return sums;
  };
  const heads = Array.from({ length: LAYERS * HEADS }, (_, index) => {
    const map = weights(Math.floor(index / HEADS), index % HEADS);
    return sumsOf((query) => map.subarray(query * tokens, (query + 1) * tokens));
  });
  const even = sumsOf(() => new Float32Array(tokens).fill(1 / tokens));
  const byName = <T>(value: (name: (typeof HEAD_STATISTICS)[number]) => T): { [name: string]: T } =>
    Object.fromEntries(HEAD_STATISTICS.map((name) => [name, value(name)]));
  return {
    layers: LAYERS,
    heads: HEADS,
    statistics: byName((name) => Float32Array.from(heads, (sums) => sums.value(name))),
    counted: byName((name) => even.count(name)),
    even: byName((name) => (even.count(name) > 0 ? even.value(name) : null)),
    coverage: null,
  };
}
