/** Bytes that are read piece by piece, so that a file larger than memory can be looked through. */
import * as l10n from '@vscode/l10n';
import { OnnxError } from '../onnxError';

export interface ByteSource {
  readonly length: number;
  /** `length` bytes from `offset` on, or fewer where the source ends before. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes that are open until they are closed. */
export interface OpenBytes extends ByteSource {
  close(): void;
}

/** Read ahead, because fields are small and close together. */
const BLOCK = 1 << 18;

/** Bytes that are in memory already; what is read are views of them. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** The same source with the last block kept. */
export function buffered(source: ByteSource): ByteSource {
  let start = 0;
  let block: Uint8Array = new Uint8Array(0);
  const read = (offset: number, length: number): Uint8Array => {
    if (length > BLOCK) return source.read(offset, length);
    if (offset < start || offset + length > start + block.length) {
      start = offset;
      block = source.read(offset, Math.min(BLOCK, source.length - offset));
    }
    return block.subarray(offset - start, offset - start + length);
  };
  return { length: source.length, read };
}

/** Exactly that range. Throws OnnxError where the source ends before. */
export function bytesAt(source: ByteSource, offset: number, length: number): Uint8Array {
  const inside = offset >= 0 && length >= 0 && offset + length <= source.length;
  const bytes = inside ? source.read(offset, length) : new Uint8Array(0);
  if (bytes.length === length) return bytes;
  throw new OnnxError(l10n.t('The model’s graph is damaged: it is no whole ONNX file.'));
}
