/** The ONNX files that make_exports.py and make_fused.py made, as pack_exports.mjs packed them. */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** One model in some forms; what its weights must be are those of eager attention. */
export interface ExportCase {
  name: string;
  forms: string[];
  /** Of the only text, or of the decoder's. */
  ids: number[];
  /** Of the encoder's text. */
  source?: number[];
  /** [layers, heads, queries, keys] of self, decoder and cross attention. */
  stacks: [number, number, number, number][];
}

export interface FusedCase {
  name: string;
  ids: number[];
  heads: number;
  keyValueHeads: number;
}

let files: Map<string, Uint8Array> | undefined;

export function exportFile(path: string): Uint8Array {
  files ??= unpack(
    new Uint8Array(brotliDecompressSync(readFileSync('test/reference/exports/exports.br'))),
  );
  const bytes = files.get(path);
  if (!bytes) throw new Error(`no file ${path}`);
  return bytes;
}

export function exportJson(path: string): unknown {
  return JSON.parse(new TextDecoder().decode(exportFile(path)));
}

export function exportFloats(path: string): Float32Array {
  return new Float32Array(new Uint8Array(exportFile(path)).buffer);
}

function unpack(whole: Uint8Array): Map<string, Uint8Array> {
  const length = new DataView(whole.buffer, whole.byteOffset).getUint32(0, true);
  const list = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length))) as {
    path: string;
    bytes: number;
  }[];
  let at = 4 + length;
  return new Map(list.map(({ path, bytes }) => [path, whole.subarray(at, (at += bytes))] as const));
}
