/**
 * ONNX Runtime's WASM in a browser's worker. One thread: more need shared memory,
 * which pages without cross-origin isolation do not have, and a script address,
 * which a worker made from a blob does not have.
 */
import * as ort from 'onnxruntime-web/wasm';
import { openOnnxSession } from '../onnxSession';
import { wasmOptions } from './wasmOptions';
import type { OpenSession } from '../session';

export const openWasm: OpenSession = (source) =>
  openOnnxSession(ort, source, wasmOptions(ort, source, 1));
