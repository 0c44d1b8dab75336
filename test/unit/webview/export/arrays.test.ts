import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import type { About } from '../../../../webview/export/about';
import { jsonAbout, jsonText } from '../../../../webview/export/json';
import { npyBytes, npyOf, npzBytes } from '../../../../webview/export/npy';
import { namedAxis, sizeOf } from '../../../../webview/export/table';
import { INITIAL_SELECTION } from '../../../../server/protocol';
import { anyTable } from './tables';

export const ABOUT: About = {
  format: 'attention-lens-export',
  version: 1,
  view: 'head',
  title: 'Layer 2, head 4, raw; position off.',
  date: '2026-01-02T03:04:05.000Z',
  model: {
    ...{ id: 'tiny', name: 'tiny', hash: 'abc', architecture: 'bert' },
    ...{ layers: 2, heads: 2, storage: 'fp32' },
  },
  engine: 'wasm',
  document: { name: 'a.txt', version: 3 },
  window: {
    ...{ index: 0, count: 1, tokens: 2 },
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 9 } },
  },
  selection: { ...INITIAL_SELECTION, layer: 2, head: 4 },
  encoding: { mode: 'off' },
  position: 'position off',
};

describe('NPY', () => {
  it('is read back as its format says', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const bytes = npyOf(table);
        const view = new DataView(bytes.buffer);
        assert.deepEqual([...bytes.subarray(0, 8)], [0x93, 78, 85, 77, 80, 89, 1, 0]);
        const start = 10 + view.getUint16(8, true);
        assert.equal(start % 64, 0);
        const header = new TextDecoder().decode(bytes.subarray(10, start));
        assert.ok(header.endsWith('\n'));
        const shape = table.axes.map(({ size }) => size);
        const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
        assert.equal(
          header.trimEnd(),
          `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`,
        );
        const values = table.values.map((_, index) => view.getFloat32(start + 4 * index, true));
        assert.deepEqual(values, table.values);
        assert.equal(bytes.length, start + 4 * sizeOf(table.axes));
      }),
    );
  });

  it('is byte for byte what NumPy writes', () => {
    const reference = JSON.parse(readFileSync('test/reference/npy.json', 'utf8')) as {
      shape: number[];
      values: number[];
      sha256: string;
    }[];
    for (const { shape, values, sha256 } of reference) {
      const bytes = npyBytes(Float32Array.from(values), shape);
      assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256, shape.join(' × '));
    }
  });
});

describe('NPZ and JSON', () => {
  it('hold every array, and say what they are and what stands on their axes', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const files = unzipSync(npzBytes([table], ABOUT));
        assert.deepEqual(Object.keys(files).sort(), ['about.json', 'weights.npy']);
        assert.deepEqual(files['weights.npy'], npyOf(table));
        const about = JSON.parse(new TextDecoder().decode(files['about.json'])) as object;
        assert.deepEqual(about, JSON.parse(jsonAbout([table], ABOUT)));
        const json = JSON.parse(jsonText([table], ABOUT)) as {
          position: string;
          tables: { values: unknown[] }[];
        };
        assert.equal(json.position, 'position off');
        const numbers = json.tables[0]!.values.flat(3) as number[];
        assert.deepEqual(Float32Array.from(numbers), table.values);
      }),
    );
  });

  it('name every place of an axis, and write null where there is no number', () => {
    const table = {
      ...{ name: 'weights', title: 'Weights', unit: 'weight' },
      axes: [namedAxis('query', ['<b>', '"']), { name: 'key', size: 1 }],
      values: Float32Array.of(NaN, 0.25),
    };
    const { tables } = JSON.parse(jsonText([table], ABOUT)) as { tables: unknown[] };
    assert.deepEqual(tables, [
      {
        ...{ name: 'weights', title: 'Weights', unit: 'weight' },
        axes: [
          { name: 'query', size: 2, places: ['0 <b>', '1 "'] },
          { name: 'key', size: 1 },
        ],
        values: [[null], [0.25]],
      },
    ]);
  });
});
