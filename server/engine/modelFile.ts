/** A file of a model, as the engine reaches it: of a large one, only what is asked for is in memory. */
import { sha256 } from '../models/verifyFile';
import { memorySource, type ByteSource } from '../onnx/tap/byteSource';

export interface ModelFileBytes extends ByteSource {
  /** Of the file's state when it was opened; what has another by now is not read: fewer bytes come back. */
  readonly stamp: string;
  /** Lower-case hex, of the whole file. */
  sha256(): Promise<string>;
}

/** Throws where there is no file, or where files cannot be read. Nothing stays open in between. */
export type OpenModelFile = (path: string) => ModelFileBytes;

/** Bytes that are in memory already. */
export function memoryFile(bytes: Uint8Array): ModelFileBytes {
  return { ...memorySource(bytes), stamp: '', sha256: () => sha256(bytes) };
}
