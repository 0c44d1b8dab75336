/** ONNX Runtime's WASM in Node; it finds its files beside the engine's bundle. */
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import { openOnnxSession } from '../onnxSession';
import { threadsFor } from './backend';
import { wasmOptions } from './wasmOptions';
import type { OpenSession } from '../session';

export const openWasm: OpenSession = (source) => {
  const threads = threadsFor('wasm', source.threads, availableParallelism());
  return openOnnxSession(ort, source, wasmOptions(ort, source, threads));
};
