import assert from 'node:assert/strict';
import fc from 'fast-check';
import { align } from '../../../server/analysis/alignment';
import { maskedOnAxis, maskedOnEither } from '../../../webview/compare/maskedOnAxis';
import {
  absentOn,
  mergeAxis,
  unpaired,
  type MergedAxis,
} from '../../../webview/compare/mergedAxis';
import {
  differenceOf,
  mergedTile,
  strongestChanges,
  unpairedMass,
  weightOf,
  type SideWeights,
} from '../../../webview/compare/mergedMaps';

const text = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 14 });

interface Two {
  axis: MergedAxis;
  weights: SideWeights;
  counts: [number, number];
}

/** Rows of a side sum to 1, as those of attention do. */
function rows(count: number, salt: number): Float32Array {
  const values = Float32Array.from({ length: count ** 2 }, (_, at) => 1 + ((at * 7 + salt) % 5));
  for (let row = 0; row < count; row++) {
    const part = values.subarray(row * count, (row + 1) * count);
    const sum = part.reduce((total, value) => total + value, 0);
    part.forEach((value, at) => (part[at] = value / sum));
  }
  return values;
}

const two = fc.tuple(text, text).map(([one, other]): Two => {
  const counts: [number, number] = [one.length, other.length];
  return {
    axis: mergeAxis(align(one, other), counts),
    weights: [rows(one.length, 1), rows(other.length, 3)],
    counts,
  };
});

const places = (size: number): number[] => Array.from({ length: size }, (_, at) => at);

describe('two texts on one axis', () => {
  it('has each place of both sides once and in order', () => {
    fc.assert(
      fc.property(two, ({ axis, counts }) => {
        for (const side of [0, 1] as const) {
          const found = [...axis.places[side]].filter((place) => place >= 0);
          assert.deepEqual(found, places(counts[side]));
          found.forEach((place) =>
            assert.equal(axis.places[side][axis.onAxis[side][place]!], place),
          );
        }
        const [first, second] = [absentOn(axis, 0), absentOn(axis, 1)];
        assert.ok([...first].every((at) => !second.has(at)));
        assert.equal(unpaired(axis).size, first.size + second.size);
      }),
    );
  });

  it('has a difference where both have a weight, and nowhere else', () => {
    fc.assert(
      fc.property(two, ({ axis, weights }) => {
        const alone = unpaired(axis);
        for (const query of places(axis.size))
          for (const key of places(axis.size)) {
            const difference = differenceOf(axis, weights, { query, key });
            assert.equal(Number.isNaN(difference), alone.has(query) || alone.has(key));
            if (Number.isNaN(difference)) continue;
            const [one, other] = ([0, 1] as const).map((side) =>
              weightOf(axis, weights, side, { query, key }),
            );
            assert.equal(difference, other! - one!);
          }
      }),
    );
  });

  it('says by how much the rows of a difference do not sum to 0', () => {
    fc.assert(
      fc.property(two, ({ axis, weights }) => {
        const both = places(axis.size).filter((at) => !unpaired(axis).has(at));
        if (both.length === 0) return;
        let sum = 0;
        for (const query of both)
          for (const key of both) sum += differenceOf(axis, weights, { query, key });
        const [own, others] = [unpairedMass(axis, weights, 0), unpairedMass(axis, weights, 1)];
        assert.ok(Math.abs(sum / both.length - (own - others)) < 1e-5);
        assert.ok(own >= 0 && own <= 1 && others >= 0 && others <= 1);
      }),
    );
  });

  it('pools what is there, and never counts what is missing as 0', () => {
    fc.assert(
      fc.property(two, fc.integer({ min: 1, max: 5 }), ({ axis, weights }, pool) => {
        const side = Math.ceil(axis.size / pool);
        const all = [0, axis.size] as const;
        const plan = { pool, queries: all, keys: all, rows: side, columns: side };
        const tile = mergedTile((cell) => weightOf(axis, weights, 1, cell), plan);
        const [absent] = [absentOn(axis, 1)];
        tile.forEach((value, at) => {
          const inside = (from: number): number[] =>
            places(axis.size).filter((place) => Math.floor(place / pool) === from);
          const cells = inside(Math.floor(at / side)).flatMap((query) =>
            inside(at % side).map((key) => ({ query, key })),
          );
          const here = cells.filter(({ query, key }) => !absent.has(query) && !absent.has(key));
          if (here.length === 0) return assert.ok(Number.isNaN(value));
          const found = here.map((cell) => weightOf(axis, weights, 1, cell));
          const mean = found.reduce((sum, weight) => sum + weight, 0) / found.length;
          return assert.ok(Math.abs(value - mean) < 1e-6);
        });
      }),
    );
  });

  it('finds the cells that differ most', () => {
    fc.assert(
      fc.property(two, fc.integer({ min: 1, max: 6 }), ({ axis, weights }, count) => {
        const all = places(axis.size).flatMap((query) =>
          places(axis.size).map((key) => Math.abs(differenceOf(axis, weights, { query, key }))),
        );
        const sizes = all.filter((size) => size > 0).sort((a, b) => b - a);
        const found = strongestChanges(axis, weights, count);
        assert.deepEqual(
          found.map(({ difference }) => Math.abs(difference)),
          sizes.slice(0, count),
        );
      }),
    );
  });

  it('hides on the axis what each side’s model hides', () => {
    const causal = { seen: (query: number) => [0, query + 1] as const };
    fc.assert(
      fc.property(two, ({ axis, counts }) => {
        const hidden = ([0, 1] as const).map((side) => maskedOnAxis(axis, side, causal));
        const either = maskedOnEither(hidden[0]!, hidden[1]!);
        for (const side of [0, 1] as const)
          for (const query of places(counts[side]))
            for (const key of places(counts[side])) {
              const [row, column] = [axis.onAxis[side][query]!, axis.onAxis[side][key]!];
              const [start, end] = hidden[side]!.seen(row);
              assert.equal(column >= start && column < end, key <= query);
              const [first, last] = either!.seen(row);
              if (key > query) assert.ok(column < first || column >= last);
            }
      }),
    );
  });
});
