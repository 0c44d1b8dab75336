import assert from 'node:assert/strict';
import { INITIAL_SELECTION, type Selection } from '../../../server/protocol';
import { fitSelection } from '../../../server/selectionRules';

const model = { layers: 1, heads: 2, encodingModes: ['off' as const, 'slopes' as const] };
const fitted = (part: Partial<Selection>): Selection =>
  fitSelection({ ...INITIAL_SELECTION, ...part }, model);

describe('a selection that is fitted to a model', () => {
  it('stays the same object where the model has all of it', () => {
    const selection: Selection = {
      ...INITIAL_SELECTION,
      layer: 0,
      head: 1,
      reading: 'withoutSink',
      encoding: { mode: 'slopes', slopes: [1, 2] },
    };
    assert.equal(fitSelection(selection, model), selection);
  });

  it('becomes the mean where a layer or one of its heads is missing', () => {
    for (const part of [
      { layer: 1 },
      { layer: 0, head: 2 },
      { heads: [0, 5] },
    ] satisfies Partial<Selection>[])
      assert.deepEqual(fitted(part), INITIAL_SELECTION);
  });

  it('is as trained where the model does not take the change, heads kept', () => {
    for (const encoding of [
      { mode: 'yarn', factor: 2 },
      { mode: 'slopes', slopes: [1] },
    ] satisfies Selection['encoding'][])
      assert.deepEqual(fitted({ head: 1, encoding }), { ...INITIAL_SELECTION, head: 1 });
  });
});
