import assert from 'node:assert/strict';
import { choices } from '../../../client/selection/choices';
import { selectionLabel } from '../../../client/selection/label';
import { readingChoices } from '../../../client/selection/readingChoices';
import { asTrained, parseSelection, sameSelection } from '../../../client/selection/saved';
import { INITIAL_SELECTION, type Selection } from '../../../server/protocol';
import { choose, showsSeveral } from '../../../server/selectionRules';
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

  it('says how several heads become one, and how far attention is rolled', () => {
    const name = (part: Partial<Selection>): string =>
      selectionLabel({ ...INITIAL_SELECTION, ...part }, english);
    assert.equal(name({ aggregate: 'max' }), 'maximum of all heads');
    assert.equal(name({ aggregate: 'max', layer: 1 }), 'layer 1 · maximum');
    assert.equal(name({ aggregate: 'max', head: 1 }), 'all layers · head 1 · maximum');
    assert.equal(name({ aggregate: 'max', layer: 1, head: 1 }), 'layer 1 · head 1');
    assert.equal(name({ heads: [1, 4] }), 'all layers · heads 1, 4');
    assert.equal(name({ heads: [1, 4], layer: 2 }), 'layer 2 · heads 1, 4');
    assert.equal(
      name({ heads: [1, 4], layer: 2, aggregate: 'max' }),
      'layer 2 · heads 1, 4 · maximum',
    );
    assert.equal(name({ reading: 'rollout' }), 'all layers · rollout');
    assert.equal(name({ reading: 'rollout', layer: 3 }), 'up to layer 3 · rollout');
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

describe('what contradicts a choice', () => {
  const several: Selection = { ...INITIAL_SELECTION, layer: 2, heads: [1, 4], aggregate: 'max' };

  it('gives way: one head to several, and several to one', () => {
    assert.deepEqual(choose(several, { head: 3 }), { ...several, head: 3, heads: null });
    const one = { ...INITIAL_SELECTION, layer: 2, head: 3 };
    assert.deepEqual(choose(one, { heads: [1, 4] }), { ...one, head: null, heads: [1, 4] });
    assert.deepEqual(choose(one, { layer: 1 }), { ...one, layer: 1 });
  });

  it('gives way to rollout, which has neither heads nor another aggregate', () => {
    const rolled = { ...INITIAL_SELECTION, layer: 2, reading: 'rollout' as const };
    assert.deepEqual(choose(several, { reading: 'rollout' }), rolled);
    assert.deepEqual(choose(rolled, { head: 5 }), rolled);
    assert.deepEqual(choose(rolled, { layer: 4, head: 5 }), { ...rolled, layer: 4 });
    assert.deepEqual(choose(rolled, { reading: 'raw', head: 5 }), {
      ...rolled,
      reading: 'raw',
      head: 5,
    });
  });

  it('tells whether more than one head is shown', () => {
    assert.equal(showsSeveral(several), true);
    assert.equal(showsSeveral({ ...several, heads: [1] }), false);
    assert.equal(showsSeveral({ ...several, heads: [1], layer: null }), true);
    assert.equal(showsSeveral({ ...INITIAL_SELECTION, layer: 1, head: 1 }), false);
    assert.equal(showsSeveral({ ...INITIAL_SELECTION, head: 1 }), true);
    assert.equal(showsSeveral({ ...INITIAL_SELECTION, reading: 'rollout' }), false);
  });
});

describe('the choices of a reading', () => {
  const labels = (part: Partial<Selection>): string[] =>
    readingChoices({ ...INITIAL_SELECTION, ...part }, english).map(({ label: name }) => name);
  const readings = ['raw', 'without sink', 'value-weighted', 'rollout'];

  it('are readings, aggregates where several heads are shown, and what is counted', () => {
    assert.deepEqual(labels({}), [...readings, 'mean', 'maximum', 'by tokens', 'by words']);
    for (const part of [{ layer: 1, head: 2 }, { reading: 'rollout' as const }])
      assert.deepEqual(labels(part), [...readings, 'by tokens', 'by words']);
  });

  it('mark what is shown, and change nothing else', () => {
    const current: Selection = { ...INITIAL_SELECTION, layer: 1, head: 2, merge: 'words' };
    const list = readingChoices(current, english);
    assert.deepEqual(
      list.filter((choice) => choice.current).map(({ label: name }) => name),
      ['raw', 'by words'],
    );
    assert.deepEqual(list[2]?.selection, { ...current, reading: 'valueWeighted' });
    assert.deepEqual(list[3]?.selection, { ...current, head: null, reading: 'rollout' });
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

  it('are layers alone for rollout', () => {
    const rolled = { ...INITIAL_SELECTION, layer: 1, reading: 'rollout' as const };
    const found = choices({ layers: 2, heads: 3 }, rolled, english);
    assert.deepEqual(
      found.map(({ label: name, current: shown }) => [name, shown]),
      [
        ['all layers · rollout', false],
        ['up to layer 0 · rollout', false],
        ['up to layer 1 · rollout', true],
      ],
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
