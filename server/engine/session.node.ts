/** ONNX Runtime's WASM in Node; it finds its files beside the engine's bundle. */
import * as ort from 'onnxruntime-web';
import { openOnnxSession } from './onnxSession';
import type { OpenSession } from './session';

export const openSession: OpenSession = (source) => openOnnxSession(ort, source);
