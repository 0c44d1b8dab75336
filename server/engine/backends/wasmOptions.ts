/** How a session on WebAssembly is opened, in Node and in browsers. */
import type { Runtime, RuntimeOptions } from '../onnxSession';
import type { SessionSource } from '../session';

/** Tells the runtime its threads and where its bytes are; it listens before its first session only. */
export function wasmOptions(
  { env }: Runtime,
  { runtime }: SessionSource,
  threads: number,
): RuntimeOptions {
  env.wasm.numThreads = threads;
  if (runtime) env.wasm.wasmBinary = runtime;
  return {
    backend: 'wasm',
    threads,
    version: env.versions.web ?? env.versions.common,
    session: { executionProviders: ['wasm'] },
  };
}
