import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  commonRope,
  layersByScheme,
  schemeOfLayer,
  schemeOfLayers,
} from '../../../server/positional/layerSchemes';
import type { LayerScheme, RopeScheme } from '../../../server/protocol';

const rope = (base: number): RopeScheme => ({
  ...{ kind: 'rope', base, pairing: 'halfSplit', dimensions: 8 },
  ...{ scaling: { kind: 'default' }, trainedLength: 64 },
});
const scheme = fc.oneof(
  fc.constantFrom(10_000, 500_000).map(rope),
  fc.constant<LayerScheme>({ kind: 'none' }),
  fc.constant<LayerScheme>({ kind: 'alibi', slopes: [1, 0.5] }),
);
const layers = fc.array(scheme, { minLength: 1, maxLength: 40 });

describe('the schemes of layers', () => {
  it('are found again layer by layer', () => {
    fc.assert(
      fc.property(layers, (each) => {
        const position = schemeOfLayers(each);
        each.forEach((one, layer) => assert.deepEqual(schemeOfLayer(position, layer), one));
        const alike = new Set(each.map((one) => JSON.stringify(one))).size === 1;
        assert.equal(position.kind === 'perLayer', !alike);
      }),
    );
  });

  it('have one rotary encoding where all that turn do it alike', () => {
    fc.assert(
      fc.property(layers, (each) => {
        const bases = new Set(each.flatMap((one) => (one.kind === 'rope' ? [one.base] : [])));
        const common = commonRope(schemeOfLayers(each));
        assert.deepEqual(common ? [common.base] : [], bases.size === 1 ? [...bases] : []);
      }),
    );
  });

  it('are told with their layers, neighbours drawn together', () => {
    const local = rope(10_000);
    const whole: LayerScheme = { kind: 'none' };
    const position = schemeOfLayers([local, local, local, whole, local, whole, whole]);
    assert.deepEqual(
      layersByScheme(position).map(({ layers: told }) => told),
      ['0–2, 4', '3, 5–6'],
    );
    assert.deepEqual(layersByScheme(whole), [{ scheme: whole, layers: null }]);
    assert.deepEqual(schemeOfLayer(position, 7), { kind: 'unknown' });
  });
});
