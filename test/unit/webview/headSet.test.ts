import assert from 'node:assert/strict';
import { INITIAL_SELECTION } from '../../../server/protocol';
import {
  chosenHeads,
  drawnSelections,
  MOST_HEADS,
  toggled,
  withHeads,
} from '../../../webview/lines/headSet';

describe('heads of the lines', () => {
  const layer = { ...INITIAL_SELECTION, layer: 3 };

  it('are one head, several, or the mean', () => {
    assert.deepEqual(withHeads([]), { head: null, heads: null });
    assert.deepEqual(withHeads([4]), { head: 4, heads: null });
    assert.deepEqual(withHeads([4, 1, 4]), { head: null, heads: [1, 4] });
    assert.deepEqual(chosenHeads({ ...layer, ...withHeads([4, 1]) }), [1, 4]);
    assert.deepEqual(chosenHeads({ ...layer, head: 2 }), [2]);
    assert.deepEqual(chosenHeads({ ...layer, layer: null, head: 2 }), []);
  });

  it('come and go one by one', () => {
    assert.deepEqual(toggled([1, 2], 2), [1]);
    assert.deepEqual(toggled([1], 2), [1, 2]);
  });

  it('are drawn one by one, with tokens and not words', () => {
    const drawn = drawnSelections({ ...layer, heads: [1, 4], merge: 'words' });
    assert.deepEqual(
      drawn.map(({ head, heads, merge }) => [head, heads, merge]),
      [
        [1, null, 'tokens'],
        [4, null, 'tokens'],
      ],
    );
    assert.equal(drawnSelections(layer).length, 1);
    assert.equal(drawnSelections({ ...layer, heads: [1, 4], reading: 'rollout' }).length, 1);
    assert.equal(drawnSelections({ ...layer, layer: null, heads: [1, 4] }).length, 1);
  });

  it('are never more than can be told apart', () => {
    const heads = Array.from({ length: 40 }, (_, head) => head);
    assert.equal(drawnSelections({ ...layer, heads }).length, MOST_HEADS);
  });
});
