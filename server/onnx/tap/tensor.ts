/** Tensors that a graph stores: what they are, where their numbers lie, and the numbers themselves. */
import * as l10n from '@vscode/l10n';
import { fromFloat16Bits } from '../float16';
import { OnnxError } from '../onnxError';
import { fieldsOf, textOf } from '../readWire';
import { ElementType, EXTERNAL, StringEntry, Tensor, type ElementTypeName } from '../schema';
import { repeatedIntegers } from './node';

/** A range of a file beside the graph; `length` is undefined where it is all that the shape asks for. */
export interface ExternalPlace {
  location: string;
  offset: number;
  length: number | undefined;
}

export interface StoredTensor {
  name: string;
  /** As in `TensorProto.DataType`. */
  type: number;
  dims: readonly number[];
  external: ExternalPlace | undefined;
  /** The whole message. */
  bytes: Uint8Array;
}

/** Gives the bytes of external data; undefined where they are not to be had. */
export type ReadExternal = (
  location: string,
  offset: number,
  length: number,
) => Uint8Array | undefined;

/** What numbers known here are kept in: element types up to 32 bits and small integers exactly. */
export type Numbers = Float64Array | Uint8Array;

/** Bytes of an element; undefined for types that are packed closer or have no size. */
const ELEMENT_BYTES: ReadonlyMap<number, number> = new Map<number, number>([
  [ElementType.float32, 4],
  [ElementType.uint8, 1],
  [ElementType.int8, 1],
  [ElementType.uint16, 2],
  [ElementType.int16, 2],
  [ElementType.int32, 4],
  [ElementType.int64, 8],
  [ElementType.bool, 1],
  [ElementType.float16, 2],
  [ElementType.float64, 8],
  [ElementType.bfloat16, 2],
]);

export const ELEMENT_NAMES: ReadonlyMap<number, ElementTypeName> = new Map(
  Object.entries(ElementType).map(([name, number]) => [number, name as ElementTypeName]),
);

const MOST_AXES = 16;

/** Throws OnnxError where the message is no tensor, or its stored bytes are not what its shape asks for. */
export function readTensor(bytes: Uint8Array): StoredTensor {
  let [name, type, location] = ['', 0, 0];
  let raw: Uint8Array | undefined;
  const entries = new Map<string, string>();
  for (const field of fieldsOf(bytes)) {
    if (field.number === Tensor.name) name = textOf(field);
    else if (field.number === Tensor.dataType) type = Number(field.integer);
    else if (field.number === Tensor.dataLocation) location = Number(field.integer);
    else if (field.number === Tensor.rawData) raw = field.bytes;
    else if (field.number === Tensor.externalData) addEntry(field.bytes, entries);
  }
  const dims = repeatedIntegers(bytes, Tensor.dims);
  const external = location === EXTERNAL ? placeOf(name, entries) : undefined;
  checkSize(name, type, dims, external ? external.length : raw?.length);
  return { name, type, dims, external, bytes };
}

export function countOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** Bytes of external data; undefined where neither the tensor nor its element type says how many. */
export function externalLength({ external, type, dims }: StoredTensor): number | undefined {
  const size = ELEMENT_BYTES.get(type);
  return external?.length ?? (size === undefined ? undefined : countOf(dims) * size);
}

/** The tensor's numbers, or undefined where there are more than `most`, they are not to be had, or no numbers. */
export function numbersOf(
  tensor: StoredTensor,
  most: number,
  readExternal?: ReadExternal,
): Numbers | undefined {
  const { type, dims, external, bytes } = tensor;
  const count = countOf(dims);
  const size = ELEMENT_BYTES.get(type);
  if (count > most || size === undefined) return undefined;
  if (external) {
    const data = readExternal?.(external.location, external.offset, count * size);
    return data?.length === count * size ? decode(data, type, count) : undefined;
  }
  const fields = [...fieldsOf(bytes)];
  const raw = fields.find(({ number }) => number === Tensor.rawData);
  const data = raw?.bytes ?? fields.find(({ number }) => number === NUMBERED[type])?.bytes;
  if (raw) return decode(raw.bytes, type, count);
  if (count === 0) return new Float64Array(0);
  if (type === ElementType.float32 || type === ElementType.float64) {
    return data && data.length === count * size ? decode(data, type, count) : undefined;
  }
  const field = type === ElementType.int64 ? Tensor.int64Data : Tensor.int32Data;
  const integers = repeatedIntegers(bytes, field);
  if (integers.length !== count) return undefined;
  if (type === ElementType.bfloat16) {
    return Float64Array.from(fromBrainFloats(Uint16Array.from(integers)));
  }
  if (type === ElementType.float16) {
    return Float64Array.from(fromFloat16Bits(Uint16Array.from(integers)));
  }
  return type === ElementType.bool ? Uint8Array.from(integers) : Float64Array.from(integers);
}

const NUMBERED: { readonly [type: number]: number } = {
  [ElementType.float32]: Tensor.floatData,
  [ElementType.float64]: Tensor.doubleData,
};

function decode(data: Uint8Array, type: number, count: number): Numbers | undefined {
  // A copy: elements need not be aligned where they lie.
  const { buffer } = new Uint8Array(data);
  switch (type) {
    case ElementType.float32:
      return Float64Array.from(new Float32Array(buffer, 0, count));
    case ElementType.float64:
      return new Float64Array(buffer, 0, count);
    case ElementType.float16:
      return Float64Array.from(fromFloat16Bits(new Uint16Array(buffer, 0, count)));
    case ElementType.bfloat16:
      return Float64Array.from(fromBrainFloats(new Uint16Array(buffer, 0, count)));
    case ElementType.int64:
      return Float64Array.from(new BigInt64Array(buffer, 0, count), Number);
    case ElementType.int32:
      return Float64Array.from(new Int32Array(buffer, 0, count));
    case ElementType.int16:
      return Float64Array.from(new Int16Array(buffer, 0, count));
    case ElementType.uint16:
      return Float64Array.from(new Uint16Array(buffer, 0, count));
    case ElementType.int8:
      return Float64Array.from(new Int8Array(buffer, 0, count));
    case ElementType.uint8:
    case ElementType.bool:
      return new Uint8Array(buffer, 0, count);
    default:
      return undefined;
  }
}

/** A bfloat16 is the upper half of a float32. */
function fromBrainFloats(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half * 65_536).buffer);
}

function addEntry(message: Uint8Array, entries: Map<string, string>): void {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(message)) {
    if (field.number === StringEntry.key) key = textOf(field);
    else if (field.number === StringEntry.value) value = textOf(field);
  }
  entries.set(key, value);
}

function placeOf(name: string, entries: ReadonlyMap<string, string>): ExternalPlace {
  const location = entries.get('location') ?? '';
  const offset = wholeNumber(entries.get('offset') ?? '0');
  const length = entries.has('length') ? wholeNumber(entries.get('length')!) : undefined;
  if (isInside(location) && offset !== null && length !== null) return { location, offset, length };
  throw noRange(name, location);
}

/** For external data that is not where the tensor says. */
export function noRange(name: string, location: string): OnnxError {
  return new OnnxError(
    l10n.t(
      'The tensor "{0}" is said to lie in "{1}", which is no range of a file in the model’s folder.',
      name,
      location,
    ),
  );
}

function wholeNumber(text: string): number | null {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}

/** A relative name without a way out, on any system. */
function isInside(location: string): boolean {
  const parts = location.split(/[/\\]/);
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  return plain && !/[:\0]/.test(location) && location.length < 1024;
}

function checkSize(
  name: string,
  type: number,
  dims: readonly number[],
  length: number | undefined,
): void {
  const count = countOf(dims);
  const size = ELEMENT_BYTES.get(type);
  const shaped = dims.length <= MOST_AXES && dims.every((axis) => axis >= 0);
  const fits = length === undefined || size === undefined || length === count * size;
  if (shaped && Number.isSafeInteger(count) && fits) return;
  throw new OnnxError(
    l10n.t(
      'The tensor "{0}" is damaged: its shape [{1}] does not go with its size.',
      name,
      dims.join(', '),
    ),
  );
}
