/** A table of numbers as other programs read it. */

export interface NamedMatrix {
  /** The position of each row. */
  positions: readonly number[];
  columns: number;
  /** Row-major [row, column]. */
  values: Float32Array;
}

/** The fewest digits that give every float32 back. */
const shortest = (value: number): string => String(Number(value.toPrecision(9)));

/** Comma-separated values (RFC 4180), one position a line, under a line of dimensions. */
export function csvBytes({ positions, columns, values }: NamedMatrix): Uint8Array {
  const header = ['position', ...Array.from({ length: columns }, (_, column) => column)].join(',');
  const lines = positions.map((position, row) =>
    [position, ...Array.from(values.subarray(row * columns, (row + 1) * columns), shortest)].join(
      ',',
    ),
  );
  return new TextEncoder().encode([header, ...lines, ''].join('\r\n'));
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
/** Magic, version and the header's length. */
const PREFIX = MAGIC.length + 2;
/** The data begins at a multiple of this. */
const ALIGNMENT = 64;

/** NumPy's NPY format 1.0: float32, little-endian, row-major, [position, dimension]. */
export function npyBytes({ positions, columns, values }: NamedMatrix): Uint8Array {
  const shape = `(${positions.length}, ${columns})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const bytes = new Uint8Array(PREFIX + length + 4 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(MAGIC.length, length, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), PREFIX);
  values.forEach((value, index) => view.setFloat32(PREFIX + length + 4 * index, value, true));
  return bytes;
}
