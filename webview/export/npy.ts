import { zipSync } from 'fflate';
import { writeNpy } from '../../archive/npy';
import { jsonAbout } from './json';
import type { About } from './about';
import type { NumberTable } from './table';

/** NumPy's NPY format 1.0: float32, little-endian, C order. */
export function npyBytes(values: Float32Array, shape: readonly number[]): Uint8Array {
  const data = new DataView(new ArrayBuffer(4 * values.length));
  for (let index = 0; index < values.length; index++)
    data.setFloat32(4 * index, values[index]!, true);
  return writeNpy('<f4', shape, new Uint8Array(data.buffer));
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
