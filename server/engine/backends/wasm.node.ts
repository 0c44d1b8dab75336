/** ONNX Runtime's WASM in Node; it finds its files beside the engine's bundle. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import * as ort from 'onnxruntime-web';
import { openOnnxSession } from '../onnxSession';
import { threadsFor } from './backend';
import { wasmOptions } from './wasmOptions';
import type { OpenSession } from '../session';

/** How much of a function V8 lets run, roughly in bytes, before it optimises it: its own, and more than a few passes. */
const BUDGET = 1_800_000;
const BRIEF_BUDGET = 2_000_000_000;

/**
 * V8 optimises in the background what runs often, and no process ends before it is through with
 * a function: with the largest of the runtime a second or two, for nothing where that runs briefly.
 */
export const openWasm: OpenSession = async (source) => {
  const threads = threadsFor('wasm', source.threads, availableParallelism());
  const open = () => openOnnxSession(ort, source, wasmOptions(ort, source, threads));
  if (!source.brief) return open();
  // Functions take the budget of the moment in which the runtime starts.
  setFlagsFromString(`--wasm-tiering-budget=${BRIEF_BUDGET}`);
  try {
    return await open();
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${BUDGET}`);
  }
};
