/** Statistics of parts against those of all their rows at once. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { combineStatistics } from '../../../server/engine/combineStatistics';
import { HEAD_STATISTICS } from '../../../server/engine/headStatistics';
import { HeadSums, type StatisticsContext } from '../../../server/engine/headSums';
import { momentsOf } from '../../../server/engine/kernel/moments';
import { repeatedTokens } from '../../../server/engine/relatedKeys';
import type { StatisticsAnswer } from '../../../server/engine/protocol';

/** A window by the weights of its rows, before they are made to sum to 1, and its tokens' ids. */
const windows = fc.integer({ min: 1, max: 9 }).chain((tokens) =>
  fc.record({
    tokens: fc.constant(tokens),
    ids: fc.array(fc.nat(3), { minLength: tokens, maxLength: tokens }),
    rows: fc.array(
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: tokens, maxLength: tokens }),
      { minLength: tokens, maxLength: tokens },
    ),
    owned: fc.tuple(fc.nat(tokens), fc.nat(tokens)),
  }),
);
type Window = typeof windows extends fc.Arbitrary<infer T> ? T : never;

function contextOf({ tokens, ids, owned }: Window): StatisticsContext {
  const [start, end] = [Math.min(...owned), Math.max(...owned)];
  const mask = { tokens, causal: false };
  const { duplicates, successors } = repeatedTokens(Int32Array.from(ids), mask);
  const queries = Array.from({ length: end - start }, (_, at) => start + at);
  const related = { duplicateToken: duplicates, induction: successors };
  return { mask, queries, related };
}

function rowOf({ rows }: Window, query: number): Float32Array {
  const row = rows[query] ?? [];
  const sum = row.reduce((total, weight) => total + weight, 0);
  return Float32Array.from(row, (weight) => weight / sum);
}

function sumsOf(window: Window): HeadSums {
  const context = contextOf(window);
  const sums = new HeadSums(context, [0]);
  for (const query of context.queries) {
    const row = rowOf(window, query);
    sums.add(query, row, momentsOf(query, row));
  }
  return sums;
}

function answerOf(window: Window): StatisticsAnswer {
  const sums = sumsOf(window);
  const each = <T>(value: (name: (typeof HEAD_STATISTICS)[number]) => T): { [name: string]: T } =>
    Object.fromEntries(HEAD_STATISTICS.map((name) => [name, value(name)]));
  return {
    statistics: each((name) => Float32Array.of(sums.value(name))),
    counted: each((name) => sums.count(name)),
    even: each((name) => sums.value(name)),
  };
}

/** All rows of all windows, one after the other, by the definitions. */
function direct(all: readonly Window[]): { [name: string]: { sum: number; count: number } } {
  const found: { [name: string]: { sum: number; count: number } } = {};
  const add = (name: string, value: number): void => {
    const each = (found[name] ??= { sum: 0, count: 0 });
    each.sum += value;
    each.count++;
  };
  for (const window of all) {
    const { ids, tokens } = window;
    for (const query of contextOf(window).queries) {
      const row = [...rowOf(window, query)];
      const over = (test: (key: number) => boolean): number =>
        row.reduce((sum, weight, key) => sum + (test(key) ? weight : 0), 0);
      const apart = (power: number): number =>
        row.reduce((sum, weight, key) => sum + weight * Math.abs(query - key) ** power, 0);
      add(
        'entropy',
        row.reduce((sum, weight) => sum - weight * Math.log2(weight), 0),
      );
      add('sinkShare', row[0]!);
      add('self', row[query]!);
      if (query > 0) add('previousToken', row[query - 1]!);
      if (query + 1 < tokens) add('nextToken', row[query + 1]!);
      add('meanDistance', apart(1));
      add('squaredDistance', apart(2));
      const same = (key: number): boolean => key !== query && ids[key] === ids[query];
      if (row.some((_, key) => same(key))) add('duplicateToken', over(same));
      const behind = row.map((_, key) => key > 0 && key - 1 < query - 1 && same(key - 1));
      const own = row.map((_, key) => key > 0 && key < query && ids[key - 1] === ids[query]);
      assert.deepEqual(own, behind);
      const count = own.filter(Boolean).length;
      if (count > 0) add('induction', over((key) => own[key]!) - count / tokens);
    }
  }
  return found;
}

describe('statistics of several windows', () => {
  it('are those of all their owned rows together', () => {
    fc.assert(
      fc.property(fc.array(windows, { minLength: 0, maxLength: 5 }), (all) => {
        const combined = combineStatistics(all.map(answerOf), HEAD_STATISTICS, 1);
        const expected = direct(all);
        for (const name of HEAD_STATISTICS) {
          const spread = name === 'distanceSpread';
          const { sum = 0, count = 0 } = expected[spread ? 'meanDistance' : name] ?? {};
          const squares = expected.squaredDistance ?? { sum: 0, count: 0 };
          const value = spread
            ? Math.sqrt(Math.max(0, squares.sum / squares.count - (sum / count) ** 2))
            : sum / count;
          assert.equal(combined.counted[name], count, name);
          for (const found of [combined.statistics[name]?.[0], combined.even[name]]) {
            if (count === 0) assert.ok(Number.isNaN(found), `${name}: ${found}`);
            else assert.ok(Math.abs(found! - value) < 1e-4, `${name}: ${found} is not ${value}`);
          }
        }
      }),
    );
  });
});
