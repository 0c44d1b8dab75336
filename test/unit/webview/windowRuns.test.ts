import assert from 'node:assert/strict';
import { analysedRuns, ownedStretches, windowAtShare } from '../../../webview/document/windowRuns';

const windows = [
  { start: 0, end: 60, held: true },
  { start: 30, end: 90, held: true },
  { start: 50, end: 110, held: false },
  { start: 60, end: 120, held: true },
];

describe('the bar of a whole file', () => {
  it('gives each window what it owns, without gaps', () => {
    const owned = ownedStretches(windows, 120);
    assert.deepEqual(
      owned.map(({ to }) => to * 120),
      [45, 70, 85, 120],
    );
    owned.forEach(({ from }, index) => assert.equal(from, owned[index - 1]?.to ?? 0));
  });

  it('joins held windows that follow each other', () => {
    assert.deepEqual(
      analysedRuns(windows, 120).map(({ from, to }) => [from * 120, to * 120]),
      [
        [0, 70],
        [85, 120],
      ],
    );
  });

  it('knows which window owns a place', () => {
    const at = [0, 0.37, 0.38, 0.6, 0.8, 1, 2].map((share) => windowAtShare(windows, 120, share));
    assert.deepEqual(at, [0, 0, 1, 2, 3, 3, 3]);
  });
});
