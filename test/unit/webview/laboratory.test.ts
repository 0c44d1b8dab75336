import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ENCODING_MODES } from '../../../server/protocol';
import { compact, points } from '../../../webview/format';
import { differenceTiles } from '../../../webview/laboratory/difference';
import { byEffect, headEffects } from '../../../webview/laboratory/effectOrder';
import { changeOf, MODES, mostFor, numberOf, readNumber } from '../../../webview/laboratory/modes';
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

describe('changes of position', () => {
  it('are all offered, and keep the number they are given', () => {
    assert.deepEqual(
      MODES.slice(1).map(({ mode }) => mode),
      [...ENCODING_MODES],
    );
    for (const { mode, number } of MODES) {
      const change = changeOf(mode, 3);
      assert.equal(change?.mode ?? null, mode);
      assert.equal(numberOf(change), number ? 3 : null);
    }
  });

  it('refuse what the model could not do', () => {
    const scaled = MODES.find(({ mode }) => mode === 'scaled')!.number!;
    const shifted = MODES.find(({ mode }) => mode === 'shifted')!.number!;
    for (const text of ['0', '-1', 'NaN', '', 'two', 'Infinity'])
      assert.equal(readNumber(text, scaled, Infinity), null, text);
    assert.equal(readNumber('0.25', scaled, Infinity), 0.25);
    const most = mostFor('shifted', { contextLength: 512, tokens: 500 });
    assert.equal(most, 12);
    assert.equal(readNumber('12', shifted, most), 12);
    for (const text of ['13', '1.5', '-1']) assert.equal(readNumber(text, shifted, most), null);
  });

  it('make another picture of the same head', () => {
    const keys = MODES.map(({ mode }) =>
      selectionKey({
        ...INITIAL_SELECTION,
        layer: 1,
        head: 2,
        reading: 'raw',
        encoding: changeOf(mode, 1),
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
