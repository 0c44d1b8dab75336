import { zipSync } from 'fflate';
import { jsonAbout } from './json';
import type { About } from './about';
import type { NumberTable } from './table';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
/** Magic, version and the header's length. */
const PREFIX = MAGIC.length + 2;
/** The data begins at a multiple of this. */
const ALIGNMENT = 64;

/** NumPy's NPY format 1.0 (numpy.lib.format): float32, little-endian, C order. */
export function npyBytes(values: Float32Array, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const bytes = new Uint8Array(PREFIX + length + 4 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(MAGIC.length, length, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), PREFIX);
  for (let index = 0; index < values.length; index++)
    view.setFloat32(PREFIX + length + 4 * index, values[index]!, true);
  return bytes;
}

/** One array of a table. */
export function npyOf({ axes, values }: NumberTable): Uint8Array {
  return npyBytes(
    values,
    axes.map(({ size }) => size),
  );
}

/** NumPy's NPZ, a zip of arrays, with `about.json` for the names on the axes. */
export function npzBytes(tables: readonly NumberTable[], about: About): Uint8Array {
  const arrays = tables.map((table) => [`${table.name}.npy`, npyOf(table)] as const);
  const json = new TextEncoder().encode(jsonAbout(tables, about));
  // A date of its own would make the same numbers another file each time.
  return zipSync(Object.fromEntries([['about.json', json], ...arrays]), {
    mtime: new Date(about.date),
  });
}
