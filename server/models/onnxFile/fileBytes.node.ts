/** A file of a model, read piece by piece. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { OpenBytes } from '../../onnx/tap/byteSource';

/** The file at an absolute path, open for reading; throws as `node:fs` does where it cannot be. */
export function fileBytes(path: string): OpenBytes {
  const descriptor = openSync(path, 'r');
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
