/** Arrays as NumPy's NPY format 1.0 has them (numpy.lib.format), in C order. */

/** float32 and float16, little-endian, and uint8. */
export type NpyType = '<f4' | '<f2' | '|u1';

export interface NpyArray {
  type: NpyType;
  shape: readonly number[];
  /** The numbers alone, row-major, in a buffer of their own. */
  data: Uint8Array<ArrayBuffer>;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
/** Magic, version and the header's length. */
const PREFIX = MAGIC.length + 2;
/** The data begins at a multiple of this. */
const ALIGNMENT = 64;
const ITEM_BYTES: { readonly [type in NpyType]: number } = { '<f4': 4, '<f2': 2, '|u1': 1 };
const HEADER =
  /^\{'descr': '(<f4|<f2|\|u1)', 'fortran_order': False, 'shape': \((\d{1,9}(?:, \d{1,9}){0,7}),?\), \} *\n$/;

/** The file of an array; `data` is little-endian. */
export function writeNpy(type: NpyType, shape: readonly number[], data: Uint8Array): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const bytes = new Uint8Array(PREFIX + length + data.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint16(MAGIC.length, length, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), PREFIX);
  bytes.set(data, PREFIX + length);
  return bytes;
}

/** The array of a file as {@link writeNpy} and NumPy write them; null for anything else. */
export function readNpy(bytes: Uint8Array): NpyArray | null {
  if (bytes.length < PREFIX || MAGIC.some((byte, at) => bytes[at] !== byte)) return null;
  const length = bytes[MAGIC.length]! + 256 * bytes[MAGIC.length + 1]!;
  const header = String.fromCharCode(...bytes.subarray(PREFIX, PREFIX + Math.min(length, 1024)));
  const [, type, sizes] = HEADER.exec(header) ?? [];
  if (type === undefined || sizes === undefined) return null;
  const shape = sizes.split(', ').map(Number);
  // Not a slice: those of Node's buffers share the memory of all others.
  const data = new Uint8Array(bytes.subarray(PREFIX + length));
  const size = shape.reduce((product, each) => product * each, ITEM_BYTES[type as NpyType]);
  return data.length === size ? { type: type as NpyType, shape, data } : null;
}
