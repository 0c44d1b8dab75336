/**
 * The safetensors container: eight bytes of header length (little-endian), a JSON
 * header that names every tensor and its byte range, then the data.
 * Format: github.com/huggingface/safetensors, "Format".
 */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { OnnxError } from './onnxError';

const LENGTH_BYTES = 8;
/** The reference implementation's own limit; a real header is a few hundred kB at most. */
const MAX_HEADER_BYTES = 100_000_000;

/** Bytes an element takes, by the format's names of element types. */
const ELEMENT_BYTES: { readonly [dtype: string]: number } = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

/** One tensor and where its bytes are. */
export interface StoredTensor {
  dtype: string;
  shape: number[];
  /** Bytes from the beginning of the file. */
  offset: number;
  /** Bytes. */
  length: number;
}

export type Safetensors = ReadonlyMap<string, StoredTensor>;

/** A tensor to write. */
export interface TensorData {
  dtype: string;
  shape: readonly number[];
  bytes: Uint8Array;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.object({
  dtype: v.string(),
  shape: v.array(count),
  data_offsets: v.tuple([count, count]),
});

/**
 * The tensors that a safetensors file holds, in the order of their bytes.
 * `head` is the file or any beginning of it that includes the header, `fileLength`
 * the size of the whole file in bytes. Throws OnnxError for a file that is cut
 * short, is not safetensors, or whose ranges overlap, leave gaps or leave the file.
 */
export function readSafetensors(head: Uint8Array, fileLength = head.length): Safetensors {
  const headerEnd = LENGTH_BYTES + headerLength(head, fileLength);
  if (headerEnd > head.length) throw new RangeError('`head` must include the whole header.');
  const header = parseHeader(head.subarray(LENGTH_BYTES, headerEnd));
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]): [string, StoredTensor] => [name, readEntry(name, entry, headerEnd)])
    .sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  checkRanges(tensors, headerEnd, fileLength);
  return new Map(tensors);
}

/**
 * How many bytes of a file {@link readSafetensors} needs; `start` is its first eight at
 * least. Throws OnnxError where they cannot begin a safetensors file.
 */
export function safetensorsHeadLength(start: Uint8Array): number {
  return LENGTH_BYTES + headerLength(start, MAX_HEADER_BYTES + LENGTH_BYTES);
}

/**
 * A safetensors file with the tensors in the given order. Data begins at a
 * multiple of eight bytes, so that views of any element type are aligned when
 * the tensors' own sizes are.
 */
export function writeSafetensors(tensors: ReadonlyMap<string, TensorData>): Uint8Array {
  let end = 0;
  // `fromEntries` keeps a tensor that is called `__proto__`.
  const header = Object.fromEntries(
    [...tensors].map(([name, { dtype, shape, bytes }]) => {
      const start = end;
      end += bytes.length;
      return [name, { dtype, shape, data_offsets: [start, end] }];
    }),
  );
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(LENGTH_BYTES + padded + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + padded).set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + padded;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

function headerLength(head: Uint8Array, fileLength: number): number {
  if (head.length < LENGTH_BYTES) {
    throw new OnnxError(
      l10n.t('The weights file is empty or cut short. Copy or download it again.'),
    );
  }
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES) || length > BigInt(fileLength - LENGTH_BYTES)) {
    throw new OnnxError(
      l10n.t(
        'The weights file is cut short or is not a safetensors file: its header claims {0} bytes, the file has {1}.',
        String(length),
        fileLength,
      ),
    );
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array): object {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    header = undefined;
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new OnnxError(
      l10n.t('The header of the weights file is not valid JSON. Copy or download the file again.'),
    );
  }
  return header;
}

function readEntry(name: string, entry: unknown, dataStart: number): StoredTensor {
  const parsed = v.safeParse(entrySchema, entry);
  if (!parsed.success) {
    throw new OnnxError(l10n.t('The weights file describes the tensor "{0}" wrongly.', name));
  }
  const { dtype, shape, data_offsets } = parsed.output;
  const [start, end] = data_offsets;
  const elementBytes = ELEMENT_BYTES[dtype];
  if (elementBytes === undefined) {
    throw new OnnxError(
      l10n.t('The tensor "{0}" has the element type {1}, which is not supported.', name, dtype),
    );
  }
  const expected = shape.reduce((product, size) => product * size, elementBytes);
  if (end - start !== expected) {
    throw new OnnxError(
      l10n.t(
        'The tensor "{0}" should take {1} bytes by its shape but takes {2} in the weights file.',
        name,
        expected,
        end - start,
      ),
    );
  }
  return { dtype, shape, offset: dataStart + start, length: end - start };
}

/** The format allows neither gaps nor overlaps; both are used to hide or reuse data. */
function checkRanges(
  tensors: readonly (readonly [string, StoredTensor])[],
  dataStart: number,
  fileLength: number,
): void {
  let end = dataStart;
  for (const [name, { offset, length }] of tensors) {
    if (offset !== end) {
      throw new OnnxError(
        l10n.t('The bytes of the tensor "{0}" overlap those of another or leave a gap.', name),
      );
    }
    end = offset + length;
    if (end > fileLength) {
      throw new OnnxError(
        l10n.t('The weights file is cut short: the tensor "{0}" reaches beyond its end.', name),
      );
    }
  }
  if (end !== fileLength) {
    throw new OnnxError(
      l10n.t('The weights file has {0} bytes more than its tensors.', fileLength - end),
    );
  }
}
