import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextPlace, placesOf } from '../../../client/navigation/places';
import type { Range } from '../../../server/protocol';

const at = (character: number): Range => ({
  start: { line: 0, character },
  end: { line: 0, character: character + 2 },
});

/** [CLS] a bc(2 pieces) d [SEP], by words. */
const ROW = {
  words: [0, 1, 2, 2, 3, 4],
  ranges: [null, at(0), at(3), at(5), at(8), null],
};

describe('places that a word reads', () => {
  it('are whole words, heaviest first, never itself, the sink or the template', () => {
    const places = placesOf({ ...ROW, weights: [0.5, 0.1, 0.2, 0.15, 0.05], sink: [0], own: 1 });
    assert.deepEqual(places, [
      { range: { start: at(3).start, end: at(5).end }, weight: 0.2 },
      { range: at(8), weight: 0.15 },
    ]);
    const sunk = placesOf({ ...ROW, weights: [0.5, 0.1, 0.2, 0.15, 0.05], sink: [0, 2], own: 1 });
    assert.deepEqual(sunk, [{ range: at(8), weight: 0.15 }]);
    assert.deepEqual(placesOf({ ...ROW, weights: [1, 0, 0, 0, 0], sink: [], own: 1 }), []);
  });

  it('come one after the other, and begin again', () => {
    const places = placesOf({ ...ROW, weights: [0, 0.1, 0.2, 0.3, 0], sink: [], own: 4 });
    assert.equal(nextPlace(places, null), 0);
    fc.assert(
      fc.property(fc.nat(places.length - 1), (index) => {
        const { start } = places[index]!.range;
        assert.equal(nextPlace(places, start), (index + 1) % places.length);
      }),
    );
    assert.equal(nextPlace(places, { line: 7, character: 0 }), 0);
    assert.equal(nextPlace([], null), 0);
  });
});
