import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ENCODING_MODES, type EncodingChange } from '../../../server/protocol';
import { compact, points } from '../../../webview/format';
import { differenceTiles } from '../../../webview/laboratory/difference';
import { byEffect, headEffects } from '../../../webview/laboratory/effectOrder';
import {
  firstChange,
  MODES,
  modesOf,
  mostOf,
  textsOf,
  withField,
  type Room,
} from '../../../webview/laboratory/modes';
import { nothingToChange } from '../../../webview/laboratory/nothingToChange';
import type { Tile } from '../../../webview/map/picture';
import { selectionKey } from '../../../webview/session/lens';
import { INITIAL_SELECTION } from '../../../server/protocol';

const tile = (start: number, values: number[], unit = 1): Tile => ({
  pool: 1,
  queries: [start, start + 1],
  keys: [0, values.length],
  rows: 1,
  columns: values.length,
  values: Float32Array.from(values),
  unit,
});

const room: Room = {
  model: {
    contextLength: 512,
    heads: 2,
    position: { kind: 'alibi', slopes: [0.5, 0.25] },
    encodingModes: [...ENCODING_MODES],
  },
  tokens: 500,
};

/** What a mode becomes when this is written into one of its fields. */
function written(mode: EncodingChange['mode'], name: string, text: string): EncodingChange | null {
  const change = firstChange(mode, room);
  const field = MODES.find((each) => each.mode === mode)?.fields.find((each) => each.name === name);
  assert.ok(change && field);
  return withField(change, field, text, room);
}

describe('changes of position', () => {
  it('are all offered where the model takes them, with every number they have', () => {
    assert.deepEqual(
      modesOf(room.model).map(({ mode }) => mode),
      [null, ...ENCODING_MODES],
    );
    for (const { mode, fields } of MODES) {
      const change = firstChange(mode, room);
      assert.equal(change?.mode ?? null, mode);
      const needed = fields.filter(({ optional }) => !optional).map(({ name }) => name);
      assert.deepEqual(Object.keys(textsOf(change)), needed);
      for (const field of fields) {
        const text = textsOf(change)[field.name];
        if (text !== undefined && change)
          assert.deepEqual(withField(change, field, text, room), change);
      }
    }
  });

  it('are only those that the model takes', () => {
    const encodingModes: EncodingChange['mode'][] = ['reversed', 'yarn'];
    assert.deepEqual(
      modesOf({ ...room.model, encodingModes }).map(({ mode }) => mode),
      [null, 'reversed', 'yarn'],
    );
  });

  it('say why there are none', () => {
    const none = { encodingModes: [] };
    assert.equal(nothingToChange(room.model), null);
    assert.match(
      nothingToChange({ ...none, position: { kind: 'none' } }) ?? '',
      /nothing to change/,
    );
    for (const kind of ['relative', 'unknown'] as const)
      assert.match(nothingToChange({ ...none, position: { kind } }) ?? '', /shuffling the tokens/);
  });

  it('refuse what the model could not do', () => {
    for (const text of ['0', '-1', 'NaN', '', 'two', 'Infinity', '1001'])
      assert.equal(written('scaled', 'scale', text), null, text);
    assert.deepEqual(written('scaled', 'scale', '0.25'), { mode: 'scaled', scale: 0.25 });
    assert.deepEqual(written('shifted', 'by', '12'), { mode: 'shifted', by: 12 });
    for (const text of ['13', '1.5', '-1']) assert.equal(written('shifted', 'by', text), null);
    for (const text of ['0', '1', '-5', '', '1e16'])
      assert.equal(written('base', 'base', text), null);
    for (const text of ['0.9', '-1', 'x', '1e9'])
      assert.equal(written('ntk', 'factor', text), null);
    for (const text of ['0', '1.5', '-1'])
      assert.equal(written('yarn', 'originalLength', text), null);
    for (const text of ['1', '1 2 3', '1 -2', '1 x', ''])
      assert.equal(written('slopes', 'slopes', text), null, text);
  });

  it('take lists and leave out what is optional', () => {
    assert.deepEqual(written('slopes', 'slopes', ' 1, 0;'), { mode: 'slopes', slopes: [1, 0] });
    const yarn = written('yarn', 'originalLength', '2048');
    assert.deepEqual(yarn, { mode: 'yarn', factor: 4, originalLength: 2048 });
    assert.deepEqual(written('yarn', 'originalLength', ' '), { mode: 'yarn', factor: 4 });
  });

  it('have the most that a field takes in the sentence about it', () => {
    const [field] = MODES.find(({ mode }) => mode === 'shifted')!.fields;
    assert.equal(mostOf(field!, room), 12);
  });

  it('make another picture of the same head', () => {
    const keys = MODES.map(({ mode }) =>
      selectionKey({
        ...INITIAL_SELECTION,
        layer: 1,
        head: 2,
        reading: 'raw',
        encoding: firstChange(mode, room),
      }),
    );
    assert.equal(new Set(keys).size, keys.length);
  });
});

describe('the difference of two maps', () => {
  it('is changed minus trained, where both are here', () => {
    const trained = [tile(0, [0.5, 0.25]), tile(1, [0.1, 0.2])];
    const changed = [tile(0, [64, 128], 1 / 256), tile(2, [1, 1])];
    const [only, ...others] = differenceTiles(trained, changed);
    assert.equal(others.length, 0);
    assert.deepEqual([...(only?.values ?? [])], [-0.25, 0.25]);
    assert.equal(differenceTiles(trained, changed)[0], only);
  });
});

describe('heads by effect', () => {
  it('come most changed first and keep their names', () => {
    const totalVariation = Float32Array.of(0.1, 0.5, 0.5, 0.2, 0, 1);
    const effects = headEffects({ generation: 1, layers: 2, heads: 3, totalVariation });
    assert.deepEqual(
      byEffect(effects).map(({ layer, head }) => `${layer}.${head}`),
      ['1.2', '0.1', '0.2', '1.0', '0.0', '1.1'],
    );
  });
});

describe('numbers', () => {
  it('have three significant digits and a true minus', () => {
    assert.equal(compact(0), '0');
    assert.equal(compact(-0.12345), '−0.123');
    assert.equal(compact(12345.6), '12300');
    assert.equal(compact(1e-8), '1e−8');
    assert.equal(compact(-2.5e9), '−2.5e9');
    assert.equal(compact(NaN), '–');
    assert.equal(compact(-Infinity), '−∞');
  });

  it('are never far from what they stand for', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), (number) => {
        const read = Number(compact(number).replaceAll('−', '-'));
        assert.ok(Math.abs(read - number) <= Math.abs(number) * 0.005 + 1e-300);
      }),
    );
  });

  it('of a change carry their sign, and none when nothing is left of them', () => {
    assert.equal(points(0.0192), '+1.9\u202f%');
    assert.equal(points(-0.5), '−50.0\u202f%');
    assert.equal(points(-0.00001), '0.0\u202f%');
  });
});
