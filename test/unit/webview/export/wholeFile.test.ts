import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellWeight } from '../../../../webview/document/bandPicture';
import { bandTables } from '../../../../webview/export/views/wholeFile';
import type { PanelDocumentMap } from '../../../../webview/protocol';
import { placeName } from '../../../../webview/export/table';

const maps = fc
  .record({ size: fc.integer({ min: 1, max: 12 }), reach: fc.integer({ min: 0, max: 4 }) })
  .chain(({ size, reach }) => {
    const width = 2 * reach + 1;
    const weight = fc.float({ min: 0, max: 1, noNaN: true });
    return fc.record({
      ...{ size: fc.constant(size), width: fc.constant(width), tokens: fc.constant(7 * size) },
      values: fc
        .array(weight, { minLength: size * width, maxLength: size * width })
        .map((values) => Float32Array.from(values)),
      analysed: fc
        .array(fc.constantFrom(0, 100, 255), { minLength: size, maxLength: size })
        .map((values) => Uint8Array.from(values)),
      ...{
        generation: fc.constant(1),
        windows: fc.constant<PanelDocumentMap['windows']>([]),
        pending: fc.constant(0),
      },
    });
  });

describe('The numbers of a whole file', () => {
  it('are those of its map, and none where nothing is known', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const [band, analysed] = bandTables(map);
        assert.ok(band && analysed);
        const [stretches, offsets] = band.axes;
        assert.deepEqual([stretches?.size, offsets?.size], [map.size, map.width]);
        for (let query = 0; query < map.size; query++)
          for (let offset = 0; offset < map.width; offset++) {
            const further = Number(placeName(offsets!, offset));
            const expected = cellWeight(map, query, query + further);
            assert.deepEqual(band.values[query * map.width + offset], expected ?? NaN);
          }
        assert.deepEqual(
          [...analysed.values],
          [...Float32Array.from(map.analysed, (each) => each / 255)],
        );
        assert.equal(placeName(stretches!, 0), '0 tokens 0 to 6');
      }),
    );
  });
});
