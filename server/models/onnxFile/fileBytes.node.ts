/** Files of a model, read piece by piece. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { FileSource } from '../../engine/protocol';
import { memorySource } from '../../onnx/tap/byteSource';
import type { OpenBytes } from './openOnnx';

/** The file, open for reading; throws as `node:fs` does where it cannot be. */
export function fileBytes(source: FileSource): OpenBytes {
  if ('bytes' in source) return memoryBytes(source);
  const descriptor = openSync(source.path, 'r');
  const read = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const count = readSync(descriptor, bytes, at, length - at, offset + at);
      if (count === 0) break;
      at += count;
    }
    return bytes.subarray(0, at);
  };
  return { length: fstatSync(descriptor).size, read, close: () => closeSync(descriptor) };
}

function memoryBytes({ bytes }: { bytes: Uint8Array }): OpenBytes {
  return { ...memorySource(bytes), close: () => undefined };
}
