import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WindowPlan } from '../../../server/analysis/windows';

function plan(ids: Int32Array, capacity: number): WindowPlan {
  const made = new WindowPlan(capacity);
  made.extend(ids, true);
  return made;
}

function boundsOf(made: WindowPlan): [number, number][] {
  return Array.from({ length: made.count ?? 0 }, (_, index) => made.bounds(index));
}

const tokens = fc
  .array(fc.integer({ min: 0, max: 50 }), { maxLength: 400 })
  .map((ids) => Int32Array.from(ids));
const capacities = fc.integer({ min: 1, max: 60 });

describe('windows of a long document', () => {
  it('makes one window of what fits', () => {
    assert.deepEqual(boundsOf(plan(new Int32Array(10), 10)), [[0, 10]]);
    assert.deepEqual(boundsOf(plan(new Int32Array(0), 10)), [[0, 0]]);
  });

  it('covers every token, in order, with full windows', () => {
    fc.assert(
      fc.property(tokens, capacities, (ids, capacity) => {
        const bounds = boundsOf(plan(ids, capacity));
        assert.equal(bounds[0]?.[0], 0);
        assert.equal(bounds.at(-1)?.[1], ids.length);
        bounds.forEach(([first, end], index) => {
          assert.equal(end - first, Math.min(capacity, ids.length));
          const before = bounds[index - 1];
          if (before) assert.ok(first > before[0] && first <= before[1]);
        });
      }),
    );
  });

  it('gives each token to the window with most context on both sides', () => {
    fc.assert(
      fc.property(tokens, capacities, (ids, capacity) => {
        const made = plan(ids, capacity);
        const bounds = boundsOf(made);
        const context = (token: number, [first, end]: [number, number]): number =>
          Math.min(token - first, end - 1 - token);
        ids.forEach((_, token) => {
          const owner = made.ownerOf(token);
          assert.ok(owner !== undefined);
          const most = Math.max(...bounds.map((window) => context(token, window)));
          assert.equal(context(token, bounds[owner] ?? [0, 0]), most);
        });
      }),
    );
  });

  it('says of a beginning only what the whole document will confirm', () => {
    fc.assert(
      fc.property(tokens, capacities, fc.nat(400), (ids, capacity, known) => {
        const whole = plan(ids, capacity);
        const growing = new WindowPlan(capacity);
        growing.extend(ids.slice(0, known), known >= ids.length);
        if (known < ids.length) assert.equal(growing.count, null);
        for (let token = 0; token < Math.min(known, ids.length); token++) {
          const owner = growing.ownerOf(token);
          if (owner === undefined) continue;
          assert.equal(owner, whole.ownerOf(token));
          assert.deepEqual(growing.bounds(owner), whole.bounds(owner));
        }
        growing.extend(ids, true);
        assert.deepEqual(boundsOf(growing), boundsOf(whole));
      }),
    );
  });

  it('finds most windows again after an edit at the top', () => {
    const ids = Int32Array.from({ length: 20_000 }, (_, index) => (index * index * 31) % 9973);
    const shifted = Int32Array.from([7, 8, 9, ...ids]);
    const starts = (all: Int32Array): string[] =>
      boundsOf(plan(all, 510)).map(([first, end]) => all.slice(first, end).join());
    const before = new Set(starts(ids));
    const after = starts(shifted);
    const kept = after.filter((content) => before.has(content)).length;
    assert.ok(kept / after.length > 0.8, `${kept} of ${after.length} windows kept`);
  });
});
