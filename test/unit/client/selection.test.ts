import assert from 'node:assert/strict';
import { choices } from '../../../client/selection/choices';
import { selectionLabel } from '../../../client/selection/label';
import { asTrained, parseSelection, sameSelection } from '../../../client/selection/saved';
import { INITIAL_SELECTION, type Selection } from '../../../server/protocol';
import { english } from './english';

const label = (layer: number | null, head: number | null): string =>
  selectionLabel({ ...INITIAL_SELECTION, layer, head, reading: 'raw', encoding: null }, english);

describe('the name of a selection', () => {
  it('says layer and head, or over what the mean goes', () => {
    assert.equal(label(4, 7), 'layer 4 · head 7');
    assert.equal(label(0, null), 'layer 0 · mean');
    assert.equal(label(null, 0), 'all layers · head 0');
    assert.equal(label(null, null), 'mean of all heads');
  });

  it('adds a reading that is not raw', () => {
    const selection: Selection = {
      ...INITIAL_SELECTION,
      layer: 1,
      head: null,
      reading: 'withoutSink',
      encoding: null,
    };
    assert.equal(selectionLabel(selection, english), 'layer 1 · mean · without sink');
  });
});

describe('the choices of a model', () => {
  const current: Selection = {
    ...INITIAL_SELECTION,
    layer: 1,
    head: 2,
    reading: 'withoutSink',
    encoding: { mode: 'off' },
  };
  const list = choices({ layers: 2, heads: 3 }, current, english);

  it('are the mean of all, each layer and each head, once', () => {
    assert.equal(list.length, 1 + 2 * (1 + 3));
    assert.equal(new Set(list.map(({ label: name }) => name)).size, list.length);
    assert.deepEqual(
      list.flatMap(({ group }) => group ?? []),
      ['Layer 0', 'Layer 1'],
    );
  });

  it('keep the reading and a changed position, and mark what is shown', () => {
    for (const { selection } of list) {
      assert.equal(selection.reading, 'withoutSink');
      assert.deepEqual(selection.encoding, { mode: 'off' });
    }
    assert.deepEqual(
      list.filter((choice) => choice.current).map(({ selection }) => selection),
      [current],
    );
  });
});

describe('a selection from storage', () => {
  it('is taken when it is one', () => {
    const selection = { layer: 0, head: null, reading: 'raw' };
    assert.deepEqual(parseSelection(selection), { ...INITIAL_SELECTION, ...selection });
    const several = { ...INITIAL_SELECTION, layer: 0, heads: [1, 2], aggregate: 'max' };
    assert.deepEqual(parseSelection(several), several);
  });

  it('never brings a changed position back', () => {
    const encoding = { mode: 'off' as const };
    const selection: Selection = {
      ...INITIAL_SELECTION,
      layer: 0,
      head: null,
      reading: 'raw',
      encoding,
    };
    assert.deepEqual(parseSelection(selection), asTrained(selection));
    assert.equal(asTrained(selection).encoding, null);
    assert.equal(sameSelection(selection, asTrained(selection)), false);
    assert.equal(sameSelection(selection, { ...selection, encoding: { mode: 'off' } }), true);
  });

  it('is nothing when it is not', () => {
    for (const value of [
      undefined,
      null,
      'x',
      { layer: -1, head: 0, reading: 'raw' },
      { layer: 1.5, head: 0, reading: 'raw' },
      { layer: 1, head: 0, reading: 'other' },
      { layer: 1, head: null, heads: 3, reading: 'raw' },
      { layer: 1, head: null, aggregate: 'sum', reading: 'raw' },
    ])
      assert.equal(parseSelection(value), null);
  });
});
